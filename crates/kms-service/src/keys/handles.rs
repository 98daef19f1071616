//! Keys that were opened, kept for the next call. Whether a key may be used is read from the
//! store each time: this spares the opening alone.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kms_crypto::KeyHandle;
use kms_types::{KeyId, KeyVersionId};

/// Handles by the version that they are of. When it is full, the one goes that was used
/// longest ago; each goes some time after it was opened, so that a key that another server
/// has deleted does not stay in memory. What goes is wiped.
pub(crate) struct Handles {
    most: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Counts uses.
    uses: u64,
    by_version: HashMap<KeyVersionId, Entry>,
}

struct Entry {
    key: KeyId,
    handle: KeyHandle,
    /// When it goes, by the clock that no one moves.
    end: Duration,
    used: u64,
}

/// How many are kept: with RSA keys a handle takes some kilobytes.
const MOST: usize = 4096;
/// How long one is kept.
const AGE: Duration = Duration::from_mins(10);

impl Handles {
    /// With room for so many.
    fn with_room_for(most: usize) -> Self {
        Self {
            most,
            kept: Mutex::default(),
        }
    }

    /// The handle of that version of that key.
    pub(super) fn get(
        &self,
        key: &KeyId,
        version: &KeyVersionId,
        now: Duration,
    ) -> Option<KeyHandle> {
        let mut kept = self.kept();
        kept.uses += 1;
        let uses = kept.uses;
        let entry = kept.by_version.get_mut(version)?;
        if entry.end <= now {
            kept.by_version.remove(version);
            return None;
        }
        if entry.key != *key {
            return None;
        }
        entry.used = uses;
        Some(entry.handle.clone())
    }

    /// Which key the version belongs to, if that is known here.
    pub(super) fn key_of(&self, version: &KeyVersionId) -> Option<KeyId> {
        let kept = self.kept();
        kept.by_version.get(version).map(|entry| entry.key.clone())
    }

    /// Keeps a handle.
    pub(super) fn put(
        &self,
        key: &KeyId,
        version: &KeyVersionId,
        handle: &KeyHandle,
        now: Duration,
    ) {
        let mut kept = self.kept();
        if kept.by_version.len() >= self.most {
            kept.make_room(now);
        }
        let used = kept.uses;
        kept.by_version.insert(
            version.clone(),
            Entry {
                key: key.clone(),
                handle: handle.clone(),
                end: now.saturating_add(AGE),
                used,
            },
        );
    }

    /// Wipes all versions of a key.
    pub(super) fn forget(&self, key: &KeyId) {
        self.kept().by_version.retain(|_, entry| entry.key != *key);
    }

    /// Nothing in here is half done when a thread dies.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Takes away what is over, or else what was used longest ago: an eighth of all, so that
    /// this is not done for each that comes.
    fn make_room(&mut self, now: Duration) {
        let before = self.by_version.len();
        self.by_version.retain(|_, entry| entry.end > now);
        if self.by_version.len() < before {
            return;
        }
        let mut uses: Vec<u64> = self.by_version.values().map(|entry| entry.used).collect();
        let nth = before / 8;
        let (_, &mut bound, _) = uses.select_nth_unstable(nth.min(before.saturating_sub(1)));
        self.by_version.retain(|_, entry| entry.used > bound);
    }
}

impl Default for Handles {
    fn default() -> Self {
        Self::with_room_for(MOST)
    }
}

/// How many.
impl fmt::Debug for Handles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handles({})", self.kept().by_version.len())
    }
}

#[cfg(test)]
mod tests;
