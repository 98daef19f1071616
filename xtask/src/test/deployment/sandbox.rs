//! Mounts, processes and a network of our own: nothing here touches the machine, and all of
//! it ends with the handle, however the suite ends.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use kms_types::{Clock, SystemClock};

use crate::{
    test::{Stage, stage::pause},
    tools,
};

/// Namespaces that run; all processes in them are killed when it is dropped.
pub(crate) struct Sandbox {
    holder: Child,
}

/// A process beside the suite's commands; killed when dropped, if its sandbox is not.
pub(crate) struct Beside {
    child: Child,
    output: PathBuf,
}

/// The first process of the namespaces. A cgroup2 file system in place of what the machine
/// mounts there, because crun refuses a mixture of both kinds.
const HOLD: &str = "mount -t cgroup2 cgroup2 /sys/fs/cgroup || umount -l /sys/fs/cgroup/unified; \
                    echo up; exec sleep infinity";

/// Before that, in a network that is new.
const LINK: &str = "ip link set lo up || exit 1; ";

/// How long a process may take to show what is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

// === impl Sandbox ===

impl Sandbox {
    /// Opens one. It has a loopback network and no other.
    pub(crate) fn open(stage: &Stage<'_>) -> Result<Self> {
        tools::program("ip", "iproute2")?;
        Self::hold(stage, &["--net"], &format!("{LINK}{HOLD}"))
    }

    /// Opens one with the machine's network, as a pod with `hostNetwork` has it.
    pub(crate) fn open_on_the_machines_network(stage: &Stage<'_>) -> Result<Self> {
        Self::hold(stage, &[], HOLD)
    }

    fn hold(stage: &Stage<'_>, network: &[&str], first: &str) -> Result<Self> {
        ensure!(
            rustix::process::geteuid().is_root(),
            "the deployment parts make mounts, users and networks of their own: run them as root"
        );
        tools::program("nsenter", "util-linux")?;
        let mut holder = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--", "unshare"])
            .args(["--mount", "--pid", "--ipc", "--uts", "--cgroup"])
            .args(network)
            .args(["--fork", "--kill-child=KILL", "--mount-proc", "--"])
            .args(["sh", "-c", first])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stage.log()?)
            .spawn()
            .context("starting unshare")?;
        let stdout = holder.stdout.take().context("the output of unshare")?;
        let sandbox = Self { holder };
        let mut line = String::new();
        BufReader::new(stdout)
            .read_line(&mut line)
            .context("reading from the sandbox")?;
        ensure!(
            line == "up\n",
            "this machine gives root no mount, process and network namespaces"
        );
        Ok(sandbox)
    }

    /// A command in all of the namespaces. It runs on when only `nsenter` is killed.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.enter(&["mnt", "net", "ipc", "uts", "cgroup"]);
        command
            .arg(format!(
                "--pid={}",
                self.namespace("pid_for_children").display()
            ))
            .arg("--")
            .arg(program);
        command
    }

    /// A command whose parent is the machine's: only mounts and network are the sandbox's.
    /// The process is the child itself.
    pub(crate) fn direct(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.enter(&["mnt", "net", "ipc", "uts", "cgroup"]);
        command.arg("--").arg(program);
        command
    }

    /// For `nsenter --net=`.
    pub(crate) fn network(&self) -> PathBuf {
        self.namespace("net")
    }

    fn enter(&self, kinds: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        for kind in kinds {
            let option = if *kind == "mnt" { "mount" } else { kind };
            command.arg(format!("--{option}={}", self.namespace(kind).display()));
        }
        command
    }

    fn namespace(&self, kind: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/ns/{kind}", self.holder.id()))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Its first process goes with it, and with that one the kernel ends all others.
        drop(self.holder.kill());
        drop(self.holder.wait());
    }
}

// === impl Beside ===

impl Beside {
    /// Starts it; what it prints goes into this file.
    pub(crate) fn start(command: &mut Command, output: &Path) -> Result<Self> {
        let file = File::create(output).with_context(|| format!("making {}", output.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().context("sharing a file")?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("starting {}", tools::line(command)))?;
        Ok(Self {
            child,
            output: output.to_path_buf(),
        })
    }

    /// What it has printed so far.
    pub(crate) fn printed(&self) -> String {
        fs::read_to_string(&self.output).unwrap_or_default()
    }

    /// Of the process that was started, which may be the parent of the one that is meant.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has ended by itself; how.
    pub(crate) fn ended(&mut self) -> Result<ExitStatus> {
        let end = SystemClock.monotonic() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().context("waiting for a process")? {
                return Ok(status);
            }
            ensure!(
                SystemClock.monotonic() < end,
                "it does not end: {}",
                self.printed()
            );
            pause(Duration::from_millis(20));
        }
    }

    /// Asks again and again until it says yes; fails when the process ends or time is over.
    pub(crate) fn wait_until(
        &mut self,
        what: &str,
        mut is: impl FnMut(&Self) -> Result<bool>,
    ) -> Result<()> {
        let end = SystemClock.monotonic() + PATIENCE;
        loop {
            if is(self)? {
                return Ok(());
            }
            let ended = self.child.try_wait().context("waiting for a process")?;
            if ended.is_some() || SystemClock.monotonic() > end {
                bail!("not {what} ({ended:?}): {}", self.printed());
            }
            pause(Duration::from_millis(50));
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
