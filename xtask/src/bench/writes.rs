//! `cargo xtask bench writes`: how often the server's store can write to disk.

use std::{fmt::Write as _, path::Path};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::{example, machine, record::progress};
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
    // Beside what was built: a folder for temporary files may have no disk below it.
    let target = tools::target_folder(root)?;
    let folder = tempfile::tempdir_in(target).context("making a folder")?;
    let millis = if quick { "100" } else { "5000" };
    progress("writing");
    let arguments = [folder.path().as_os_str(), millis.as_ref()];
    let figures: Vec<Figure> = example::figures(root, "writes", "release", &arguments)?;
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
