//! Bans, licences and sources of everything we build with, as deny.toml says.

use std::process::Command;

use anyhow::Result;

use super::Stage;
use crate::tools;

const VERSION: &str = "0.20.2";

pub(super) fn check(stage: &mut Stage<'_>) -> Result<()> {
    let program = tools::cargo_program(&stage.project.cache, "cargo-deny", VERSION)?;
    stage.succeed(
        Command::new(program)
            .args(["--workspace", "check", "bans", "licenses", "sources"])
            .current_dir(&stage.project.root),
    )?;
    Ok(())
}
