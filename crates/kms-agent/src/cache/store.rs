use std::{
    hash::BuildHasher,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::{ArcSwap, Guard};
use hashbrown::{DefaultHashBuilder, HashTable};
use kms_client::AccessKeyPair;

use super::{
    order::Order,
    policy::{Freshness, Policy},
};
use crate::{CacheSettings, SecretRequest, render::Rendered};

/// The cache. Reading it takes no lock at all; writing replaces one shard's map, which
/// is cheap beside the call of KMS that precedes it.
pub(crate) struct Cache {
    size: usize,
    max_bytes: usize,
    lru: bool,
    policy: Policy,
    /// Quick rather than proof against floods: only what KMS gave a value for gets in.
    hasher: DefaultHashBuilder,
    shards: [ArcSwap<Shard>; SHARDS],
    stamps: AtomicU64,
    writing: Mutex<Writing>,
}

/// One value as it is kept.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The answers.
    pub(crate) rendered: Rendered,
    /// KMS's id of the call that gave it, for the log.
    pub(crate) request_id: Box<str>,
    /// When it came, on the monotonic clock.
    pub(crate) fetched: Duration,
    /// For how long from then on it may be handed out without asking.
    pub(crate) fresh_for: Duration,
    /// The AccessKey in it, where that may be asked for by itself.
    pub(crate) access_key: Option<AccessKeyPair>,
}

/// What a look into the cache finds.
#[derive(Debug)]
pub(crate) enum Found {
    /// Good, hand it out.
    Fresh(Arc<Entry>),
    /// KMS could not be reached a moment ago: hand it out as stale, do not ask again yet.
    HeldOff(Arc<Entry>),
    /// Ask KMS; this may stand in if it cannot be asked.
    Stale(Arc<Entry>),
    /// Nothing.
    Missing,
}

type Shard = HashTable<Arc<Slot>>;

/// The place of a key, which it keeps when its value is refreshed.
struct Slot {
    key: Arc<SecretRequest>,
    /// Of the key.
    hash: u64,
    entry: ArcSwap<Entry>,
    /// The stamp of its last use.
    used: AtomicU64,
    /// Until when, in milliseconds of the monotonic clock, KMS is not asked again.
    held_off_until: AtomicU64,
    /// Its stamp in the order; changes under the lock.
    placed: AtomicU64,
}

#[derive(Default)]
struct Writing {
    order: Order<Arc<SecretRequest>>,
    len: usize,
    bytes: usize,
}

const SHARDS: usize = 16;
const SHARD_BITS_AT: u32 = 40;

/// KMS's values end at 30 KiB and JSON may double them, so this bound is met by
/// `CacheSize` first unless that is set very high.
const MAX_BYTES: usize = 128 * 1024 * 1024;

// === impl Cache ===

impl Cache {
    pub(crate) fn new(settings: &CacheSettings, policy: Policy) -> Self {
        Self {
            size: settings.size,
            max_bytes: MAX_BYTES,
            lru: settings.lru,
            policy,
            hasher: DefaultHashBuilder::default(),
            shards: std::array::from_fn(|_| ArcSwap::default()),
            stamps: AtomicU64::new(0),
            writing: Mutex::default(),
        }
    }

    /// What may be handed out at once. Takes no lock, and moves no count that other
    /// threads move.
    pub(crate) fn fresh(&self, key: &SecretRequest, now: Duration) -> Option<Guard<Arc<Entry>>> {
        let hash = self.hash(key);
        let shard = self.shard(hash)?.load();
        let entry = self.used(&shard, hash, key)?.entry.load();
        let age = now.saturating_sub(entry.fetched);
        (self.policy.judge(age, entry.fresh_for) == Freshness::Fresh).then_some(entry)
    }

    /// What there is for a key. Takes no lock.
    pub(crate) fn look(&self, key: &SecretRequest, now: Duration) -> Found {
        let hash = self.hash(key);
        let Some(shard) = self.shard(hash) else {
            return Found::Missing;
        };
        let shard = shard.load();
        let Some(slot) = self.used(&shard, hash, key) else {
            return Found::Missing;
        };
        let entry = slot.entry.load_full();
        let age = now.saturating_sub(entry.fetched);
        match self.policy.judge(age, entry.fresh_for) {
            Freshness::Fresh => Found::Fresh(entry),
            Freshness::Stale if millis(now) < slot.held_off_until.load(Ordering::Relaxed) => {
                Found::HeldOff(entry)
            }
            Freshness::Stale => Found::Stale(entry),
            Freshness::Gone => Found::Missing,
        }
    }

