use std::{io::Write as _, path::PathBuf, process::Stdio};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use tempfile::TempDir;

use super::{case::Put, gate::Gate};
use crate::test::{
    Server, Stage, clients,
    kubernetes::{ADMIN, Client, Cluster},
};

/// What stands around operators.
pub(super) struct Scene {
    pub(super) cluster: Cluster,
    /// The administrator's.
    pub(super) client: Client,
    /// In front of KMS.
    pub(super) gate: Gate,
    pub(super) server: Server,
    /// `kms-server`, for `ctl`.
    ctl: PathBuf,
    pub(super) folder: TempDir,
}

/// As whom operators call the API server.
pub(super) const OPERATOR: &str = "operator";

// === impl Scene ===

impl Scene {
    /// With the kinds of the operator, and the rights that it has.
    pub(super) fn set(stage: &mut Stage<'_>) -> Result<Self> {
        let cluster = Cluster::start(stage, &[OPERATOR])?;
        let client = cluster.client(ADMIN)?;
        let server = Server::start(stage)?;
        let folder = tempfile::tempdir().context("making a folder for operators")?;
        let upstream = server.env("KMS_ENDPOINT")?.parse();
        let gate = Gate::start(upstream.context("KMS_ENDPOINT")?, folder.path())?;
        Ok(Self {
            cluster,
            client,
            gate,
            ctl: stage.project.program(stage, "kms-server")?,
            server,
            folder,
        })
    }

    /// Stores a value in KMS, as the version of this number.
    pub(super) fn put(&self, secret: &str, value: &Put, version: usize) -> Result<()> {
        let (text, kind) = match value {
            Put::Text(text) => (text, "text"),
            Put::Binary { binary } => {
                BASE64_STANDARD.decode(binary).context("a binary value")?;
                (binary, "binary")
            }
        };
        let action = if version == 1 {
            "CreateSecret"
        } else {
            "PutSecretValue"
        };
        let mut ctl = self.server.client(&self.ctl);
        let mut child = ctl
            .args(["ctl", "call", action])
            .arg(format!("SecretName={secret}"))
            .arg(format!("VersionId=v{version}"))
            .arg(format!("SecretDataType={kind}"))
            .arg("SecretData=@-")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("starting kms-server ctl")?;
        if let Some(mut input) = child.stdin.take() {
            input
                .write_all(text.as_bytes())
                .context("telling kms-server ctl a value")?;
        }
        let output = child
            .wait_with_output()
            .context("waiting for kms-server ctl")?;
        ensure!(
            output.status.success(),
            "{action} {secret}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }

    /// Ends the server; no log of it may hold what is secret here.
    pub(super) fn end(self, stage: &mut Stage<'_>) {
        let clean = self.server.stop_clean(clients::canaries());
        stage.check("ends-well-and-logs-no-secret", clean);
    }
}
