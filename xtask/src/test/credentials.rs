//! The official credential chain beside ours, on the same golden folders.

use std::process::Command;

use anyhow::Result;

use super::Stage;
use crate::tools;

/// Not sdk-python's environment, whose packages ask for an older one.
const PACKAGE: &str = "alibabacloud-credentials==1.0.12";

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let project = stage.project;
    let python = tools::python_with(&project.cache, "credentials", &[PACKAGE])?;
    let folders = project.root.join("crates/kms-credentials/tests/chain");
    let mut command = Command::new(python);
    command
        .arg(project.root.join("suite/python/credentials.py"))
        .env("GOLDEN_FOLDERS", folders)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1");
    stage.check_program("credentials.py", &mut command)
}