    /// Keeps a value, in its old place if there is one, and lets others go for it.
    pub(crate) fn put(&self, key: &SecretRequest, entry: Arc<Entry>) {
        let hash = self.hash(key);
        let Some(shard) = self.shard(hash) else {
            return;
        };
        if self.size == 0 {
            return;
        }
        let mut writing = self.writing();
        let new = entry.rendered.len();
        if let Some(slot) = find(&shard.load(), hash, key) {
            let old = slot.entry.swap(entry);
            slot.held_off_until.store(0, Ordering::Relaxed);
            writing.bytes = writing.bytes.saturating_sub(old.rendered.len()) + new;
        } else {
            let stamp = self.stamp();
            let slot = Arc::new(Slot {
                key: Arc::new(key.clone()),
                hash,
                entry: ArcSwap::new(entry),
                used: AtomicU64::new(stamp),
                held_off_until: AtomicU64::new(0),
                placed: AtomicU64::new(stamp),
            });
            writing.order.insert(stamp, Arc::clone(&slot.key));
            writing.len += 1;
            writing.bytes += new;
            let mut slots = Shard::clone(&shard.load());
            slots.insert_unique(hash, slot, |slot| slot.hash);
            shard.store(Arc::new(slots));
        }
        while writing.len > self.size || (writing.bytes > self.max_bytes && writing.len > 1) {
            let Some(first) = writing.order.pop(|key| self.last_use(key)) else {
                break;
            };
            self.forget(&mut writing, &first);
        }
    }

    /// Lets a value go: KMS said that it is no longer for us.
    pub(crate) fn remove(&self, key: &SecretRequest) {
        let mut writing = self.writing();
        self.forget(&mut writing, key);
    }

    /// KMS cannot be reached: until then, do not ask again for a key that has a value.
    pub(crate) fn hold_off(&self, key: &SecretRequest, until: Duration) {
        let hash = self.hash(key);
        if let Some(shard) = self.shard(hash)
            && let Some(slot) = find(&shard.load(), hash, key)
        {
            slot.held_off_until.store(millis(until), Ordering::Relaxed);
        }
    }

    /// Lets go of what can never be handed out again, so that no plaintext waits in
    /// memory for nothing.
    pub(crate) fn purge(&self, now: Duration) {
        let mut writing = self.writing();
        for shard in &self.shards {
            let gone: Vec<_> = shard
                .load()
                .iter()
                .filter(|slot| {
                    let entry = slot.entry.load();
                    let age = now.saturating_sub(entry.fetched);
                    self.policy.judge(age, entry.fresh_for) == Freshness::Gone
                })
                .map(|slot| Arc::clone(&slot.key))
                .collect();
            for key in gone {
                self.forget(&mut writing, &key);
            }
        }
    }

    fn forget(&self, writing: &mut Writing, key: &SecretRequest) {
        let hash = self.hash(key);
        let Some(shard) = self.shard(hash) else {
            return;
        };
        let mut slots = Shard::clone(&shard.load());
        let Ok(found) = slots.find_entry(hash, |slot| *slot.key == *key) else {
            return;
        };
        let (slot, _) = found.remove();
        shard.store(Arc::new(slots));
        writing.order.remove(slot.placed.load(Ordering::Relaxed));
        writing.len -= 1;
        let bytes = slot.entry.load().rendered.len();
        writing.bytes = writing.bytes.saturating_sub(bytes);
    }

    /// For [`Order::pop`]: moves the key to its last use, if use counts.
    fn last_use(&self, key: &Arc<SecretRequest>) -> Option<(u64, Arc<SecretRequest>)> {
        if !self.lru {
            return None;
        }
        let hash = self.hash(key);
        let shard = self.shard(hash)?.load();
        let slot = find(&shard, hash, key)?;
        let used = slot.used.load(Ordering::Relaxed);
        slot.placed.store(used, Ordering::Relaxed);
        Some((used, Arc::clone(key)))
    }

    /// The key's slot, stamped as used now.
    fn used<'a>(&self, shard: &'a Shard, hash: u64, key: &SecretRequest) -> Option<&'a Slot> {
        let slot = find(shard, hash, key)?;
        if self.lru {
            slot.used.store(self.stamp(), Ordering::Relaxed);
        }
        Some(slot)
    }

    fn hash(&self, key: &SecretRequest) -> u64 {
        self.hasher.hash_one(key)
    }

    /// By bits that the tables in the shards do not look at first.
    fn shard(&self, hash: u64) -> Option<&ArcSwap<Shard>> {
        let at = usize::try_from(hash >> SHARD_BITS_AT).ok()? % SHARDS;
        self.shards.get(at)
    }

    fn stamp(&self) -> u64 {
        self.stamps.fetch_add(1, Ordering::Relaxed)
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find<'a>(shard: &'a Shard, hash: u64, key: &SecretRequest) -> Option<&'a Arc<Slot>> {
    shard.find(hash, |slot| *slot.key == *key)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
