//! What a build needs beside cargo: found, else installed, else named.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

/// A cargo call in the project.
pub(super) fn cargo(root: &Path, subcommand: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(subcommand).current_dir(root);
    cargo
}

/// Where cargo puts what it builds, whoever chose it.
pub(super) fn target_folder(root: &Path) -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let output = cargo(root, "metadata")
        .args(["--no-deps", "--format-version", "1"])
        .stderr(Stdio::inherit())
        .output()
        .context("starting cargo metadata")?;
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
    Ok(metadata.target_directory)
}

/// The standard library of a target.
pub(super) fn rust_target(root: &Path, triple: &str) -> Result<()> {
    let installed = Command::new("rustup")
        .args(["target", "list", "--installed"])
        .current_dir(root)
        .output()
        .with_context(|| format!("rustup is missing; install the Rust target {triple} yourself"))?;
    if String::from_utf8_lossy(&installed.stdout)
        .lines()
        .any(|line| line == triple)
    {
        return Ok(());
    }
    run(Command::new("rustup")
        .args(["target", "add", triple])
        .current_dir(root))
}

/// A program, from the named Debian package where it is absent.
pub(super) fn program(name: &str, package: &str) -> Result<()> {
    if on_path(name) {
        return Ok(());
    }
    if !on_path("apt-get") {
        bail!("{name} is missing; install it (Debian's package is {package})");
    }
    run(Command::new("apt-get")
        .args(["install", "--yes", "--no-install-recommends", package])
        .env("DEBIAN_FRONTEND", "noninteractive"))
    .with_context(|| format!("{name} is missing; as root: apt-get install {package}"))
}

/// Runs to success.
pub(super) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("starting {}", command.get_program().display()))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

fn on_path(name: &str) -> bool {
    Command::new("sh")
        .args(["-c", "command -v \"$1\"", "sh", name])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
