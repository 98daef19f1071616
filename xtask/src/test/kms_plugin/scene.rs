use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::test::{Server, Stage};

/// KMS, and a folder for the plugin.
pub(super) struct Scene {
    pub(super) server: Server,
    /// `kms-server`, for `ctl`.
    ctl: PathBuf,
    folder: TempDir,
}

/// By which name the plugin knows its key.
const ALIAS: &str = "alias/kubernetes";

// === impl Scene ===

impl Scene {
    pub(super) fn set(stage: &mut Stage<'_>) -> Result<Self> {
        let server = Server::start(stage)?;
        let folder = tempfile::tempdir().context("making a folder for a socket")?;
        fs::set_permissions(folder.path(), Permissions::from_mode(0o700))
            .context("closing a folder")?;
        Ok(Self {
            server,
            ctl: stage.project.program(stage, "kms-server")?,
            folder,
        })
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.folder.path().join("kms.sock")
    }

    /// A new symmetric key; its id.
    pub(super) fn create_key(&self, stage: &mut Stage<'_>) -> Result<String> {
        let answer = self.call(stage, "CreateKey", &[])?;
        let id = answer.pointer("/KeyMetadata/KeyId").and_then(Value::as_str);
        Ok(id.context("CreateKey answers without a KeyId")?.to_owned())
    }

    /// Gives a key the alias, by CreateAlias or UpdateAlias.
    pub(super) fn name(&self, stage: &mut Stage<'_>, action: &str, key: &str) -> Result<()> {
        let parameters = [("AliasName", ALIAS), ("KeyId", key)];
        self.call(stage, action, &parameters).map(drop)
    }

    /// What KMS answers.
    pub(super) fn call(
        &self,
        stage: &mut Stage<'_>,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Value> {
        let mut command = self.server.client(&self.ctl);
        command.args(["ctl", "call", action]);
        for (name, value) in parameters {
            command.arg(format!("{name}={value}"));
        }
        let said = stage.succeed(&mut command)?;
        ensure!(said.contains('{'), "{action} answers {said}");
        serde_json::from_str(&said).with_context(|| format!("the answer of {action}"))
    }
}
