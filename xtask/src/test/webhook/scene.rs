use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};

use super::{MUTATING, NAME, Program, SHOP, VALIDATING};
use crate::test::{
    Stage, chart,
    kubernetes::{ADMIN, Client, Cluster, Kind},
};

/// A cluster with what the chart brings, and no webhook yet.
pub(super) struct Scene {
    cluster: Cluster,
    /// The administrator's.
    pub(super) client: Client,
    program: PathBuf,
    /// What the chart tells the program.
    arguments: Vec<String>,
    logs: PathBuf,
}

/// As whom the program calls the API server; bound to what the chart gives its ServiceAccount.
const WEBHOOK: &str = "webhook";

/// Both of them.
const VALUES: [&str; 4] = [
    "command.region=cn-hangzhou",
    "admission.enabled=true",
    "injector.enabled=true",
    "injector.image.repository=registry.example.com/alibabacloud-kms-agent",
];

// === impl Scene ===

impl Scene {
    pub(super) fn set(stage: &mut Stage<'_>) -> Result<Self> {
        let program = stage.project.program(stage, "ack-secret-manager")?;
        let cluster = Cluster::start(stage, &[WEBHOOK])?;
        let client = cluster.client(ADMIN)?;
        let mut arguments = Vec::new();
        for object in chart::objects(stage, &VALUES)? {
            let text = |path: &str| object.pointer(path).and_then(Value::as_str);
            let kind = text("/kind").unwrap_or_default();
            let is_ours = text("/metadata/name") == Some(NAME);
            match kind {
                "CustomResourceDefinition" => drop(client.apply("", &object)?),
                "Deployment" if is_ours => {
                    let told = object.pointer("/spec/template/spec/containers/0/args");
                    arguments = serde_json::from_value(told.cloned().unwrap_or_default())?;
                }
                "RoleBinding" | "ClusterRoleBinding" if is_ours => {
                    drop(client.apply("", &of_user(object))?);
                }
                "Secret" | "Role" | "ClusterRole" | VALIDATING | MUTATING if is_ours => {
                    drop(client.apply("", &object)?);
                }
                _ => {}
            }
        }
        let shop = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SHOP}});
        client.apply("", &shop)?;
        let scene = Self {
            cluster,
            client,
            program,
            arguments,
            logs: stage.project.target.join("suite"),
        };
        // No Service leads anywhere here.
        scene.lead_to_port(1)?;
        Ok(scene)
    }

    /// Another replica.
    pub(super) fn start(&self, stage: &Stage<'_>, name: &str) -> Result<Program> {
        let log = self.logs.join(format!("{}-{name}.log", stage.name()));
        let kubeconfig = self.cluster.kubeconfig(WEBHOOK);
        Program::start(&self.program, &self.arguments, &kubeconfig, log)
    }

    pub(super) fn apply(&self, object: &Value) -> Result<()> {
        self.client.apply(SHOP, object).map(drop)
    }

    /// From now on the API server asks this one.
    pub(super) fn lead_to(&self, program: &Program) -> Result<()> {
        self.lead_to_port(program.port)
    }

    fn lead_to_port(&self, port: u16) -> Result<()> {
        for (kind, path) in [(VALIDATING, "validate"), (MUTATING, "inject")] {
            self.change_webhook(kind, |client_config| {
                client_config.remove("service");
                let url = format!("https://127.0.0.1:{port}/{path}");
                client_config.insert("url".to_owned(), json!(url));
            })?;
        }
        Ok(())
    }

    /// Changes how the API server calls the only webhook of a configuration.
    pub(super) fn change_webhook(
        &self,
        kind: &str,
        change: impl Fn(&mut Map<String, Value>),
    ) -> Result<()> {
        let (name, kind) = (NAME, Kind::named(kind));
        let found = self.client.get(&kind, "", name)?;
        let mut webhooks = found
            .and_then(|found| found.data.get("webhooks").cloned())
            .context("there is no configuration")?;
        let client_config = webhooks.pointer_mut("/0/clientConfig");
        let client_config = client_config.and_then(Value::as_object_mut);
        change(client_config.context("a webhook without a clientConfig")?);
        let changed = json!({"webhooks": webhooks});
        self.client.merge(&kind, "", name, &changed).map(drop)
    }
}

/// The same binding, of the suite's user.
fn of_user(mut binding: Value) -> Value {
    if let Some(binding) = binding.as_object_mut() {
        let user =
            json!([{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": WEBHOOK}]);
        binding.insert("subjects".to_owned(), user);
    }
    binding
}
