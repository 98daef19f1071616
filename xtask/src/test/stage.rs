//! What a part stands on: the project's folders, a log of all it ran, and its count.

use std::{
    fs::{self, File},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use kms_types::{Clock, Env, SystemClock};

use super::{
    report::{Failure, Outcome},
    unit,
};
use crate::tools;

/// Where things are.
#[derive(Debug)]
pub(crate) struct Project {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// What cargo builds.
    pub(crate) target: PathBuf,
    /// Downloads and other people's programs, kept between runs.
    pub(crate) cache: PathBuf,
    /// The caller named PostgreSQL's programs.
    pub(crate) has_postgres: bool,
    /// Where the caller has the programs of Kubernetes, under the name that its own tests know.
    pub(crate) kubernetes: Option<PathBuf>,
    built: Mutex<bool>,
}

/// A part while it runs.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    /// Where things are.
    pub(crate) project: &'a Project,
    name: &'static str,
    log: File,
    log_path: PathBuf,
    passed: usize,
    failures: Vec<Failure>,
    said: Vec<String>,
}

/// Longer than the longest cold build on two cores; a command that takes it hangs.
const LIMIT: Duration = Duration::from_mins(30);

/// How much of a failed command's output is shown.
const SHOWN_LINES: usize = 60;

// === impl Project ===

impl Project {
    /// The project in this folder.
    pub(super) fn find(root: &Path, env: &Env) -> Result<Self> {
        let target = tools::target_folder(root)?;
        let cache = tools::cache_folder(env)?;
        let has_postgres = env.get(unit::POSTGRES).is_some();
        let mut project = Self::at(root, target, cache, has_postgres);
        project.kubernetes = env.get("KUBEBUILDER_ASSETS").map(PathBuf::from);
        Ok(project)
    }

    /// The project in these folders.
    pub(super) fn at(root: &Path, target: PathBuf, cache: PathBuf, has_postgres: bool) -> Self {
        Self {
            root: root.to_path_buf(),
            target,
            cache,
            has_postgres,
            kubernetes: None,
            built: Mutex::new(false),
        }
    }

    /// A program of the project, as every part runs it: built once, without optimisation.
    pub(crate) fn program(&self, stage: &mut Stage<'_>, name: &str) -> Result<PathBuf> {
        self.build(stage)?;
        let program = self.target.join("debug").join(name);
        ensure!(program.is_file(), "cargo built no {}", program.display());
        Ok(program)
    }

    /// Examples of the crates, built with the programs.
    pub(crate) fn examples<const N: usize>(
        &self,
        stage: &mut Stage<'_>,
        names: [&str; N],
    ) -> Result<[PathBuf; N]> {
        self.build(stage)?;
        let folder = self.target.join("debug/examples");
        let built = names.map(|name| folder.join(name));
        for program in &built {
            ensure!(program.is_file(), "cargo built no {}", program.display());
        }
        Ok(built)
    }

    /// Programs and examples of all crates at once, as cargo builds them for the tests: with
    /// another choice of packages or targets it would choose other features of their
    /// dependencies, and compile most of them again.
    fn build(&self, stage: &mut Stage<'_>) -> Result<()> {
        // The other lane waits here rather than build as well.
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        if !*built {
            let mut cargo = tools::cargo(&self.root, "build");
            stage.succeed(cargo.args(["--workspace", "--bins", "--examples"]))?;
            *built = true;
        }
        Ok(())
    }
}

// === impl Stage ===

impl<'a> Stage<'a> {
    pub(super) fn open(project: &'a Project, name: &'static str) -> Result<Self> {
        let folder = project.target.join("suite");
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let log_path = folder.join(name).with_extension("log");
        // Read back by the position where a command began; the commands append.
        let log = File::options()
            .create(true)
            .truncate(true)
            .read(true)
            .write(true)
            .open(&log_path)
            .and_then(|_| File::options().read(true).append(true).open(&log_path))
            .with_context(|| format!("opening {}", log_path.display()))?;
        Ok(Self {
            project,
            name,
            log,
            log_path,
            passed: 0,
            failures: Vec::new(),
            said: Vec::new(),
        })
    }

    pub(super) fn close(self, took: Duration) -> Outcome {
        let mut failures = self.failures;
        if self.passed == 0 && failures.is_empty() {
            failures.push(Failure {
                name: self.name.to_owned(),
                reason: "it checked nothing".to_owned(),
            });
        }
        Outcome {
            name: self.name,
            passed: self.passed,
            failures,
            took,
            said: self.said,
            log: Some(self.log_path),
        }
    }

    /// Counts checks that held.
    pub(crate) fn passed(&mut self, checks: usize) {
        self.passed += checks;
    }

