use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use kms_service::{NonceHistory, UsedNonce};
use kms_testkit::MockClock;
use tempfile::{TempDir, tempdir};

use super::NonceFile;

/// 1,700,000,040 s after 1970: a whole minute.
const START: &str = "2023-11-14T22:14:00Z";
const MINUTE: i64 = 28_333_334;

struct Stand {
    clock: MockClock,
    path: PathBuf,
    _dir: TempDir,
}

impl Stand {
    fn new() -> Self {
        let dir = tempdir().unwrap();
        Self {
            clock: MockClock::at(START.parse().unwrap()),
            path: dir.path().join("nonces"),
            _dir: dir,
        }
    }

    fn open(&self) -> NonceHistory {
        NonceFile::open(&self.path, Arc::new(self.clock.clone())).unwrap()
    }
}

fn used(minute: i64, hash: u64) -> UsedNonce {
    UsedNonce { minute, hash }
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

#[test]
fn the_next_run_knows_them_under_the_same_key() {
    let stand = Stand::new();
    let first = stand.open();
    assert_eq!(first.used, []);
    let notes = [
        used(MINUTE, u64::MAX),
        used(MINUTE - 15, 0),
        used(MINUTE + 15, 1),
    ];
    for nonce in notes {
        first.journal.note(nonce);
    }
    // Not closed: killed.
    let second = stand.open();
    assert_eq!(second.used, notes);
    assert_eq!(second.key, first.key);
    second.journal.note(used(MINUTE, 2));
    let third = stand.open();
    assert_eq!(third.used.len(), 4);
    assert_ne!(Stand::new().open().key, first.key);
    let mode = fs::metadata(&stand.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_no_call_can_be_played_again_with_is_dropped() {
    let stand = Stand::new();
    let first = stand.open();
    first.journal.note(used(MINUTE, 1));
    first.journal.note(used(MINUTE + 15, 2));
    // 15 minutes and 59 seconds after the beginning of the minute, a call of its end
    // still passes.
    stand.clock.advance(Duration::from_secs(15 * 60 + 59));
    assert_eq!(stand.open().used.len(), 2);
    stand.clock.advance(Duration::from_mins(2));
    assert_eq!(stand.open().used, [used(MINUTE + 15, 2)]);
}

#[test]
fn files_do_not_grow_for_ever_and_lose_nothing_that_counts() {
    let stand = Stand::new();
    let history = stand.open();
    let empty = size(&stand.path);
    let mut largest = 0;
    // A call each minute, from a clock that is a quarter of an hour ahead.
    for minute in 0..300 {
        history.journal.note(used(MINUTE + minute + 15, 7));
        largest = largest.max(size(&stand.path));
        stand.clock.advance(Duration::from_mins(1));
        if minute % 7 == 0 {
            // Read as the next run would, without its housekeeping.
            let copy = tempdir().unwrap();
            for name in ["nonces", "nonces.before"] {
                let _ = fs::copy(stand.path.with_file_name(name), copy.path().join(name));
            }
            let clock = Arc::new(stand.clock.clone());
            let next = NonceFile::open(&copy.path().join("nonces"), clock).unwrap();
            let minutes: Vec<_> = next.used.iter().map(|nonce| nonce.minute).collect();
            for still in (0..=minute).filter(|one| one + 15 + 15 > minute) {
                assert!(
                    minutes.contains(&(MINUTE + still + 15)),
                    "{still} at {minute}"
                );
            }
        }
    }
    assert_eq!(largest - empty, 31 * 16);
}

#[test]
fn a_cut_off_record_and_a_damaged_file_are_no_end() {
    let stand = Stand::new();
    stand.open().journal.note(used(MINUTE, 1));
    let mut file = fs::OpenOptions::new()
        .append(true)
        .open(&stand.path)
        .unwrap();
    file.write_all(&[1, 2, 3]).unwrap();
    let next = stand.open();
    assert_eq!(next.used, [used(MINUTE, 1)]);
    next.journal.note(used(MINUTE, 2));
    assert_eq!(stand.open().used, [used(MINUTE, 1), used(MINUTE, 2)]);

    fs::write(&stand.path, "thesis").unwrap();
    let anew = stand.open();
    assert_eq!(anew.used, []);
    anew.journal.note(used(MINUTE, 3));
    assert_eq!(stand.open().used, [used(MINUTE, 3)]);
}
