//! The one layer of retries: what is tried again, when, and how often in all.

use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;
use tokio::time::Instant;

mod budget;

pub(crate) use budget::Budget;

/// How long and how often a call is tried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RetryPolicy {
    /// Attempts after the first: 3 as seed 002 says.
    pub retries: u32,
    /// The first wait is between nothing and this (200 ms, reference kms-api §7), each
    /// further one between nothing and twice as much.
    pub base: Duration,
    /// No wait is drawn from more than this.
    pub cap: Duration,
    /// For one attempt, from connecting to the last byte.
    pub attempt: Duration,
    /// For all attempts and waits together.
    pub total: Duration,
}

/// The hint of a service, when to come back.
pub(crate) fn hint(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    // Milliseconds, as the official Python SDK reads it (reference kms-api §7).
    if let Some(hint) = text("x-acs-retry-after").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(hint));
    }
    // The cloud's gateways: how long a limit of this user still lasts, over all actions and
    // for this one.
    let left = ["x-ratelimit-user-api", "x-ratelimit-user"].map(|name| time_left(text(name)?));
    if let Some(longest) = left.into_iter().flatten().max() {
        return Some(longest);
    }
    let text = text("retry-after")?;
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(text)?;
    Some(Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// `Limit:1,Remain:0,TimeLeft:2000,Reset:1234`: milliseconds, as the official SDKs read
/// them (reference kms-api §7).
fn time_left(text: &str) -> Option<Duration> {
    let mut pairs = text.split(',').filter_map(|pair| pair.split_once(':'));
    let (_, left) = pairs.find(|(name, _)| name.trim() == "TimeLeft")?;
    left.trim().parse().ok().map(Duration::from_millis)
}

/// A date in the one form that HTTP still writes (RFC 9110 §5.6.7).
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()
}

// === impl RetryPolicy ===

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            retries: 3,
            base: Duration::from_millis(200),
            cap: Duration::from_secs(5),
            // Four of them and the waits between fit into the whole.
            attempt: Duration::from_secs(7),
            total: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// No second attempt: for programs that have a layer of retries of their own.
    pub fn never() -> Self {
        Self {
            retries: 0,
            ..Self::default()
        }
    }

    /// What the wait before retry number `retry`, from 0, is drawn from.
    pub(crate) fn ceiling(&self, retry: u32) -> Duration {
        self.base
            .saturating_mul(2_u32.saturating_pow(retry))
            .min(self.cap)
    }
}

/// How much of `until` is left.
pub(crate) fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}

#[cfg(test)]
mod tests;
