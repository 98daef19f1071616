//! Python packages, each set in an environment of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result};

use super::{CACHE, DEBIAN, lock, program, run};

/// A Python with exactly these packages (`name==version`) and what they need, made once
/// under the cache and made anew when the list changes.
pub(crate) fn python_with(cache: &Path, name: &str, packages: &[&str]) -> Result<PathBuf> {
    older_python_with(cache, name, &[], packages)
}

/// Like [`python_with`], with a Python of the first of these versions (`3.10`) that the machine
/// has, by itself or by pyenv; of whichever it has, if none.
pub(crate) fn older_python_with(
    cache: &Path,
    name: &str,
    versions: &[&str],
    packages: &[&str],
) -> Result<PathBuf> {
    let _alone = lock(&CACHE);
    let folder = cache.join("python").join(name);
    let python = folder.join("bin/python");
    let stamp = folder.join("packages.txt");
    let wanted = packages.join("\n");
    if python.is_file() && fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(python);
    }
    program("python3", "python3")?;
    let older = versions.iter().find_map(|version| interpreter(version));
    make(&older.unwrap_or_else(|| "python3".into()), &folder)
        .context("making a Python environment")?;
    run(Command::new(&python)
        .args([
            "-m",
            "pip",
            "install",
            // Of packages that are old, it would say so at length.
            "--quiet",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(packages))
    .with_context(|| format!("installing from PyPI: {}", packages.join(" ")))?;
    // Last, so that a broken installation is not taken for a whole one.
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(python)
}

/// A Python of this version that starts.
fn interpreter(version: &str) -> Option<PathBuf> {
    let name = format!("python{version}");
    let starts = |program: &Path| {
        Command::new(program)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    let own = PathBuf::from(&name);
    if starts(&own) {
        return Some(own);
    }
    let printed = |arguments: &[&str]| {
        let output = Command::new("pyenv").args(arguments).output().ok()?;
        String::from_utf8(output.stdout).ok()
    };
    let of_version = format!("{version}.");
    let versions = printed(&["versions", "--bare"])?;
    let found = versions
        .lines()
        .find(|line| line.starts_with(&of_version))?;
    let prefix = printed(&["prefix", found])?;
    let other = Path::new(prefix.trim()).join("bin").join(name);
    starts(&other).then_some(other)
}

fn make(interpreter: &Path, folder: &Path) -> Result<()> {
    let venv = || {
        run(Command::new(interpreter)
            .args(["-m", "venv", "--clear"])
            .arg(folder))
    };
    // Debian's Python has venv in a package of its own.
    if venv().is_err() {
        let _alone = lock(&DEBIAN);
        run(Command::new("apt-get")
            .args(["install", "--yes", "python3-venv"])
            .env("DEBIAN_FRONTEND", "noninteractive"))?;
        venv()?;
    }
    Ok(())
}
