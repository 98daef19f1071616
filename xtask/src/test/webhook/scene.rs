use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};

use super::{HOME, MUTATING, NAME, Program, SHOP, VALIDATING};
use crate::{
    test::{
        Stage,
        chart::helm::Helm,
        kubernetes::{ADMIN, Client, Cluster, Kind},
    },
    tools,
};

/// A cluster with what the chart brings, and no webhook yet.
pub(super) struct Scene {
    cluster: Cluster,
    /// The administrator's.
    pub(super) client: Client,
    helm: Helm,
    program: PathBuf,
    /// What the chart tells the program.
    arguments: Vec<String>,
    logs: PathBuf,
}

/// As whom the program calls the API server; bound to what the chart gives its ServiceAccount.
const WEBHOOK: &str = "webhook";

/// The injector, with the certificate that the program makes.
const VALUES: &str = "suite/chart/injector-alone/values.yaml";

// === impl Scene ===

impl Scene {
    pub(super) fn set(stage: &mut Stage<'_>) -> Result<Self> {
        let project = stage.project;
        let program = project.program(stage, "ack-secret-manager")?;
        let helm = tools::helm_program(&project.root, &project.cache)?;
        let cluster = Cluster::start(stage, &[WEBHOOK])?;
        let mut scene = Self {
            client: cluster.client(ADMIN)?,
            cluster,
            helm: Helm::new(helm, &project.root)?,
            program,
            arguments: Vec::new(),
            logs: project.target.join("suite"),
        };
        scene.install(stage, &[])?;
        let deployment = scene.object("Deployment", HOME)?;
        let told = deployment.pointer("/spec/template/spec/containers/0/args");
        scene.arguments = serde_json::from_value(told.cloned().unwrap_or_default())
            .context("arguments of the webhook")?;
        for (kind, namespace) in [("RoleBinding", HOME), ("ClusterRoleBinding", "")] {
            scene.bind(kind, namespace)?;
        }
        let shop = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SHOP}});
        scene.client.apply("", &shop)?;
        Ok(scene)
    }

    /// Installs the chart, or upgrades to it with these values besides.
    pub(super) fn install(&self, stage: &mut Stage<'_>, sets: &[&str]) -> Result<()> {
        let values = stage.project.root.join(VALUES);
        let sets: Vec<_> = ["admission.enabled=true"]
            .iter()
            .chain(sets)
            .map(|&set| set.to_owned())
            .collect();
        let admin = self.cluster.kubeconfig(ADMIN);
        self.helm.install(stage, &admin, &values, &sets)
    }

    /// Gives the program's user what the chart gives its ServiceAccount.
    fn bind(&self, kind: &str, namespace: &str) -> Result<()> {
        let role = self.object(kind, namespace)?;
        let role = role.get("roleRef").context("a role")?;
        let binding = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": kind,
            "metadata": {"name": format!("{NAME}-of-the-suite")},
            "roleRef": role,
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": WEBHOOK}],
        });
        self.client.apply(namespace, &binding).map(drop)
    }

    /// What the chart made, without its metadata.
    fn object(&self, kind: &str, namespace: &str) -> Result<Value> {
        let found = self.client.get(&Kind::named(kind), namespace, NAME)?;
        let found = found.with_context(|| format!("the chart made no {kind}"))?;
        Ok(found.data)
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

    /// From now on the API server asks this one: no Service leads anywhere here.
    pub(super) fn lead_to(&self, program: &Program) -> Result<()> {
        let port = program.port;
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
