//! `cargo xtask build`: the agent as it is shipped, for one of the systems of seed 000, or the operator for
//! its image.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Args, ValueEnum};

use crate::tools;

mod macos;

/// Where the agent for Linux is expected beside its files (seed 000's folders).
const AGENT_FOLDERS: [&str; 4] = [
    "deploy/linux",
    "deploy/docker-compose",
    "deploy/ack",
    "deploy/ack/agent",
];

/// Where the operator's Dockerfile lies.
const OPERATOR_FOLDER: &str = "deploy/ack-secret-manager";

/// Builds the agent and puts it into the project root, the Linux one also into deploy/; or the operator,
/// which goes beside its Dockerfile.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Build {
    /// What to build.
    #[arg(value_enum, default_value_t)]
    program: Program,
    /// The system to build for; the operator is for Linux alone.
    #[arg(long, value_enum, default_value_t)]
    target: Target,
}

/// A program that is shipped as one file.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Program {
    /// The agent.
    #[default]
    #[value(name = "alibabacloud-kms-agent", alias = "agent")]
    Agent,
    /// The operator of Kubernetes.
    #[value(name = "ack-secret-manager", alias = "operator")]
    Operator,
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
        ensure!(
            self.program == Program::Agent || self.target == Target::Linux,
            "the operator runs in a cluster's images, which are of Linux"
        );
        let program = compile(root, self.program, self.target, effort, log)?;
        let name = self.program.file_name(self.target);
        match self.program {
            Program::Agent => {
                let placed = root.join(name);
                put(&program, &placed)?;
                if self.target == Target::Linux {
                    for folder in AGENT_FOLDERS {
                        put(&program, &root.join(folder).join(name))?;
                    }
                }
                Ok(placed)
            }
            Program::Operator => {
                let placed = root.join(OPERATOR_FOLDER).join(name);
                put(&program, &placed)?;
                Ok(placed)
            }
        }
    }
}

impl From<Target> for Build {
    fn from(target: Target) -> Self {
        Self {
            program: Program::Agent,
            target,
        }
    }
}

impl From<Program> for Build {
    fn from(program: Program) -> Self {
        Self {
            program,
            target: Target::Linux,
        }
    }
}

impl Program {
    /// The crate that it is of.
    fn package(self) -> &'static str {
        match self {
            Self::Agent => "kms-agent",
            Self::Operator => "ack-secret-manager",
        }
    }

    /// How it is built where it is shipped: the agent to answer fast, the operator to need little.
    pub(crate) fn profile(self) -> &'static str {
        match self {
            Self::Agent => "dist",
            Self::Operator => "dist-small",
        }
    }

    /// Its name on a system.
    pub(crate) fn file_name(self, target: Target) -> &'static str {
        match (self, target) {
            (Self::Agent, Target::Windows) => "alibabacloud-kms-agent.exe",
            (Self::Agent, Target::Linux | Target::MacOs) => "alibabacloud-kms-agent",
            (Self::Operator, _) => "ack-secret-manager",
        }
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
}

/// Builds and says where cargo put it; what cargo prints goes to the screen unless there is a
/// log.
pub(crate) fn compile(
    root: &Path,
    program: Program,
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
        .args(["--package", program.package()])
        .args(["--profile", program.profile()])
        .args(["--target", target.triple()]);
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
        "cargo could not build {} for {}",
        program.package(),
        target.triple()
    );
    let program = tools::target_folder(root)?
        .join(target.triple())
        .join(program.profile())
        .join(program.file_name(target));
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
