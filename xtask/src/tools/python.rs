//! Python packages, each set in an environment of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use super::{program, run};

/// A Python with exactly these packages (`name==version`) and what they need, made once
/// under the cache and made anew when the list changes.
pub(crate) fn python_with(cache: &Path, name: &str, packages: &[&str]) -> Result<PathBuf> {
    let folder = cache.join("python").join(name);
    let python = folder.join("bin/python");
    let stamp = folder.join("packages.txt");
    let wanted = packages.join("\n");
    if python.is_file() && fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(python);
    }
    program("python3", "python3")?;
    make(&folder).context("making a Python environment")?;
    run(Command::new(&python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(packages))
    .with_context(|| format!("installing from PyPI: {}", packages.join(" ")))?;
    // Last, so that a broken installation is not taken for a whole one.
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(python)
}

fn make(folder: &Path) -> Result<()> {
    let venv = || {
        run(Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(folder))
    };
    // Debian's Python has venv in a package of its own.
    if venv().is_err() {
        run(Command::new("apt-get")
            .args(["install", "--yes", "python3-venv"])
            .env("DEBIAN_FRONTEND", "noninteractive"))?;
        venv()?;
    }
    Ok(())
}
