//! Issuers' keys, remembered.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kms_types::Clock;
use tokio::sync;

use super::{Issuer, IssuerError, Issuers, KeySet};

/// The keys of issuers as they last answered.
///
/// They are asked again after an hour, and when a token names a key that they had not: but
/// never more often than every ten seconds, for anybody can make up such names. Whoever
/// does not answer keeps the keys of the last answer for a day; then a key that its owner
/// may long have withdrawn counts no more.
#[derive(Default)]
pub(crate) struct KeyCache(Mutex<HashMap<Issuer, Arc<Entry>>>);

#[derive(Default)]
struct Entry {
    known: Mutex<Known>,
    /// One asks, the others wait for it.
    asking: sync::Mutex<()>,
}

#[derive(Clone, Default)]
struct Known {
    keys: Option<Answer>,
    /// When the issuer was asked last, whatever came of it.
    asked: Option<Duration>,
    failure: Option<IssuerError>,
}

#[derive(Clone)]
struct Answer {
    keys: Arc<KeySet>,
    at: Duration,
}

/// How long an answer is good.
const FRESH: Duration = Duration::from_hours(1);
/// How long it serves while there is no other.
const LAST_GOOD: Duration = Duration::from_hours(24);
/// How long an issuer is left in peace.
const PAUSE: Duration = Duration::from_secs(10);
/// Issuers that are remembered.
const MOST_ISSUERS: usize = 1000;

// === impl KeyCache ===

impl KeyCache {
    /// The issuer's keys: those that are remembered if they are fresh and suit, else what
    /// the issuer says now, else those of its last answer.
    ///
    /// The asking goes on when the caller does not wait for it: hanging up must not keep
    /// an issuer unknown.
    ///
    /// # Errors
    /// What came of asking last.
    pub(crate) async fn keys(
        &self,
        issuers: &Arc<dyn Issuers>,
        clock: &Arc<dyn Clock>,
        issuer: &Issuer,
        suits: impl Fn(&KeySet) -> bool,
    ) -> Result<Arc<KeySet>, IssuerError> {
        let entry = self.entry(issuer, clock.monotonic());
        if let Some(keys) = entry.known().fresh(clock.monotonic())
            && suits(&keys)
        {
            return Ok(keys);
        }
        let (asking, issuers, clock) = (Arc::clone(&entry), Arc::clone(issuers), Arc::clone(clock));
        let issuer = issuer.clone();
        let asked = tokio::spawn(async move {
            let _alone = asking.asking.lock().await;
            let now = clock.monotonic();
            if asking.known().may_be_asked(now) {
                asking.change(|known| known.asked = Some(now));
                let answer = issuers.key_set(&issuer).await;
                if let Err(why) = &answer {
                    tracing::warn!(issuer = %issuer.url, error = %why, "no keys of an issuer");
                }
                asking.change(|known| known.note(answer, now));
            }
            asking.known().last_good(now)
        });
        asked
            .await
            .unwrap_or_else(|_panicked| Err(IssuerError::Unreachable("it broke".to_owned())))
    }

    /// What is known of the issuer. Where there is no room for another, the one that was
    /// asked longest ago is forgotten.
    fn entry(&self, issuer: &Issuer, now: Duration) -> Arc<Entry> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !entries.contains_key(issuer) && entries.len() >= MOST_ISSUERS {
            let oldest = entries
                .iter()
                .min_by_key(|(_, entry)| entry.known().asked.unwrap_or(now))
                .map(|(issuer, _)| issuer.clone());
            oldest.and_then(|issuer| entries.remove(&issuer));
        }
        Arc::clone(entries.entry(issuer.clone()).or_default())
    }
}

// === impl Entry ===

impl Entry {
    fn known(&self) -> Known {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn change(&self, how: impl FnOnce(&mut Known)) {
        how(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

// === impl Known ===

impl Known {
    fn fresh(&self, now: Duration) -> Option<Arc<KeySet>> {
        self.younger_than(FRESH, now)
    }

    fn last_good(&self, now: Duration) -> Result<Arc<KeySet>, IssuerError> {
        self.younger_than(LAST_GOOD, now).ok_or_else(|| {
            let why = self.failure.clone();
            why.unwrap_or_else(|| IssuerError::Unreachable("it was not asked yet".to_owned()))
        })
    }

    fn younger_than(&self, limit: Duration, now: Duration) -> Option<Arc<KeySet>> {
        let answer = self.keys.as_ref()?;
        (now.saturating_sub(answer.at) < limit).then(|| Arc::clone(&answer.keys))
    }

    fn may_be_asked(&self, now: Duration) -> bool {
        self.asked
            .is_none_or(|asked| now.saturating_sub(asked) >= PAUSE)
    }

    fn note(&mut self, answer: Result<KeySet, IssuerError>, at: Duration) {
        match answer {
            Ok(keys) => {
                let keys = Arc::new(keys);
                self.keys = Some(Answer { keys, at });
                self.failure = None;
            }
            Err(why) => self.failure = Some(why),
        }
    }
}

#[cfg(test)]
mod tests;
