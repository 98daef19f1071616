use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{SecretRequest, UpstreamError};

/// Refusals that KMS gave a moment ago, so that a program which asks for a missing
/// secret in a loop asks the cloud only now and then. Apart from the values: names that
/// do not exist must not push out those that do.
pub(crate) struct Negative {
    ttl: Duration,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    errors: HashMap<SecretRequest, (Duration, UpstreamError)>,
    order: VecDeque<(SecretRequest, Duration)>,
}

const MAX: usize = 1024;

impl Negative {
    /// Zero remembers nothing.
    pub(crate) fn new(ttl: Duration) -> Self {
        Self {
            ttl,
            kept: Mutex::default(),
        }
    }

    pub(crate) fn look(&self, key: &SecretRequest, now: Duration) -> Option<UpstreamError> {
        let kept = self.kept();
        let (since, error) = kept.errors.get(key)?;
        (now.saturating_sub(*since) < self.ttl).then(|| error.clone())
    }

    pub(crate) fn put(&self, key: &SecretRequest, error: &UpstreamError, now: Duration) {
        if self.ttl.is_zero() {
            return;
        }
        let mut kept = self.kept();
        kept.errors.insert(key.clone(), (now, error.clone()));
        kept.order.push_back((key.clone(), now));
        while let Some((_, since)) = kept.order.front() {
            if kept.order.len() <= MAX && now.saturating_sub(*since) < self.ttl {
                break;
            }
            let Some((key, since)) = kept.order.pop_front() else {
                break;
            };
            if kept.errors.get(&key).is_some_and(|(at, _)| *at == since) {
                kept.errors.remove(&key);
            }
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
