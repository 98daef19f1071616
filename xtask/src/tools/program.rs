//! Programs from crates.io, built once into the cache.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use super::{CACHE, lock, run};

/// A program of this version, built without optimisation: it runs for seconds.
pub(crate) fn cargo_program(cache: &Path, name: &str, version: &str) -> Result<PathBuf> {
    let _alone = lock(&CACHE);
    let folder = cache.join("cargo").join(format!("{name}-{version}"));
    let program = folder.join("bin").join(name);
    if program.is_file() {
        return Ok(program);
    }
    run(Command::new("cargo")
        .args(["install", name, "--version", version])
        .args(["--locked", "--debug", "--quiet", "--root"])
        .arg(&folder))
    .with_context(|| format!("building {name} {version} from crates.io"))?;
    ensure!(program.is_file(), "cargo built no {}", program.display());
    Ok(program)
}
