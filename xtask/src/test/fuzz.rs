//! The fuzz targets, briefly: fuzz/README.md says what that is worth.

use anyhow::Result;

use super::Stage;
use crate::tools;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let root = &stage.project.root;
    let target = stage.project.target.join("fuzz");
    stage.check_program(
        "fuzz",
        tools::cargo(root, "run")
            .args(["--profile", "brief", "--manifest-path", "fuzz/Cargo.toml"])
            .arg("--target-dir")
            .arg(target)
            .args(["--bin", "brief", "--", "--seconds", "3"]),
    )
}
