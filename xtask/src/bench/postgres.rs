//! A PostgreSQL that keeps what it acknowledges, with its own defaults.

use std::{
    fs,
    io::Write as _,
    os::unix::{fs::chown, net::UnixStream, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use rustix::process::geteuid;
use tempfile::TempDir;

use crate::{
    bench::process::{Process, Stopwatch},
    tools,
};

/// A server that listens on a socket in its folder and nowhere else.
pub(super) struct Postgres {
    process: Process,
    /// After the process, which ends first.
    folder: TempDir,
}

/// Its programs, and who runs them: root may not.
struct Programs {
    bin: PathBuf,
    is_root: bool,
}

/// Who owns nothing, on every Linux.
const NOBODY: u32 = 65_534;

/// Who may do all in it.
const USER: &str = "kms";

// === impl Postgres ===

impl Postgres {
    /// Starts one in a folder of its own below `target`, with these databases.
    pub(super) fn start(target: &Path, cache: &Path, databases: &[&str]) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("kms-bench-pg-")
            .tempdir_in(target)
            .context("making a folder for PostgreSQL")?;
        let programs = Programs::prepare(cache, folder.path())?;
        let data = folder.path().join("data");
        tools::run(
            programs
                .command("initdb")
                .arg("--pgdata")
                .arg(&data)
                .args(["--username", USER, "--auth=trust", "--encoding=UTF8"])
                .arg("--locale=C")
                .stdout(Stdio::null()),
        )?;
        programs.make(&data, databases)?;
        let mut process = Process::start(
            "postgres",
            programs
                .command("postgres")
                .arg("-D")
                .arg(&data)
                .arg("-k")
                .arg(folder.path())
                .args([
                    "-c",
                    "listen_addresses=",
                    "-c",
                    "unix_socket_permissions=0777",
                ])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let socket = folder.path().join(".s.PGSQL.5432");
        process.until(Stopwatch::start(), || UnixStream::connect(&socket))?;
        Ok(Self { process, folder })
    }

    /// The URL of one of its databases.
    pub(super) fn url(&self, database: &str) -> String {
        format!(
            "postgres://{USER}@localhost/{database}?host={}",
            self.folder.path().display()
        )
    }

    /// What it and those who serve its connections have used, in microseconds.
    pub(super) fn processor_time(&self) -> Result<u64> {
        self.process.processor_time()
    }
}

// === impl Programs ===

impl Programs {
    /// The suite's own, else Debian's; in the folder if they have to be run by another.
    fn prepare(cache: &Path, folder: &Path) -> Result<Self> {
        let installed = tools::postgres_programs(cache)?
            .or_else(debian)
            .context("no PostgreSQL; Debian's package is postgresql")?;
        if !geteuid().is_root() {
            return Ok(Self {
                bin: installed,
                is_root: false,
            });
        }
        chown(folder, Some(NOBODY), Some(NOBODY)).context("giving a folder away")?;
        let mut programs = Self {
            bin: installed,
            is_root: true,
        };
        if !programs.run() {
            // Out of a folder that only root may enter.
            let own = folder.join("programs");
            let all = programs.bin.parent().context("bin lies in a folder")?;
            tools::run(Command::new("cp").args(["-R", "--"]).arg(all).arg(&own))?;
            programs.bin = own.join("bin");
        }
        Ok(programs)
    }

    fn run(&self) -> bool {
        let mut version = self.command("postgres");
        version.arg("--version").stdout(Stdio::null());
        version.status().is_ok_and(|status| status.success())
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command.env("LC_ALL", "C").current_dir("/");
        if self.is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    /// Makes databases while the server does not run: there is no client among its programs.
    fn make(&self, data: &Path, databases: &[&str]) -> Result<()> {
        let mut child = self
            .command("postgres")
            .args(["--single", "-D"])
            .arg(data)
            .arg("postgres")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting postgres")?;
        let mut input = child.stdin.take().context("postgres has no input")?;
        for database in databases {
            writeln!(input, "CREATE DATABASE {database};")?;
        }
        drop(input);
        let status = child.wait().context("waiting for postgres")?;
        ensure!(status.success(), "postgres --single ended with {status}");
        Ok(())
    }
}

/// The newest that is installed.
fn debian() -> Option<PathBuf> {
    let version = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .max_by_key(|folder| version(folder))
        .map(|folder| folder.join("bin"))
}
