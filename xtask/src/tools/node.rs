//! npm packages, for the programs in suite/node.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use super::{CACHE, lock, program, run};

/// What a folder's `package-lock.json` names, as a `node_modules` in the cache: fetched once,
/// and anew when the file changes.
pub(crate) fn node_modules(cache: &Path, name: &str, source: &Path) -> Result<PathBuf> {
    const FILES: [&str; 2] = ["package.json", "package-lock.json"];
    let _alone = lock(&CACHE);
    let folder = cache.join("node").join(name);
    let modules = folder.join("node_modules");
    let stamp = folder.join("installed.json");
    let lock = source.join("package-lock.json");
    let wanted =
        fs::read_to_string(&lock).with_context(|| format!("reading {}", lock.display()))?;
    if modules.is_dir() && fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(modules);
    }
    program("node", "nodejs")?;
    program("npm", "npm")?;
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    for file in FILES {
        fs::copy(source.join(file), folder.join(file))
            .with_context(|| format!("copying {file} of {}", source.display()))?;
    }
    run(Command::new("npm")
        .args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--silent",
        ])
        .arg("--cache")
        .arg(cache.join("node/npm"))
        .current_dir(&folder))
    .with_context(|| format!("fetching from npm what {} names", lock.display()))?;
    // Last, so that a broken installation is not taken for a whole one.
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(modules)
}
