//! Where pages of a list have begun and ended, so that a page far down is found by name and
//! not by counting through all that come before it.

use std::{collections::BTreeMap, sync::Arc};

use kms_types::SecretName;

use super::memory::Weight;

/// Anchors of one list at most.
const MOST: u64 = 1024;
/// Rows that are counted through faster than a name is looked up.
const NEAR: u64 = 64;

/// Some rows of a list, by how many come before them. They hold as long as the list has the
/// same rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Anchors(BTreeMap<u64, SecretName>);

// === impl Anchors ===

impl Anchors {
    /// The last one at or before that row.
    pub(super) fn before(&self, row: u64) -> Option<(u64, &SecretName)> {
        let (at, name) = self.0.range(..=row).next_back()?;
        Some((*at, name))
    }

    /// With some more rows of a list of that length, as far as they are not near others; none
    /// if there is nothing to add.
    pub(super) fn with<'n>(
        self: &Arc<Self>,
        total: u64,
        rows: impl IntoIterator<Item = (u64, &'n SecretName)>,
    ) -> Option<Arc<Self>> {
        // That far apart, no more than MOST of them find room.
        let apart = (total / MOST).max(NEAR);
        let mut anchors = Arc::clone(self);
        for (at, name) in rows {
            let nearest = at.saturating_sub(apart - 1)..at.saturating_add(apart);
            if at >= apart && anchors.0.range(nearest).next().is_none() {
                Arc::make_mut(&mut anchors).0.insert(at, name.clone());
            }
        }
        (!Arc::ptr_eq(&anchors, self)).then_some(anchors)
    }
}

impl Weight for Arc<Anchors> {
    fn weight(&self) -> usize {
        let entry = size_of::<(u64, SecretName)>();
        let names = self.0.values().map(|name| entry + name.as_str().len());
        names.sum()
    }
}

#[cfg(test)]
mod tests;
