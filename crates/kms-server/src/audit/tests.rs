//! The log on a disk that works, and on one that does not.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use kms_crypto::{AuditPublicKey, Keyring};
use kms_testkit::MockClock;
use tempfile::{TempDir, tempdir};

use super::{sheet::OpenSheet, *};

mod faults;
mod files;
mod hostile;
mod spoilt;

/// A folder, a clock and a keyring.
struct Stand {
    dir: TempDir,
    clock: MockClock,
    keyring: Keyring,
}

impl Stand {
    fn new() -> Self {
        let clock = MockClock::at("2026-11-25T12:00:00Z".parse().unwrap());
        Self {
            dir: tempdir().unwrap(),
            keyring: Keyring::generate("2026-11-25T12:00:00Z".parse().unwrap()).unwrap(),
            clock,
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("audit/audit.log")
    }

    fn options(&self) -> Options {
        Options {
            path: self.path(),
            server: "one".to_owned(),
            max_size: 1 << 20,
            reserve: 1 << 16,
            socket: None,
        }
    }

    fn open(&self) -> Log {
        self.try_open().unwrap()
    }

    fn try_open(&self) -> Result<Log, AuditError> {
        Log::open(self.options(), &self.keyring, Arc::new(self.clock.clone()))
    }

    fn open_on(&self, sheets: OpenSheet) -> Log {
        let clock = Arc::new(self.clock.clone());
        Log::open_with(self.options(), &self.keyring, clock, sheets).unwrap()
    }

    fn trust(&self) -> Trust {
        Trust::Keyring(self.keyring.clone())
    }

    fn public(&self) -> AuditPublicKey {
        self.keyring.audit_keys().unwrap().public()
    }

    /// All files, the rotated ones too.
    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> = fs::read_dir(self.dir.path().join("audit"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        files
    }

    fn verify(&self) -> Report {
        verify(&self.files(), &self.trust()).unwrap()
    }
}

/// Has so many lines on disk.
async fn write(log: &Log, count: usize) {
    for number in 0..count {
        let ticket = log.event("test", &[("number", &number.to_string())]);
        assert!(log.redeem(ticket).await);
    }
}

fn lines(path: &Path) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
