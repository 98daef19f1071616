//! A program that calls the business API until it is told to end, and then says how that went.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use kms_types::{Clock as _, SystemClock};
use rustix::process::{Pid, Signal, kill_process};

use crate::test::stage::pause;

/// Killed when dropped.
pub(in crate::test) struct Program {
    child: Child,
    printed: PathBuf,
}

/// For a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);

// === impl Program ===

impl Program {
    /// Starts it; what it prints goes to a file of this name in the folder.
    pub(in crate::test) fn start(name: &str, folder: &Path, command: &mut Command) -> Result<Self> {
        let printed = folder.join(name).with_extension("txt");
        let file = File::create(&printed).with_context(|| format!("making {name}.txt"))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().context("sharing a file")?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        Ok(Self { child, printed })
    }

    /// That it has not ended by itself.
    pub(in crate::test) fn still_runs(&mut self) -> Result<()> {
        let ended = self.child.try_wait().context("waiting for a program")?;
        ensure!(ended.is_none(), "it ended: {ended:?}\n{}", self.printed());
        Ok(())
    }

    /// Waits until it is so, as long as the program runs.
    pub(in crate::test) fn until(&mut self, what: &str, is_so: impl Fn() -> bool) -> Result<()> {
        let end = SystemClock.monotonic() + PATIENCE;
        while !is_so() {
            self.still_runs()?;
            ensure!(
                SystemClock.monotonic() < end,
                "no {what} for a long time: {}",
                self.printed()
            );
            pause(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Orders it to end. What it says at last: how many calls it made, none of which may have
    /// failed.
    pub(in crate::test) fn end(mut self) -> Result<usize> {
        self.still_runs()?;
        kill_process(Pid::from_child(&self.child), Signal::TERM).context("ending a program")?;
        let end = SystemClock.monotonic() + PATIENCE;
        while self
            .child
            .try_wait()
            .context("waiting for a program")?
            .is_none()
        {
            ensure!(SystemClock.monotonic() < end, "it does not end");
            pause(Duration::from_millis(20));
        }
        let text = self.printed();
        let said = text.lines().find_map(counted);
        let (calls, failed) = said.with_context(|| format!("it did not count: {text}"))?;
        ensure!(failed == 0, "{failed} of {calls} calls failed\n{text}");
        ensure!(calls > 0, "it made no call");
        Ok(calls)
    }

    /// The end of what it printed.
    fn printed(&self) -> String {
        let text = fs::read_to_string(&self.printed).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let from = lines.len().saturating_sub(40);
        lines.get(from..).unwrap_or_default().join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // After `end` there is nobody left to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// `N calls, M failed`.
fn counted(line: &str) -> Option<(usize, usize)> {
    let (calls, rest) = line.split_once(" calls, ")?;
    let failed = rest.strip_suffix(" failed")?;
    Some((calls.parse().ok()?, failed.parse().ok()?))
}
