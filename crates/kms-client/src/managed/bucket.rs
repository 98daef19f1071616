use std::time::Duration;

use super::Pace;

/// How many reads refused keys may still cause (reference accesskey §3.5): a service that
/// refuses every key must not become a storm at KMS.
pub(super) struct Bucket {
    tokens: u32,
    /// Up to when tokens were given back, on the monotonic clock.
    counted: Duration,
}

// === impl Bucket ===

impl Bucket {
    pub(super) fn full(pace: &Pace, now: Duration) -> Self {
        Self {
            tokens: pace.refusals,
            counted: now,
        }
    }

    /// One token, if there is one.
    pub(super) fn take(&mut self, pace: &Pace, now: Duration) -> bool {
        self.refill(pace, now);
        let taken = self.tokens.checked_sub(1);
        self.tokens = taken.unwrap_or(0);
        taken.is_some()
    }

    fn refill(&mut self, pace: &Pace, now: Duration) {
        while self.tokens < pace.refusals {
            let Some(next) = self.counted.checked_add(pace.refusals_refill) else {
                return;
            };
            if next > now {
                return;
            }
            self.tokens += 1;
            self.counted = next;
        }
        // A full bucket earns nothing.
        self.counted = now;
    }
}

#[cfg(test)]
mod tests;
