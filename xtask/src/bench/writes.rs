//! `cargo xtask bench writes`: how often the server's store can write to disk.

use std::{fmt::Write as _, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use super::{machine, record::progress};
use crate::tools;

/// What `examples/writes.rs` prints for a number of callers.
#[derive(Debug, Deserialize)]
struct Figure {
    callers: u32,
    /// Per second, each on disk before the next of the same caller.
    writes: u64,
}

/// Builds, measures and gives the report as Markdown.
pub(super) fn measure(root: &Path, quick: bool) -> Result<String> {
    let name = "writes";
    tools::run(tools::cargo(root, "build").args([
        "--package",
        "xtask",
        "--example",
        name,
        "--release",
    ]))?;
    let target = tools::target_folder(root)?;
    let program = target.join("release/examples").join(name);
    // Beside what was built: a folder for temporary files may have no disk below it.
    let folder = tempfile::tempdir_in(&target).context("making a folder")?;
    progress("writing");
    let millis = if quick { "100" } else { "5000" };
    let output = Command::new(&program)
        .arg(folder.path())
        .arg(millis)
        .output()
        .with_context(|| format!("starting {}", program.display()))?;
    ensure!(
        output.status.success(),
        "{} ended with {}: {}",
        program.display(),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    let figures = String::from_utf8(output.stdout)?
        .lines()
        .map(|line| serde_json::from_str(line).context("reading a figure"))
        .collect::<Result<Vec<Figure>>>()?;
    table(&machine::describe(), millis, &figures)
}

fn table(machine: &str, millis: &str, figures: &[Figure]) -> Result<String> {
    let mut out = String::new();
    writeln!(
        out,
        "{machine}.\nSQLite, one record for each transaction, synced to disk before the caller goes on; {millis} ms \
         for each figure.\n"
    )?;
    writeln!(out, "| callers | writes/s |")?;
    writeln!(out, "|---:|---:|")?;
    for Figure { callers, writes } in figures {
        writeln!(out, "| {callers} | {writes} |")?;
    }
    Ok(out)
}