    /// Counts a check that did not hold.
    pub(crate) fn failed(&mut self, name: &str, reason: &str) {
        self.note(&format!("FAIL {name} {reason}"));
        self.failures.push(Failure {
            name: name.to_owned(),
            reason: reason.to_owned(),
        });
    }

    /// Counts a check, whichever way it went.
    pub(crate) fn check(&mut self, name: &str, result: Result<()>) {
        match result {
            Ok(()) => {
                self.note(&format!("ok {name}"));
                self.passed(1);
            }
            Err(error) => self.failed(name, &format!("{error:#}")),
        }
    }

    /// Counts the lines `ok NAME` and `FAIL NAME reason` of a client program; one that ends
    /// badly or says neither has failed.
    pub(crate) fn check_program(&mut self, name: &str, command: &mut Command) -> Result<()> {
        let (status, text) = self.attempt(command)?;
        let (mut passed, mut failed) = (0_usize, 0_usize);
        for line in text.lines() {
            if line.starts_with("ok ") {
                passed += 1;
            } else if let Some(failure) = line.strip_prefix("FAIL ") {
                let (check, reason) = failure.split_once(' ').unwrap_or((failure, ""));
                self.failed(check, reason);
                failed += 1;
            }
        }
        self.passed(passed);
        if failed == 0 && (passed == 0 || !status.success()) {
            let what = format!("after {passed} checks it ended with {status}");
            self.failed(name, &format!("{what}\n{}", tail(&text)));
        }
        Ok(())
    }

    /// The part.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// What has passed so far, of what has a name.
    pub(super) fn passed_by_name(&self) -> Result<Vec<String>> {
        let text = fs::read_to_string(&self.log_path).context("reading the log")?;
        let names = text.lines().filter_map(|line| line.strip_prefix("ok "));
        Ok(names.map(str::to_owned).collect())
    }

    /// A line for whoever runs the suite, told with the part's count.
    pub(crate) fn say(&mut self, line: &str) {
        self.note(line);
        self.said.push(line.to_owned());
    }

    /// A line in the part's log.
    pub(crate) fn note(&mut self, line: &str) {
        drop(writeln!(self.log, "{line}"));
    }

    /// The log, for a process that runs beside the part's commands.
    pub(crate) fn log(&self) -> Result<File> {
        self.log.try_clone().context("sharing the part's log")
    }

    /// Runs to success; what it printed.
    pub(crate) fn succeed(&mut self, command: &mut Command) -> Result<String> {
        let (status, text) = self.attempt(command)?;
        if !status.success() {
            bail!(
                "{} ended with {status}\n{}",
                tools::line(command),
                tail(&text)
            );
        }
        Ok(text)
    }

    /// Runs to its end; how it ended and what it printed, on both streams.
    pub(crate) fn attempt(&mut self, command: &mut Command) -> Result<(ExitStatus, String)> {
        self.note(&format!("$ {}", tools::line(command)));
        let begin = self.log.seek(SeekFrom::End(0)).context("reading the log")?;
        let status = self.wait(command)?;
        let mut text = Vec::new();
        self.log
            .seek(SeekFrom::Start(begin))
            .and_then(|_| self.log.read_to_end(&mut text))
            .context("reading the log")?;
        Ok((status, String::from_utf8_lossy(&text).into_owned()))
    }

    fn wait(&self, command: &mut Command) -> Result<ExitStatus> {
        let mut child = command
            .env("CARGO_TERM_COLOR", "never")
            .stdin(Stdio::null())
            .stdout(self.log()?)
            .stderr(self.log()?)
            .spawn()
            .with_context(|| format!("starting {}", command.get_program().display()))?;
        let end = SystemClock.monotonic() + LIMIT;
        loop {
            if let Some(status) = child.try_wait().context("waiting for a command")? {
                return Ok(status);
            }
            if SystemClock.monotonic() > end {
                drop(child.kill());
                drop(child.wait());
                bail!(
                    "{} did not end within {} s",
                    tools::line(command),
                    LIMIT.as_secs()
                );
            }
            pause(Duration::from_millis(20));
        }
    }
}

/// Lets a process that is not ours get on.
pub(crate) fn pause(time: Duration) {
    #[expect(
        clippy::disallowed_methods,
        reason = "processes have no clock that could be moved"
    )]
    std::thread::sleep(time);
}

/// The end of what a command printed, without cargo's progress.
fn tail(text: &str) -> String {
    const PROGRESS: [&str; 5] = [
        "Compiling ",
        "Checking ",
        "Documenting ",
        "Downloaded ",
        "Running ",
    ];
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| {
            !PROGRESS
                .iter()
                .any(|word| line.trim_start().starts_with(word))
        })
        .collect();
    let from = lines.len().saturating_sub(SHOWN_LINES);
    lines.get(from..).unwrap_or_default().join("\n")
}
