//! An identity provider for ServiceAccounts: `suite/python/issuer.py`, which stands in for the
//! issuer of a cluster.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use kms_types::{Clock, SystemClock};

use super::{Server, Stage, stage::pause};

/// An issuer that serves its documents; killed when dropped.
pub(super) struct Issuer {
    child: Child,
    /// Python with `cryptography`.
    python: PathBuf,
    program: PathBuf,
    folder: PathBuf,
    url: String,
}

/// What a projected token says, and for how long.
pub(super) struct Wanted<'a> {
    /// `system:serviceaccount:<namespace>:<name>`.
    pub(super) subject: &'a str,
    /// For whom it is.
    pub(super) audience: &'a str,
    /// Its life.
    pub(super) seconds: u32,
}

/// From its start to its address.
const PATIENCE: Duration = Duration::from_secs(30);

// === impl Issuer ===

impl Issuer {
    /// Starts one beside the server; its key lies in this folder. `python` has `cryptography`.
    pub(super) fn start(
        stage: &Stage<'_>,
        server: &Server,
        python: &Path,
        folder: &Path,
    ) -> Result<Self> {
        let program = stage.project.root.join("suite/python/issuer.py");
        let child = server
            .client(python)
            .arg(&program)
            .arg("serve")
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(stage.log()?)
            .stderr(stage.log()?)
            .spawn()
            .context("starting an issuer")?;
        let mut issuer = Self {
            child,
            python: python.to_owned(),
            program,
            folder: folder.to_owned(),
            url: String::new(),
        };
        issuer.url = issuer.told()?;
        Ok(issuer)
    }

    /// How its tokens name it.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Puts a fresh token into a file, as the kubelet does.
    pub(super) fn project(
        &self,
        stage: &mut Stage<'_>,
        server: &Server,
        wanted: &Wanted<'_>,
        file: &Path,
    ) -> Result<()> {
        let mut command = server.client(&self.python);
        command
            .arg(&self.program)
            .arg("token")
            .arg(&self.folder)
            .args([wanted.subject, wanted.audience])
            .arg(wanted.seconds.to_string())
            .arg(file);
        stage.succeed(&mut command)?;
        Ok(())
    }

    fn told(&mut self) -> Result<String> {
        let file = self.folder.join("issuer");
        let end = SystemClock.monotonic() + PATIENCE;
        loop {
            if let Ok(url) = fs::read_to_string(&file) {
                return Ok(url);
            }
            let ended = self.child.try_wait().context("waiting for an issuer")?;
            if ended.is_some() || SystemClock.monotonic() > end {
                bail!("the issuer does not listen ({ended:?})");
            }
            pause(Duration::from_millis(20));
        }
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
