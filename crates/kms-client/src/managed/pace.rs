//! When a hosted AccessKey is read again. Pure.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// How often a hosted AccessKey is read. The defaults are those of the official plug-ins
/// (reference accesskey §3.4) where they have one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Pace {
    /// The longest time between two reads: 6 h. What nobody planned is noticed after this
    /// long, unless a service refuses the old key before.
    pub interval: Duration,
    /// How long after a planned rotation the new key is read: 5 min.
    pub delay: Duration,
    /// Each handle adds a part of this that it draws once, so that many programs do not ask
    /// in the same moment: 5 min.
    pub jitter: Duration,
    /// A rotation that should have been and has not: the next look comes after this, the
    /// others after twice as long each up to [`Pace::longest_again`]: 2 min. The official
    /// plug-ins wait for the whole interval then, in which the old key may end.
    pub again: Duration,
    /// No longer than this while a rotation is overdue: 10 min, the shortest window that KMS
    /// leaves to an old key.
    pub longest_again: Duration,
    /// After a read that failed, doubled each time up to [`Pace::longest_rest`]: 10 s.
    pub rest: Duration,
    /// No longer than this after a failure: 5 min.
    pub longest_rest: Duration,
    /// A key that should have been read again so long ago is not handed out before it was
    /// tried once more: 10 min.
    pub overdue: Duration,
    /// How many reads refused keys may cause in a row: 5.
    pub refusals: u32,
    /// How long until one more may: 10 min.
    pub refusals_refill: Duration,
}

// === impl Pace ===

impl Default for Pace {
    fn default() -> Self {
        Self {
            interval: Duration::from_hours(6),
            delay: Duration::from_mins(5),
            jitter: Duration::from_mins(5),
            again: Duration::from_mins(2),
            longest_again: Duration::from_mins(10),
            rest: Duration::from_secs(10),
            longest_rest: Duration::from_mins(5),
            overdue: Duration::from_mins(10),
            refusals: 5,
            refusals_refill: Duration::from_mins(10),
        }
    }
}

impl Pace {
    /// How long until the next read, after one at `now` that gave this plan.
    pub(super) fn wait(
        &self,
        now: Timestamp,
        planned: Option<Timestamp>,
        own: Duration,
    ) -> Duration {
        let longest = self.interval.saturating_add(own);
        let until = planned.map(|planned| planned.duration_since(now));
        match until.and_then(|until| Duration::try_from(until).ok()) {
            Some(until) if !until.is_zero() && until < longest => {
                until.saturating_add(self.delay).saturating_add(own)
            }
            _ => longest,
        }
    }

    /// Whether a key that KMS still gives out should have been replaced: the rotation that it
    /// announces lies in the past; or the one announced before does, and the new date is so
    /// near that it only says "any moment now", as our server writes it.
    pub(super) fn is_late(
        &self,
        now: Timestamp,
        announced: Option<Timestamp>,
        before: Option<Timestamp>,
    ) -> bool {
        let Some(announced) = announced else {
            return false;
        };
        let again = SignedDuration::try_from(self.again).unwrap_or(SignedDuration::MAX);
        announced <= now
            || (before.is_some_and(|before| before <= now)
                && announced.duration_since(now) <= again)
    }

    /// How long until the next read, after `late` in a row that found a rotation overdue.
    pub(super) fn wait_late(&self, late: u32) -> Duration {
        doubled(self.again, late).min(self.longest_again)
    }

    /// How long until the next read, after `failures` in a row.
    pub(super) fn wait_failed(&self, failures: u32) -> Duration {
        doubled(self.rest, failures).min(self.longest_rest)
    }
}

/// `first` for 1, twice as much for each further one.
fn doubled(first: Duration, count: u32) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(count.saturating_sub(1)))
}

#[cfg(test)]
mod tests;
