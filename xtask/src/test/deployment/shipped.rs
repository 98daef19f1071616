//! Programs as they are shipped, and copies of the folders under deploy/.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    build::{Build, Effort, Program, Target},
    test::{Project, Stage},
};

/// The static program for Linux, built as it is shipped and put into deploy/.
pub(crate) fn shipped_agent(stage: &mut Stage<'_>) -> Result<PathBuf> {
    Build::from(Target::Linux).run_logged(&stage.project.root, Effort::Shipped, &stage.log()?)
}

/// The operator for its image, built as it is shipped and put beside its Dockerfile.
pub(crate) fn shipped_operator(stage: &mut Stage<'_>) -> Result<PathBuf> {
    Build::from(Program::Operator).run_logged(&stage.project.root, Effort::Shipped, &stage.log()?)
}

/// Copies a folder of deploy/ and what is in it, to be built or installed from. The suite's
/// own changes go into the copy.
pub(crate) fn copy_of(project: &Project, folder: &str, to: &Path) -> Result<()> {
    copy(&project.root.join("deploy").join(folder), to)
}

/// A copy of a certificate that the containers' users may read, in this folder.
pub(crate) fn readable_copy(certificate: &str, folder: &Path) -> Result<PathBuf> {
    let copy = folder.join("ca.pem");
    fs::copy(certificate, &copy)
        .and_then(|_| fs::set_permissions(&copy, Permissions::from_mode(0o644)))
        .with_context(|| format!("copying {certificate}"))?;
    Ok(copy)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
    let entries = fs::read_dir(from).with_context(|| format!("reading {}", from.display()))?;
    let mut copied = 0;
    for entry in entries {
        let entry = entry.context("reading a folder")?;
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), &place)
                .with_context(|| format!("copying {}", entry.path().display()))?;
        }
        copied += 1;
    }
    ensure!(copied > 0, "{} is empty", from.display());
    Ok(())
}
