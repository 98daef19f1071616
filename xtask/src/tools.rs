//! What a chore needs beside cargo: found, else installed, else named.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context as _, Result, bail, ensure};
use kms_types::Env;
use serde::Deserialize;

mod go;
mod kubernetes;
mod maven;
mod node;
mod postgres;
mod program;
mod python;

use maven::repository;

pub(crate) use go::go;
pub(crate) use kubernetes::{KubernetesPrograms, helm_program, kubernetes_programs};
pub(crate) use maven::maven_class_path;
pub(crate) use node::node_modules;
pub(crate) use postgres::postgres_programs;
pub(crate) use program::cargo_program;
pub(crate) use python::{older_python_with, python_with};

/// Debian's package manager, which only one may use at a time.
static DEBIAN: Mutex<()> = Mutex::new(());

/// The folder of downloads, where two who miss the same thing would be in each other's way. Who
/// holds it may go on to [`DEBIAN`], and never the other way round.
static CACHE: Mutex<()> = Mutex::new(());

/// A cargo call in the project.
pub(crate) fn cargo(root: &Path, subcommand: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(subcommand).current_dir(root);
    cargo
}

/// Where cargo puts what it builds, whoever chose it.
pub(crate) fn target_folder(root: &Path) -> Result<PathBuf> {
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

/// Where downloads and programs of others that we built are kept between runs:
/// `KMS_TEST_CACHE`, else a folder of ours in the user's cache.
pub(crate) fn cache_folder(env: &Env) -> Result<PathBuf> {
    const OURS: &str = "alibabacloud-kms-tests";
    if let Some(folder) = env.get("KMS_TEST_CACHE") {
        return std::path::absolute(folder).context("KMS_TEST_CACHE");
    }
    match (env.get("XDG_CACHE_HOME"), env.get("HOME")) {
        (Some(cache), _) => Ok(Path::new(cache).join(OURS)),
        (None, Some(home)) => Ok(Path::new(home).join(".cache").join(OURS)),
        (None, None) => bail!("no KMS_TEST_CACHE, XDG_CACHE_HOME or HOME to keep downloads in"),
    }
}

/// The standard library of a target.
pub(crate) fn rust_target(root: &Path, triple: &str) -> Result<()> {
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
pub(crate) fn program(name: &str, package: &str) -> Result<()> {
    if on_path(name) {
        return Ok(());
    }
    if !on_path("apt-get") {
        bail!("{name} is missing; install it (Debian's package is {package})");
    }
    let _alone = lock(&DEBIAN);
    if on_path(name) {
        // Somebody else missed it as well.
        return Ok(());
    }
    let install = || {
        run(Command::new("apt-get")
            .args(["install", "--yes", "--no-install-recommends", package])
            .env("DEBIAN_FRONTEND", "noninteractive"))
    };
    // A new machine has no list of packages, or an old one.
    if install().is_err() {
        run(Command::new("apt-get").arg("update"))
            .and_then(|()| install())
            .with_context(|| format!("{name} is missing; as root: apt-get install {package}"))?;
    }
    ensure!(
        on_path(name),
        "Debian's package {package} brought no {name}"
    );
    Ok(())
}

/// Waits until nobody else has it.
fn lock(resource: &'static Mutex<()>) -> MutexGuard<'static, ()> {
    // It guards no data that a panic could have left half done.
    resource.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs to success.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("starting {}", command.get_program().display()))?;
    ensure!(status.success(), "{} ended with {status}", line(command));
    Ok(())
}

/// A command as it is written down: without its environment, which holds keys as often as
/// not.
pub(crate) fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words
        .map(|word| format!("{:?}", word.to_string_lossy()))
        .collect();
    words.join(" ")
}

/// Whether a program is found by its name.
pub(crate) fn on_path(name: &str) -> bool {
    Command::new("sh")
        .args(["-c", "command -v \"$1\"", "sh", name])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests;
