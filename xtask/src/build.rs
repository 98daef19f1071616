//! `cargo xtask build`: the agent as it is shipped, for one of the systems of seed 000.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Args, ValueEnum};

use crate::tools;

mod macos;

/// Where the Linux program is expected beside its files (seed 000's folders).
const LINUX_FOLDERS: [&str; 4] = [
    "deploy/linux",
    "deploy/docker-compose",
    "deploy/ack",
    "deploy/ack/agent",
];

/// Builds the agent and puts it into the project root; the Linux one also into deploy/.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Build {
    /// The system to build for.
    #[arg(long, value_enum, default_value_t)]
    target: Target,
}

/// A system that the agent is built for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Target {
    /// Linux, one static file for every distribution and for an image from scratch.
    #[default]
    #[value(name = "x86_64-unknown-linux-musl", alias = "linux")]
    Linux,
    /// Windows.
    #[value(name = "x86_64-pc-windows-gnu", alias = "windows")]
    Windows,
    /// macOS.
    #[value(name = "x86_64-apple-darwin", alias = "macos")]
    MacOs,
}

/// How much the compiler does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Effort {
    /// All that the profile of shipped programs asks for.
    Shipped,
    /// What it takes to see that everything compiles and links: a third of the time.
    Linked,
}

impl Build {
    /// Builds and says where the program is.
    pub(crate) fn run(self, root: &Path) -> Result<PathBuf> {
        self.place(root, Effort::Shipped, None)
    }

    /// Does the same for the suite: what cargo prints goes into this log.
    pub(crate) fn run_logged(self, root: &Path, effort: Effort, log: &File) -> Result<PathBuf> {
        self.place(root, effort, Some(log))
    }

    fn place(self, root: &Path, effort: Effort, log: Option<&File>) -> Result<PathBuf> {
        let program = compile(root, self.target, effort, log)?;
        let placed = root.join(self.target.file_name());
        put(&program, &placed)?;
        if self.target == Target::Linux {
            for folder in LINUX_FOLDERS {
                put(&program, &root.join(folder).join(self.target.file_name()))?;
            }
        }
        Ok(placed)
    }
}

impl From<Target> for Build {
    fn from(target: Target) -> Self {
        Self { target }
    }
}

impl Target {
    /// The name that rustc has for it.
    pub(crate) fn triple(self) -> &'static str {
        match self {
            Self::Linux => "x86_64-unknown-linux-musl",
            Self::Windows => "x86_64-pc-windows-gnu",
            Self::MacOs => "x86_64-apple-darwin",
        }
    }

    /// The name of the program there.
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::Windows => "alibabacloud-kms-agent.exe",
            Self::Linux | Self::MacOs => "alibabacloud-kms-agent",
        }
    }
}

/// Builds and says where cargo put it; what cargo prints goes to the screen unless there is a
/// log.
pub(crate) fn compile(
    root: &Path,
    target: Target,
    effort: Effort,
    log: Option<&File>,
) -> Result<PathBuf> {
    tools::rust_target(root, target.triple())?;
    let mut cargo = match target {
        Target::Linux => {
            tools::program("musl-gcc", "musl-tools")?;
            tools::cargo(root, "build")
        }
        Target::Windows => {
            tools::program("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64")?;
            tools::cargo(root, "build")
        }
        Target::MacOs => macos::cargo(root)?,
    };
    cargo
        .args(["--package", "kms-agent", "--profile", "dist", "--target"])
        .arg(target.triple());
    if effort == Effort::Linked {
        cargo.envs([
            ("CARGO_PROFILE_DIST_CODEGEN_UNITS", "16"),
            ("CARGO_PROFILE_DIST_LTO", "off"),
            ("CARGO_PROFILE_DIST_OPT_LEVEL", "1"),
        ]);
    }
    if let Some(log) = log {
        let log = || log.try_clone().context("sharing a log");
        cargo.stdout(log()?).stderr(log()?);
    }
    let status = cargo.status().context("starting cargo")?;
    ensure!(
        status.success(),
        "cargo could not build the agent for {}",
        target.triple()
    );
    let program = tools::target_folder(root)?
        .join(target.triple())
        .join("dist")
        .join(target.file_name());
    if !program.is_file() {
        bail!("cargo was content, but {} is not there", program.display());
    }
    Ok(program)
}

/// Copies beside and renames, so that a running program is not written into.
fn put(program: &Path, place: &Path) -> Result<()> {
    let fresh = place.with_extension("new");
    fs::copy(program, &fresh)
        .and_then(|_| fs::rename(&fresh, place))
        .with_context(|| format!("putting the program to {}", place.display()))
}
