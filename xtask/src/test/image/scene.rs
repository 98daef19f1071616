use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};
use kms_testkit::LeakCheck;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{kubelet::Kubelet, pod::Pod};
use crate::{
    test::{
        Server, Stage,
        chart::helm::{Helm, NAMESPACE, RELEASE, documents, text_at},
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
        install(stage, &helm, &cluster, server.env("KMS_TLS_ENDPOINT")?)?;
        let admin = cluster.kubeconfig(ADMIN);
        let operator = pod(&told(stage, &helm, &admin, "manifest")?, "Deployment")?;
        let cleanup = pod(&told(stage, &helm, &admin, "hooks")?, "Job")?;
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

fn install(stage: &mut Stage<'_>, helm: &Helm, cluster: &Cluster, kms: &str) -> Result<()> {
    let root = &stage.project.root;
    let [metrics, health] = free_ports()?;
    stage.succeed(
        helm.command("upgrade")
            .args(["--install", "--kubeconfig"])
            .arg(cluster.kubeconfig(ADMIN))
            .arg("--values")
            .arg(root.join("suite/image/values.yaml"))
            .arg(format!("--set=command.kmsEndpoint={kms}"))
            .arg(format!("--set=metrics.port={metrics}"))
            .arg(format!("--set=health.port={health}"))
            .arg(RELEASE)
            .arg(root.join("deploy/helm").join(RELEASE)),
    )?;
    Ok(())
}

/// What helm has of the release: its `manifest`, or its `hooks`.
fn told(stage: &mut Stage<'_>, helm: &Helm, admin: &Path, what: &str) -> Result<String> {
    stage.succeed(
        helm.command("get")
            .arg(what)
            .arg("--kubeconfig")
            .arg(admin)
            .arg(RELEASE),
    )
}

/// The pod of a kind of workload; its name begins with the release's.
fn pod(rendered: &str, kind: &str) -> Result<Pod> {
    let found = documents(rendered)?.into_iter().find(|(_, object)| {
        text_at(object, "/kind") == kind && text_at(object, "/metadata/name").starts_with(RELEASE)
    });
    let (_, workload): (String, Value) = found.with_context(|| format!("there is no {kind}"))?;
    Pod::of(&workload)
}

/// Ports that nobody has just now.
fn free_ports() -> Result<[u16; 2]> {
    let listen = || TcpListener::bind(("127.0.0.1", 0)).context("finding a free port");
    // Both held at once, so that they differ.
    let listeners = [listen()?, listen()?];
    let mut ports = [0; 2];
    for (port, listener) in ports.iter_mut().zip(&listeners) {
        *port = listener.local_addr().context("finding a free port")?.port();
    }
    Ok(ports)
}
