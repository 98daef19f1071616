//! When a kept value may be handed out. Pure.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kms_types::SecretType;
use kms_wire::response::GetSecretValue;

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

/// An AccessKey that KMS rotates is asked for again after this at the latest, whatever
/// `TtlSeconds` says: half of the shortest window that an emergency rotation leaves to the old
/// key, which is 10 min (reference accesskey §1, row 24).
const HOSTED_KEY: Duration = Duration::from_mins(5);

/// So long after its planned rotation, too, and so often while that is overdue.
const AFTER_ROTATION: Duration = Duration::from_mins(1);

impl Policy {
    pub(crate) fn new(cache: &CacheSettings, ignore_transient_errors: bool) -> Self {
        Self {
            ttl: cache.ttl,
            max_stale: cache.max_stale,
            ignore_transient_errors,
        }
    }

    /// How long a value may be handed out that KMS gave at `now`: as configured, and a hosted
    /// AccessKey no longer than it can be relied on.
    pub(crate) fn fresh_for(&self, value: &GetSecretValue, now: Timestamp) -> Duration {
        if value.secret_type.parse() != Ok(SecretType::RamCredentials) {
            return self.ttl;
        }
        let planned = value.next_rotation_date.as_deref();
        let planned: Option<Timestamp> = planned.and_then(|date| date.parse().ok());
        let rotated = planned.map_or(HOSTED_KEY, |planned| {
            let left = planned.duration_since(now).max(SignedDuration::ZERO);
            // Not negative.
            let left = Duration::try_from(left).unwrap_or_default();
            left.saturating_add(AFTER_ROTATION)
        });
        self.ttl.min(HOSTED_KEY).min(rotated)
    }

    /// By age, and by how long the value is fresh. With a TTL of zero nothing is.
    pub(crate) fn judge(&self, age: Duration, fresh_for: Duration) -> Freshness {
        if age < fresh_for {
            return Freshness::Fresh;
        }
        let bound = self.max_stale.map(|stale| fresh_for.saturating_add(stale));
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
