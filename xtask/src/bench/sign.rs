//! `cargo xtask bench sign`: what a signature costs on either side of the wire.

use std::{fmt::Write as _, path::Path};

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::{example, machine, record::progress};

/// What `examples/signatures.rs` prints for a scheme.
#[derive(Debug, Deserialize)]
struct Figure {
    scheme: String,
    /// Made per second, on one core.
    signs: u64,
    /// Taken apart and checked per second, on one core.
    verifies: u64,
    /// By how much the process grew meanwhile, in KiB.
    grown: u64,
}

/// Signing may leave nothing behind; the allocator may round up by this many KiB.
const SLACK: u64 = 256;

/// Builds, measures and gives the report as Markdown.
pub(super) fn measure(root: &Path, quick: bool) -> Result<String> {
    let millis = if quick { "100" } else { "3000" };
    progress("signing and verifying");
    let figures: Vec<Figure> = example::figures(root, "signatures", "dist", &[millis.as_ref()])?;
    for figure in &figures {
        let Figure { scheme, grown, .. } = figure;
        ensure!(
            *grown <= SLACK,
            "{scheme} made the process {grown} KiB larger"
        );
    }
    table(&machine::describe(), millis, &figures)
}

fn table(machine: &str, millis: &str, figures: &[Figure]) -> Result<String> {
    let mut out = String::new();
    writeln!(
        out,
        "{machine}.\nA call of GetSecretValue, one core, {millis} ms for each figure; verifying \
         includes taking the request apart. Growth is of the process' resident memory over all \
         calls of a scheme.\n"
    )?;
    writeln!(out, "| scheme | signed/s | verified/s | growth |")?;
    writeln!(out, "|---|---:|---:|---:|")?;
    for figure in figures {
        let Figure {
            scheme,
            signs,
            verifies,
            grown,
        } = figure;
        writeln!(out, "| {scheme} | {signs} | {verifies} | {grown} KiB |")?;
    }
    Ok(out)
}
