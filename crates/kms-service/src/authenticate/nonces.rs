use std::{
    collections::{BTreeMap, HashSet},
    hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState},
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use kms_types::{AccessKeyId, ErrorCode};
use kms_wire::ApiError;

/// The nonces of calls whose timestamps are still within the window, as keyed 8-byte
/// hashes: whoever chooses nonces cannot choose which of them collide.
///
/// Grouped by the minute of the call's timestamp, so that they are forgotten together
/// once no call of that minute passes any more.
pub(crate) struct Nonces {
    limit: usize,
    hasher: RandomState,
    by_minute: Mutex<BTreeMap<i64, Hashes>>,
}

type Hashes = HashSet<u64, BuildHasherDefault<AsIs>>;

impl Nonces {
    /// Remembers at most that many.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            hasher: RandomState::new(),
            by_minute: Mutex::default(),
        }
    }

    /// Notes a nonce. Calls signed before `oldest` are refused by their timestamps, so
    /// their nonces are forgotten.
    ///
    /// # Errors
    /// `SignatureNonceUsed`, and `Rejected.Throttling` if there is no room.
    pub(crate) fn remember(
        &self,
        id: &AccessKeyId,
        nonce: &str,
        signed: Timestamp,
        oldest: Timestamp,
    ) -> Result<(), ApiError> {
        let hash = self.hasher.hash_one((id, nonce));
        let mut by_minute = self
            .by_minute
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let first_kept = minute(oldest);
        *by_minute = by_minute.split_off(&first_kept);
        // The nonce of one call must not serve for another, whatever its timestamp.
        if by_minute.values().any(|hashes| hashes.contains(&hash)) {
            return Err(ApiError::new(
                ErrorCode::SignatureNonceUsed,
                "Specified signature nonce was used already.",
            ));
        }
        if by_minute.values().map(HashSet::len).sum::<usize>() >= self.limit {
            return Err(ApiError::new(ErrorCode::Throttling, "QPS Limit Exceeded"));
        }
        by_minute.entry(minute(signed)).or_default().insert(hash);
        Ok(())
    }
}

fn minute(moment: Timestamp) -> i64 {
    moment.as_second().div_euclid(60)
}

/// For keys that are hashes already.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Never with `u64` keys; kept right for any other.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests;
