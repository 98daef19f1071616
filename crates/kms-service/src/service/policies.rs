use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use crate::{
    failure::Failure,
    policy::{Document, Kind},
};

/// Policies as they were understood, by their text: the same few are asked at every call.
/// Their texts are all that they depend on, so nothing in it can be stale.
#[derive(Default)]
pub(crate) struct PolicyCache {
    /// Of users, groups and roles.
    identity: Known,
    /// Of secrets and keys.
    resource: Known,
}

type Known = RwLock<HashMap<Arc<str>, Arc<Document>>>;

/// Texts that are kept of a kind; with more of them in use, some are read again now and
/// then. At 6,144 characters each they take some megabytes.
const MOST: usize = 1_000;

// === impl PolicyCache ===

impl PolicyCache {
    /// The policy of a user, group or role that has that text.
    ///
    /// # Errors
    /// `Document` if it is none: it was one when it was written.
    pub(crate) fn of_identity(&self, text: &str) -> Result<Arc<Document>, Failure> {
        find(&self.identity, text, Kind::Identity)
    }

    /// The policy of a secret or key that has that text; none for an empty one, which leaves
    /// everything to the account's own policies.
    ///
    /// # Errors
    /// As [`PolicyCache::of_identity`].
    pub(crate) fn of_resource(&self, text: &str) -> Result<Option<Arc<Document>>, Failure> {
        if text.is_empty() {
            return Ok(None);
        }
        find(&self.resource, text, Kind::Resource).map(Some)
    }
}

fn find(cache: &Known, text: &str, kind: Kind) -> Result<Arc<Document>, Failure> {
    let known = cache.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(document) = known.get(text) {
        return Ok(Arc::clone(document));
    }
    drop(known);
    let document =
        Document::parse(text, kind).map_err(|_no_longer_valid| Failure::Document("policy"))?;
    let document = Arc::new(document);
    let mut known = cache.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(text.into(), Arc::clone(&document));
    Ok(document)
}
