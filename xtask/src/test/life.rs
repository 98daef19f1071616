//! A kms-server's beginning and end, as its parts of the suite wait for them.

use std::{fs, path::Path, process::Child, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use kms_types::{Clock as _, SystemClock};
use rustix::process::{Pid, Signal, kill_process};

use super::stage::pause;

/// How long it may take to say `ready`, or to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// What it printed until it was ready, into `stdout.log` of that folder.
pub(super) fn until_ready(child: &mut Child, folder: &Path) -> Result<String> {
    let end = SystemClock.monotonic() + PATIENCE;
    loop {
        let text = fs::read_to_string(folder.join("stdout.log")).unwrap_or_default();
        if text.lines().any(|line| line == "ready") {
            return Ok(text);
        }
        let ended = child.try_wait().context("waiting for kms-server")?;
        if ended.is_some() || SystemClock.monotonic() > end {
            let errors = fs::read_to_string(folder.join("stderr.log"))?;
            bail!("kms-server is not ready ({ended:?}): {text}{errors}");
        }
        pause(Duration::from_millis(20));
    }
}

/// Orders it to end, and waits until it has ended well.
pub(super) fn end_well(child: &mut Child) -> Result<()> {
    kill_process(Pid::from_child(child), Signal::TERM).context("ending kms-server")?;
    let end = SystemClock.monotonic() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().context("waiting for kms-server")? {
            break status;
        }
        ensure!(SystemClock.monotonic() < end, "kms-server does not end");
        pause(Duration::from_millis(20));
    };
    ensure!(status.success(), "kms-server ended with {status}");
    Ok(())
}
