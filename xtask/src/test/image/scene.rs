use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context as _, Result};
use kms_testkit::LeakCheck;
use serde_json::json;
use tempfile::TempDir;

use super::{kubelet::Kubelet, pod::Pod};
use crate::{
    test::{
        Server, Stage,
        chart::helm::{Helm, NAMESPACE, RELEASE},
        deployment::{Image, ImageStore, Sandbox},
        kubernetes::{ADMIN, Client, Cluster},
    },
    tools,
};

/// A cluster with the release, whose pods nobody runs yet, and KMS.
pub(super) struct Scene {
    pub(super) cluster: Cluster,
    pub(super) client: Client,
    pub(super) server: Server,
    /// `kms-server`, for `ctl`.
    ctl: PathBuf,
    helm: Helm,
    pub(super) sandbox: Sandbox,
    /// That the release names.
    pub(super) image: Image,
    pub(super) folder: TempDir,
    /// The pod of the release's Deployment.
    pub(super) operator: Pod,
    /// The pod of the Job that comes after the release.
    pub(super) cleanup: Pod,
}

/// Where what is synced lies.
pub(super) const SHOP: &str = "shop";

/// In KMS.
pub(super) const SECRET: &str = "shop/database";

/// What no log may hold.
pub(super) const VALUES: [&str; 3] = [
    "hunter2-in-the-image",
    "hunter3-in-the-image",
    "hunter4-in-the-image",
];

// === impl Scene ===

impl Scene {
    /// With what the chart's values expect to find.
    pub(super) fn set(stage: &mut Stage<'_>, images: &ImageStore) -> Result<Self> {
        let project = stage.project;
        let cluster = Cluster::start(stage, &[])?;
        let client = cluster.client(ADMIN)?;
        let server = Server::start(stage)?;
        let ca = fs::read_to_string(server.env("KMS_CA_FILE")?).context("reading a CA")?;
        for (namespace, object) in [
            (
                "",
                json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SHOP}}),
            ),
            (
                NAMESPACE,
                json!({
                    "apiVersion": "v1",
                    "kind": "Secret",
                    "metadata": {"name": "alibaba-credentials"},
                    "stringData": {
                        "id": server.env("ALIBABA_CLOUD_ACCESS_KEY_ID")?,
                        "secret": server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?,
                    },
                }),
            ),
            (
                NAMESPACE,
                json!({
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "metadata": {"name": "kms-ca"},
                    "data": {"ca.pem": ca},
                }),
            ),
        ] {
            client.apply(namespace, &object)?;
        }
        let helm = Helm::new(
            tools::helm_program(&project.root, &project.cache)?,
            &project.root,
        )?;
        let admin = cluster.kubeconfig(ADMIN);
        let values = project.root.join("suite/image/values.yaml");
        let kms = server.env("KMS_TLS_ENDPOINT")?;
        helm.install(
            stage,
            &admin,
            &values,
            &[format!("command.kmsEndpoint={kms}")],
        )?;
        let operator = Pod::of(&helm.installed(stage, &admin, "manifest", "Deployment")?)?;
        let cleanup = Pod::of(&helm.installed(stage, &admin, "hooks", "Job")?)?;
        Ok(Self {
            image: images.unpack(&operator.container().image)?,
            ctl: project.program(stage, "kms-server")?,
            sandbox: Sandbox::open_on_the_machines_network(stage)?,
            folder: tempfile::tempdir().context("making a folder for containers")?,
            cluster,
            client,
            server,
            helm,
            operator,
            cleanup,
        })
    }

    /// Who runs the pods.
    pub(super) fn kubelet(&self) -> Kubelet<'_> {
        Kubelet {
            cluster: &self.cluster,
            client: &self.client,
            sandbox: &self.sandbox,
            folder: self.folder.path(),
        }
    }

    /// A value that KMS has from now on.
    pub(super) fn put(&self, stage: &mut Stage<'_>, version: usize, value: &str) -> Result<()> {
        let action = if version == 1 {
            "CreateSecret"
        } else {
            "PutSecretValue"
        };
        let file = self.folder.path().join("value");
        fs::write(&file, value).context("writing a value")?;
        stage.succeed(self.server.client(&self.ctl).args([
            "ctl",
            "call",
            action,
            &format!("SecretName={SECRET}"),
            &format!("VersionId=v{version}"),
            &format!("SecretData=@{}", file.display()),
        ]))?;
        Ok(())
    }

    /// The end of the release, with what comes after it.
    pub(super) fn uninstall(&self) -> Command {
        let mut helm = self.helm.command("uninstall");
        helm.args(["--timeout", "2m", "--kubeconfig"])
            .arg(self.cluster.kubeconfig(ADMIN))
            .arg(RELEASE);
        helm
    }

    /// What no log may hold: values, the AccessKey, and these tokens.
    pub(super) fn canaries(&self, tokens: &[String]) -> Result<LeakCheck> {
        let key = self.server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?;
        let canaries = LeakCheck::default().with("the AccessKey secret", key.as_bytes());
        let canaries = VALUES.iter().fold(canaries, |found, value| {
            found.with("a value", value.as_bytes())
        });
        Ok(tokens.iter().fold(canaries, |found, token| {
            found.with("a token of a ServiceAccount", token.as_bytes())
        }))
    }
}
