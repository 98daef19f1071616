//! A linker for macOS on any machine: zig, which brings Apple's C library but not the two
//! frameworks that TLS roots and their checks need. A linker asks of a framework only its path
//! and its names, so a text stub (Apple's .tbd) with the names that our dependencies use does.
//! A new dependency may use more; the linker then names them, and they go into the lists here.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use crate::tools;

/// Both from `PyPI`. Zig 0.15 fails without a word on undefined names; 0.16 says them.
const PACKAGES: [&str; 2] = ["ziglang==0.16.0", "cargo-zigbuild==0.24.1"];

const FRAMEWORKS: [(&str, &str); 2] = [
    ("CoreFoundation", include_str!("CoreFoundation.txt")),
    ("Security", include_str!("Security.txt")),
];

/// The cargo call that builds for macOS.
pub(super) fn cargo(root: &Path) -> Result<Command> {
    let cache = tools::cache_folder(&crate::environment())?;
    let python = tools::python_with(&cache, "zig", &PACKAGES)?;
    let programs = python.parent().context("the folder of Python's programs")?;
    let sdk = write_sdk(&tools::target_folder(root)?.join("macos-sdk"))?;
    let mut cargo = Command::new(programs.join("cargo-zigbuild"));
    cargo
        .arg("zigbuild")
        .current_dir(root)
        .env("SDKROOT", sdk)
        .env("CARGO_ZIGBUILD_PYTHON_PATH", &python);
    Ok(cargo)
}

fn write_sdk(folder: &Path) -> Result<PathBuf> {
    for (name, symbols) in FRAMEWORKS {
        let framework = folder.join(format!("System/Library/Frameworks/{name}.framework"));
        fs::create_dir_all(&framework)
            .and_then(|()| fs::write(framework.join(format!("{name}.tbd")), stub(name, symbols)))
            .with_context(|| format!("writing the stub of {name}"))?;
    }
    Ok(folder.to_path_buf())
}

fn stub(name: &str, symbols: &str) -> String {
    let symbols = symbols.lines().collect::<Vec<_>>().join(", ");
    format!(
        "--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: '/System/Library/Frameworks/{name}.framework/Versions/A/{name}'
current-version: 1
exports:
  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ {symbols} ]
...
"
    )
}
