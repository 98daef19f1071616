//! Used nonces in two files, so that no call of the last run can be played again, however
//! that run ended. What a power cut takes is at most what the system had not yet written.
//!
//! A file is a mark, a key and records of 16 bytes, appended one at a time. A record is
//! of no use any more half an hour after it was written: by then a call with a timestamp
//! of a quarter of an hour ahead is a quarter of an hour old. So when a file has been
//! written to for that long, it takes the place of the other, whose records are all over.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    mem,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use kms_service::{NonceHistory, NonceJournal, UsedNonce};
use kms_types::Clock;
use uuid::Uuid;

use crate::files::write_private;

/// Notes nonces, one process at a time.
pub(crate) struct NonceFile {
    path: PathBuf,
    key: Key,
    clock: Arc<dyn Clock>,
    current: Mutex<Current>,
}

struct Current {
    file: File,
    began: Timestamp,
    is_failing: bool,
}

type Key = [u8; 32];

/// What a file begins with.
const MARK: &[u8] = b"kms-nonces-1\n";

/// For so long a record may count.
const LIFE: SignedDuration = SignedDuration::from_mins(31);

// === impl NonceFile ===

impl NonceFile {
    /// What was used, and where to go on. Files that are none of ours are replaced.
    ///
    /// # Errors
    /// If files cannot be read or written.
    pub(crate) fn open(path: &Path, clock: Arc<dyn Clock>) -> io::Result<NonceHistory> {
        let now = clock.now();
        let read = [path.to_owned(), other(path)]
            .iter()
            .filter_map(|path| read(path).transpose())
            .collect::<io::Result<Vec<_>>>()?;
        let key = read.first().map_or_else(random_key, |(key, _)| *key);
        let used: Vec<_> = read
            .into_iter()
            .filter(|(own, _)| *own == key)
            .flat_map(|(_, used)| used)
            .filter(|nonce| is_of_use(*nonce, now))
            .collect();
        // One file with what counts; the other one has nothing more to say.
        write_private(path, &content(&key, &used))?;
        match fs::remove_file(other(path)) {
            Err(reason) if reason.kind() != io::ErrorKind::NotFound => return Err(reason),
            _ => {}
        }
        let journal = Self {
            path: path.to_owned(),
            key,
            current: Mutex::new(Current {
                file: append(path)?,
                began: now,
                is_failing: false,
            }),
            clock,
        };
        Ok(NonceHistory {
            key,
            used,
            journal: Arc::new(journal),
        })
    }

    fn write(&self, current: &mut Current, nonce: UsedNonce) -> io::Result<()> {
        let now = self.clock.now();
        if now.duration_since(current.began) >= LIFE {
            match fs::rename(&self.path, other(&self.path)) {
                // The last attempt came so far.
                Err(reason) if reason.kind() == io::ErrorKind::NotFound => {}
                renamed => renamed?,
            }
            write_private(&self.path, &content(&self.key, &[]))?;
            current.file = append(&self.path)?;
            current.began = now;
        }
        current.file.write_all(&record(nonce))
    }
}

impl NonceJournal for NonceFile {
    fn note(&self, nonce: UsedNonce) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = self.write(&mut current, nonce).err();
        // A full disk must not keep anybody from reading, nor fill the log.
        let was_failing = mem::replace(&mut current.is_failing, failed.is_some());
        match failed {
            Some(reason) if !was_failing => tracing::warn!(
                error = %reason,
                "used nonces cannot be written down; after a restart a call could be \
                 played again"
            ),
            None if was_failing => tracing::info!("used nonces are written down again"),
            _ => {}
        }
    }
}

/// Where the file before this one lies.
fn other(path: &Path) -> PathBuf {
    path.with_extension("before")
}

fn content(key: &Key, used: &[UsedNonce]) -> Vec<u8> {
    let mut content = [MARK, key].concat();
    for nonce in used {
        content.extend(record(*nonce));
    }
    content
}

fn record(nonce: UsedNonce) -> [u8; 16] {
    let both = u128::from(nonce.minute.cast_unsigned()) << 64 | u128::from(nonce.hash);
    both.to_be_bytes()
}

/// The key and the records; nothing if there is no such file or it is no such file. A
/// record that was cut off at the end is none.
fn read(path: &Path) -> io::Result<Option<(Key, Vec<UsedNonce>)>> {
    let content = match fs::read(path) {
        Ok(content) => content,
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(reason) => return Err(reason),
    };
    let parsed = content
        .strip_prefix(MARK)
        .and_then(|rest| rest.split_first_chunk::<32>())
        .map(|(key, records)| (*key, parse(records)));
    if parsed.is_none() {
        tracing::warn!(path = %path.display(), "damaged; nonces used before are not known");
    }
    Ok(parsed)
}

fn parse(records: &[u8]) -> Vec<UsedNonce> {
    let (records, _cut_off) = records.as_chunks::<16>();
    records
        .iter()
        .map(|record| {
            let [m0, m1, m2, m3, m4, m5, m6, m7, hash @ ..] = *record;
            UsedNonce {
                minute: i64::from_be_bytes([m0, m1, m2, m3, m4, m5, m6, m7]),
                hash: u64::from_be_bytes(hash),
            }
        })
        .collect()
}

/// Whether a call with this timestamp might still pass.
fn is_of_use(nonce: UsedNonce, now: Timestamp) -> bool {
    let minute = now.as_second().div_euclid(60);
    nonce.minute.saturating_add(16) >= minute
}

/// From the system's random generator, but for twelve bits.
fn random_key() -> Key {
    let mut key = [0; 32];
    let (first, second) = key.split_at_mut(16);
    first.copy_from_slice(Uuid::new_v4().as_bytes());
    second.copy_from_slice(Uuid::new_v4().as_bytes());
    key
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).open(path)
}

#[cfg(test)]
mod tests;
