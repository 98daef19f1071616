//! deploy/scenario/run, as its README says: the whole solution of seed 003, with the access point in
//! either account.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::{Stage, clients};
use crate::tools;

/// How the script begins the line of a step.
const DONE: &str = "  ok      ";
const FAILED: &str = "  FAILED  ";

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    for owner in ["shared-services", "application"] {
        let mut command = Command::new(stage.project.root.join("deploy/scenario/run"));
        command.args(["--owner", owner]);
        play(stage, owner, &mut command)?;
    }
    Ok(())
}

/// Runs a script that plays against a `kms-server` of its own, and counts the steps that it prints.
pub(super) fn play(stage: &mut Stage<'_>, name: &str, script: &mut Command) -> Result<()> {
    for (program, package) in [("unshare", "util-linux"), ("faketime", "faketime")] {
        tools::program(program, package)?;
    }
    script
        .env("KMS_SERVER", stage.project.program(stage, "kms-server")?)
        .env(
            "SCENARIO_PYTHON",
            clients::cache_client_python(stage.project)?,
        )
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let (status, text) = stage.attempt(script)?;
    let done = text.lines().filter(|line| line.starts_with(DONE)).count();
    stage.passed(done);
    for line in text.lines().filter_map(|line| line.strip_prefix(FAILED)) {
        stage.failed(&format!("{name}: {line}"), "see the log");
    }
    let ended = counted(&text, done).and_then(|()| {
        ensure!(status.success(), "it ended with {status}");
        Ok(())
    });
    stage.check(&format!("{name}-ends-with-its-count"), ended);
    Ok(())
}

/// The last line, which is what people look at.
fn counted(text: &str, done: usize) -> Result<()> {
    let last = text.lines().last().context("it printed nothing")?;
    ensure!(
        last == format!("{done} steps done, 0 failed"),
        "it ended with {last:?} after {done} steps"
    );
    Ok(())
}
