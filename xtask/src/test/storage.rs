//! Somebody else's server of S3, which checks signatures, takes what we put and nothing else.

use std::process::Command;

use anyhow::Result;

use super::{Stage, clients};

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let storage = clients::go(stage, "storage")?;
    let [put] = stage.project.examples(stage, ["put_object"])?;
    let mut command = Command::new(storage);
    stage.check_program("go-storage", command.arg(put))
}
