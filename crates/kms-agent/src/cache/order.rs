//! Who leaves first. First stored, or least recently used: both exactly, and neither
//! needs a lock while reading.

use std::collections::BTreeMap;

/// Keys by the moment that counts: when they were stored or, for LRU, last seen used.
#[derive(Debug)]
pub(super) struct Order<K> {
    by_stamp: BTreeMap<u64, K>,
}

impl<K> Default for Order<K> {
    fn default() -> Self {
        Self {
            by_stamp: BTreeMap::new(),
        }
    }
}

impl<K> Order<K> {
    pub(super) fn insert(&mut self, stamp: u64, key: K) {
        self.by_stamp.insert(stamp, key);
    }

    pub(super) fn remove(&mut self, stamp: u64) {
        self.by_stamp.remove(&stamp);
    }

    /// Takes the key that leaves first. `used` gives the moment of a key's last use, or
    /// `None` where use does not count.
    ///
    /// Readers only set that moment and leave the order as it is. So it may lag, but
    /// only behind: once the first key's moment is what the order says, no other key's
    /// can be earlier.
    pub(super) fn pop(&mut self, used: impl Fn(&K) -> Option<(u64, K)>) -> Option<K> {
        loop {
            let (stamp, key) = self.by_stamp.pop_first()?;
            match used(&key) {
                Some((moved, key)) if moved > stamp => self.insert(moved, key),
                _ => return Some(key),
            }
        }
    }
}
