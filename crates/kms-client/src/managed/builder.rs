use std::sync::Arc;

use kms_types::{Clock, SecretRef, SystemClock};

use super::{EXPIRED_CODES, ManagedAccessKey, Pace, ReadSecret, refresh::Inner};
use crate::chance::{Chance, SystemChance};

/// What a [`ManagedAccessKey`] is made of; begins with [`ManagedAccessKey::builder`].
pub struct ManagedAccessKeyBuilder {
    secret: SecretRef,
    source: Arc<dyn ReadSecret>,
    pace: Pace,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    expired_codes: Vec<String>,
}

// === impl ManagedAccessKeyBuilder ===

impl ManagedAccessKeyBuilder {
    pub(super) fn new(secret: SecretRef, source: Arc<dyn ReadSecret>) -> Self {
        Self {
            secret,
            source,
            pace: Pace::default(),
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            expired_codes: EXPIRED_CODES.map(str::to_owned).to_vec(),
        }
    }

    /// How often the key is read.
    #[must_use]
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The time.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Which codes of a service say that the key is no longer good, instead of
    /// [`EXPIRED_CODES`].
    #[must_use]
    pub fn expired_codes<C: Into<String>>(mut self, codes: impl IntoIterator<Item = C>) -> Self {
        self.expired_codes = codes.into_iter().map(Into::into).collect();
        self
    }

    #[cfg(test)]
    pub(super) fn chance(mut self, chance: Arc<dyn Chance>) -> Self {
        self.chance = chance;
        self
    }

    /// The handle, whose background task begins to read at once. Needs a Tokio runtime.
    pub fn open(self) -> ManagedAccessKey {
        ManagedAccessKey::keep(self.inner())
    }

    pub(super) fn inner(self) -> Arc<Inner> {
        let jitter = self.chance.up_to(self.pace.jitter);
        Arc::new(Inner::new(
            self.secret,
            self.source,
            self.clock,
            self.pace,
            jitter,
            self.expired_codes,
        ))
    }
}
