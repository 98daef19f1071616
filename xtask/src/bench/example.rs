//! Programs of `xtask/examples` that measure and print a line of JSON for each figure.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use serde::de::DeserializeOwned;

use crate::tools;

/// Builds the example in that profile, runs it, and reads what it prints.
pub(super) fn figures<T: DeserializeOwned>(
    root: &Path,
    name: &str,
    profile: &str,
    arguments: &[&OsStr],
) -> Result<Vec<T>> {
    run(&build(root, name, profile)?, arguments)
}

/// Builds the example in that profile; where it lies.
pub(super) fn build(root: &Path, name: &str, profile: &str) -> Result<PathBuf> {
    tools::run(tools::cargo(root, "build").args([
        "--package",
        "xtask",
        "--example",
        name,
        "--profile",
        profile,
    ]))?;
    Ok(tools::target_folder(root)?
        .join(profile)
        .join("examples")
        .join(name))
}

/// Runs it, and reads what it prints.
pub(super) fn run<T: DeserializeOwned>(program: &Path, arguments: &[&OsStr]) -> Result<Vec<T>> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("starting {}", program.display()))?;
    ensure!(
        output.status.success(),
        "{} ended with {}: {}",
        program.display(),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)?
        .lines()
        .map(|line| serde_json::from_str(line).context("reading a figure"))
        .collect()
}
