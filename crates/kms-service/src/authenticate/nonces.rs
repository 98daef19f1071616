use std::{
    collections::{BTreeMap, HashSet},
    hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use aws_lc_rs::hmac;
use jiff::Timestamp;
use kms_store::{Moment, SharedNonces, StoreError};
use kms_types::{AccessKeyId, ErrorCode};
use kms_wire::{ApiError, sign::Claim};
use tokio::sync::OnceCell;

use crate::{Service, failure::Failure};

/// A nonce as it is remembered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UsedNonce {
    /// When its call says it was signed, in minutes since 1970.
    pub minute: i64,
    /// Of the nonce and of who used it, keyed: whoever chooses nonces cannot choose which
    /// of them collide.
    pub hash: u64,
}

/// Writes nonces down where the next run of the server finds them.
pub trait NonceJournal: Send + Sync {
    /// Writes one down. It is where a crash of this process does not reach it when this
    /// returns, for then its call is carried out.
    fn note(&self, nonce: UsedNonce);
}

/// The nonces of the runs before, and where those of this one go.
pub struct NonceHistory {
    /// What makes the hashes, the same in every run.
    pub key: [u8; 32],
    /// What was used; what no call can be played again with any more is no matter.
    pub used: Vec<UsedNonce>,
    /// Where they go.
    pub journal: Arc<dyn NonceJournal>,
}

/// The nonces of calls whose timestamps are still within the window, as keyed 8-byte
/// hashes.
///
/// Grouped by the minute of the call's timestamp, so that they are forgotten together
/// once no call of that minute passes any more.
pub(crate) struct Nonces {
    limit: usize,
    key: hmac::Key,
    kept: Mutex<Kept>,
    journal: Option<Arc<dyn NonceJournal>>,
    shared: Shared,
}

/// Those of this server.
#[derive(Default)]
struct Kept {
    by_minute: BTreeMap<i64, Hashes>,
    /// How many in all.
    count: usize,
    /// The first minute that was not forgotten yet.
    since: i64,
}

/// What is known of the nonces of all servers.
#[derive(Default)]
struct Shared {
    key: OnceCell<hmac::Key>,
    /// The first minute that was not forgotten yet.
    first_kept: AtomicI64,
}

type Hashes = HashSet<u64, BuildHasherDefault<AsIs>>;

// === impl Nonces ===

impl Nonces {
    /// Remembers at most that many, until the process ends.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            key: hmac::Key::new(hmac::HMAC_SHA256, &random_key()),
            kept: Mutex::default(),
            journal: None,
            shared: Shared::default(),
        }
    }

    /// Remembers at most that many, and what was used before.
    pub(crate) fn with_history(limit: usize, history: NonceHistory) -> Self {
        let mut kept = Kept::default();
        for nonce in history.used {
            kept.insert(nonce);
        }
        Self {
            limit,
            key: hmac::Key::new(hmac::HMAC_SHA256, &history.key),
            kept: Mutex::new(kept),
            journal: Some(history.journal),
            shared: Shared::default(),
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
        let nonce = UsedNonce {
            minute: minute(signed),
            hash: hash(&self.key, id, nonce),
        };
        self.insert(nonce, minute(oldest))?;
        if let Some(journal) = &self.journal {
            journal.note(nonce);
        }
        Ok(())
    }

    fn insert(&self, nonce: UsedNonce, first_kept: i64) -> Result<(), ApiError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.forget(first_kept);
        // The nonce of one call must not serve for another, whatever its timestamp.
        if kept.contains(nonce.hash) {
            return Err(used_already());
        }
        if kept.count >= self.limit {
            return Err(ApiError::new(ErrorCode::Throttling, "QPS Limit Exceeded"));
        }
        kept.insert(nonce);
        Ok(())
    }

    /// As [`Self::remember`], among those of all servers.
    async fn remember_for_all(
        &self,
        others: &dyn SharedNonces,
        id: &AccessKeyId,
        nonce: &str,
        signed: Timestamp,
        oldest: Timestamp,
    ) -> Result<Option<Moment>, Failure> {
        let key = self
            .shared
            .key
            .get_or_try_init(|| async {
                let key = others.key(random_key()).await?;
                Ok::<_, StoreError>(hmac::Key::new(hmac::HMAC_SHA256, &key))
            })
            .await?;
        let first_kept = minute(oldest);
        if self
            .shared
            .first_kept
            .fetch_max(first_kept, Ordering::Relaxed)
            < first_kept
            && let Err(error) = others.forget(first_kept).await
        {
            // There will be more to forget the next minute.
            tracing::warn!(%error, "old nonces were not forgotten");
        }
        let (is_first, moment) = others.note(minute(signed), hash(key, id, nonce)).await?;
        if !is_first {
            return Err(used_already().into());
        }
        Ok(moment)
    }
}

impl Kept {
    fn contains(&self, hash: u64) -> bool {
        let mut minutes = self.by_minute.values();
        minutes.any(|hashes| hashes.contains(&hash))
    }

    fn insert(&mut self, nonce: UsedNonce) {
        let hashes = self.by_minute.entry(nonce.minute).or_default();
        self.count += usize::from(hashes.insert(nonce.hash));
    }

    /// Forgets all before that minute.
    fn forget(&mut self, first_kept: i64) {
        if first_kept > self.since {
            self.since = first_kept;
            self.by_minute = self.by_minute.split_off(&first_kept);
            self.count = self.by_minute.values().map(HashSet::len).sum();
        }
    }
}

impl Service {
    /// Notes a call's nonce, here and where all servers see it; see [`Nonces::remember`]. The
    /// moment at which that was done.
    pub(super) async fn remember(
        &self,
        id: &AccessKeyId,
        claim: &Claim,
        oldest: Timestamp,
    ) -> Result<Option<Moment>, Failure> {
        let nonces = self.nonces();
        let (nonce, signed) = (&claim.nonce, claim.timestamp);
        nonces.remember(id, nonce, signed, oldest)?;
        match self.shared_nonces() {
            Some(others) => {
                nonces
                    .remember_for_all(others, id, nonce, signed, oldest)
                    .await
            }
            None => self.moment().await,
        }
    }
}

fn used_already() -> ApiError {
    ApiError::new(
        ErrorCode::SignatureNonceUsed,
        "Specified signature nonce was used already.",
    )
}

fn hash(key: &hmac::Key, id: &AccessKeyId, nonce: &str) -> u64 {
    let mut context = hmac::Context::with_key(key);
    context.update(id.as_str().as_bytes());
    // Not in an id, so that no two pairs are written alike.
    context.update(&[0]);
    context.update(nonce.as_bytes());
    context
        .sign()
        .as_ref()
        .first_chunk()
        .map_or(0, |first| u64::from_be_bytes(*first))
}

/// Unknown to others, which is all that it has to be.
fn random_key() -> [u8; 32] {
    let random = RandomState::new();
    let mut key = [0; 32];
    for (number, part) in key.chunks_exact_mut(8).enumerate() {
        part.copy_from_slice(&random.hash_one(number).to_be_bytes());
    }
    key
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
