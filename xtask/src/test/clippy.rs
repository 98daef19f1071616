//! No warning anywhere.

use anyhow::Result;

use super::Stage;
use crate::tools;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let root = &stage.project.root;
    stage.succeed(
        tools::cargo(root, "clippy")
            .args(["--workspace", "--all-targets", "--locked"])
            .args(["--", "--deny", "warnings"]),
    )?;
    stage.passed(1);
    Ok(())
}
