//! When a kept value may be handed out. Pure.

use std::time::Duration;

use crate::{CacheSettings, UpstreamError};

/// What the configuration says about ages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    ttl: Duration,
    max_stale: Option<Duration>,
    ignore_transient_errors: bool,
}

/// What a value of some age is good for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Freshness {
    /// May be handed out.
    Fresh,
    /// May stand in if KMS cannot be asked.
    Stale,
    /// Good for nothing.
    Gone,
}

impl Policy {
    pub(crate) fn new(cache: &CacheSettings, ignore_transient_errors: bool) -> Self {
        Self {
            ttl: cache.ttl,
            max_stale: cache.max_stale,
            ignore_transient_errors,
        }
    }

    /// By age alone. With a TTL of zero nothing is fresh.
    pub(crate) fn judge(&self, age: Duration) -> Freshness {
        if age < self.ttl {
            return Freshness::Fresh;
        }
        let bound = self.max_stale.map(|stale| self.ttl.saturating_add(stale));
        if self.ignore_transient_errors && bound.is_none_or(|bound| age <= bound) {
            Freshness::Stale
        } else {
            Freshness::Gone
        }
    }

    /// Whether KMS's refusal says that the value is no longer for us.
    pub(crate) fn revokes(error: &UpstreamError) -> bool {
        matches!(
            error,
            UpstreamError::Refused {
                status: 403 | 404,
                ..
            }
        )
    }

    /// How long stale values are served without asking again after KMS could not be
    /// reached: an outage must not make each read wait for all its retries. Below half
    /// a TTL, so that a restored KMS is used within one.
    pub(crate) fn hold_off(&self) -> Duration {
        (self.ttl / 2).min(Duration::from_secs(5))
    }
}

#[cfg(test)]
mod tests;
