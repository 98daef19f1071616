use std::{
    borrow::Borrow,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hashlink::LruCache;
use kms_store::{Area, Moment};

/// What was found in an area of the store, until something in the area changes. When it is
/// full, what was asked for longest ago goes.
pub(crate) struct Remembered<K, V> {
    area: Area,
    found: Mutex<LruCache<K, Remark<V>>>,
}

/// What was found, and when.
pub(crate) struct Remark<V> {
    area: Area,
    number: u64,
    value: Arc<V>,
}

// === impl Remembered ===

impl<K: Eq + Hash, V> Remembered<K, V> {
    pub(crate) fn new(area: Area, most: usize) -> Self {
        Self {
            area,
            found: Mutex::new(LruCache::new(most)),
        }
    }

    /// What was found last; [`Remark::at`] says whether it is still so.
    pub(crate) fn last<Q>(&self, key: &Q) -> Option<Remark<V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.found().get(key).cloned()
    }

    /// What was found at that moment.
    pub(crate) fn at<Q>(&self, key: &Q, moment: Option<&Moment>) -> Option<Arc<V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.last(key)?.at(moment)
    }

    /// Remembers what was found in a transaction that began after that moment was asked for.
    pub(crate) fn put(&self, key: K, moment: Option<&Moment>, value: &Arc<V>) {
        let Some(moment) = moment else {
            return;
        };
        let remark = Remark {
            area: self.area,
            number: moment.number(self.area),
            value: Arc::clone(value),
        };
        let mut found = self.found();
        // Of two that looked at once, the later moment's stays.
        if found
            .get(&key)
            .is_none_or(|other| other.number <= remark.number)
        {
            found.insert(key, remark);
        }
    }

    /// Nothing in here is half done when a thread dies.
    fn found(&self) -> MutexGuard<'_, LruCache<K, Remark<V>>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Remark ===

impl<V> Remark<V> {
    pub(crate) fn value(&self) -> &V {
        &self.value
    }

    /// What was found, if nothing has changed up to that moment.
    pub(crate) fn at(self, moment: Option<&Moment>) -> Option<Arc<V>> {
        let is_so = moment.is_some_and(|moment| moment.number(self.area) == self.number);
        is_so.then_some(self.value)
    }
}

impl<V> Clone for Remark<V> {
    fn clone(&self) -> Self {
        Self {
            area: self.area,
            number: self.number,
            value: Arc::clone(&self.value),
        }
    }
}

#[cfg(test)]
mod tests;
