//! Examples in the documentation run, and it builds without a warning.

use anyhow::Result;

use super::{Stage, unit};
use crate::tools;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let root = &stage.project.root;
    unit::count(
        stage,
        tools::cargo(root, "test").args(["--workspace", "--doc"]),
    )?;
    stage.succeed(
        tools::cargo(root, "doc")
            .args(["--workspace", "--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )?;
    stage.passed(1);
    Ok(())
}
