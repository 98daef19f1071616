//! A time that the suite moves while programs run: theirs, and that of every process which has
//! to agree with them on it (Debian's libfaketime). What ends in an hour ends within the run,
//! and nobody is told a wrong end.

use std::{cell::Cell, fs, path::PathBuf, time::Duration};

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use kms_types::{Clock as _, SystemClock};
use tempfile::TempDir;

use crate::tools;

/// How far ahead the processes are that have its variables.
pub(crate) struct MovedClock {
    folder: TempDir,
    library: PathBuf,
    ahead: Cell<Duration>,
}

/// Where Debian keeps libraries, beneath a folder for each kind of machine.
const LIBRARIES: &str = "/usr/lib";

// === impl MovedClock ===

impl MovedClock {
    /// The time as it is.
    pub(crate) fn new() -> Result<Self> {
        tools::program("faketime", "faketime")?;
        let clock = Self {
            folder: tempfile::tempdir().context("making a folder")?,
            library: library()?,
            ahead: Cell::new(Duration::ZERO),
        };
        clock.set()?;
        Ok(clock)
    }

    /// Lets so much time pass at once.
    pub(crate) fn advance(&self, by: Duration) -> Result<()> {
        self.ahead.set(self.ahead.get() + by);
        self.set()
    }

    /// What it shows.
    pub(crate) fn now(&self) -> Timestamp {
        SystemClock.now() + self.ahead.get()
    }

    /// What a process needs to go by it.
    pub(crate) fn variables(&self) -> [(&'static str, String); 5] {
        [
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file().display().to_string()),
            // Looked at with each question, so that all change at the same moment.
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            // Waits and timeouts stay what they are.
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("NO_FAKE_STAT", "1".to_owned()),
        ]
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("ahead")
    }

    fn set(&self) -> Result<()> {
        let beside = self.folder.path().join("ahead.new");
        fs::write(&beside, format!("+{}s\n", self.ahead.get().as_secs()))
            .and_then(|()| fs::rename(&beside, self.file()))
            .context("setting the clock")
    }
}

fn library() -> Result<PathBuf> {
    fs::read_dir(LIBRARIES)
        .with_context(|| format!("reading {LIBRARIES}"))?
        .flatten()
        .map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"))
        .find(|path| path.is_file())
        .context("Debian's package faketime brought no libfaketimeMT.so.1")
}
