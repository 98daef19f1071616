//! What Status tells, from memory: which version of the key encrypts, and when KMS last did what it is
//! for.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use kms_types::Clock;

use super::{api::HEALTHY, keys::KeyVersion};

/// Shared by all who call KMS.
pub(super) struct Health {
    clock: Arc<dyn Clock>,
    /// How long a round trip counts.
    lasts: Duration,
    begun: AtomicU64,
    state: Mutex<State>,
}

/// When a call began, among the others.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Turn(u64);

/// How things are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Report {
    /// [`HEALTHY`], or what is wrong.
    pub(super) healthz: String,
    /// What encrypts; nothing if that was never found out.
    pub(super) key: Option<KeyVersion>,
}

#[derive(Default)]
struct State {
    key: Option<(Turn, KeyVersion)>,
    /// The end of the last round trip, by the clock that nobody moves.
    round_trip: Option<Duration>,
    /// Why the last one failed; none if it did not.
    failure: Option<String>,
}

// === impl Health ===

impl Health {
    /// Nothing is known yet. A round trip counts for so long.
    pub(super) fn new(clock: Arc<dyn Clock>, lasts: Duration) -> Self {
        Self {
            clock,
            lasts,
            begun: AtomicU64::new(1),
            state: Mutex::default(),
        }
    }

    /// Before a call that encrypts.
    pub(super) fn begin(&self) -> Turn {
        Turn(self.begun.fetch_add(1, Ordering::Relaxed))
    }

    /// What such a call was answered with. An answer to an older call than the last one that counted
    /// was overtaken, and says nothing of now.
    pub(super) fn encrypted(&self, turn: Turn, by: &KeyVersion) {
        let mut state = self.state();
        if state.key.as_ref().is_some_and(|(known, _)| *known > turn) {
            return;
        }
        let before = state.key.replace((turn, by.clone()));
        drop(state);
        if before.is_none_or(|(_, before)| before != *by) {
            tracing::info!(key = %by, "this version of the key encrypts from now on");
        }
    }

    /// Encrypting and decrypting worked, or did not.
    pub(super) fn round_trip(&self, worked: Result<(), String>) {
        let mut state = self.state();
        let before = state.failure.take();
        match worked {
            Ok(()) => {
                state.round_trip = Some(self.clock.monotonic());
                if before.is_some() {
                    tracing::info!("KMS encrypts and decrypts again");
                }
            }
            Err(reason) => {
                if before.as_ref() != Some(&reason) {
                    tracing::warn!(reason, "KMS does not encrypt and decrypt");
                }
                state.failure = Some(reason);
            }
        }
    }

    /// What Status says. One failure changes nothing yet: kube-apiserver would be taken out of service
    /// although it can read and write without KMS.
    pub(super) fn report(&self) -> Report {
        let state = self.state();
        let key = state.key.as_ref().map(|(_, key)| key.clone());
        let age = state
            .round_trip
            .map(|then| self.clock.monotonic().saturating_sub(then));
        let why = || {
            let why = state.failure.as_deref();
            why.unwrap_or("nothing was tried since").to_owned()
        };
        let healthz = match age {
            Some(age) if age <= self.lasts => HEALTHY.to_owned(),
            Some(age) => format!("KMS last worked {} s ago: {}", age.as_secs(), why()),
            None => format!("KMS has not worked yet: {}", why()),
        };
        Report { healthz, key }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Report ===

impl Report {
    pub(super) fn is_healthy(&self) -> bool {
        self.healthz == HEALTHY
    }
}

#[cfg(test)]
mod tests;
