//! The sources are formatted.

use anyhow::Result;

use super::Stage;
use crate::tools;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let root = &stage.project.root;
    stage.succeed(tools::cargo(root, "fmt").args(["--all", "--check"]))?;
    stage.passed(1);
    Ok(())
}
