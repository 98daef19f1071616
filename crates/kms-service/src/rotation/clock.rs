//! The time that windows go by.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::Service;

/// A pair of moments of both clocks, from which a steady time is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anchor {
    wall: Timestamp,
    monotonic: Duration,
}

/// How far a wall clock may be set forward without a window's noticing: as far as clocks of
/// callers may differ from a server's.
const SLACK: SignedDuration = SignedDuration::from_mins(15);

impl Service {
    /// The time at which windows end. A wall clock that is set forward while this server runs
    /// ends none of them early, by a quarter of an hour at most; one that is set back makes
    /// them longer.
    pub(super) fn window_now(&self) -> Timestamp {
        let wall = self.now();
        let monotonic = self.monotonic();
        let anchor = self.anchor(Anchor { wall, monotonic });
        steady(anchor, wall, monotonic)
    }
}

fn steady(anchor: Anchor, wall: Timestamp, monotonic: Duration) -> Timestamp {
    let passed = monotonic.saturating_sub(anchor.monotonic);
    let counted = anchor.wall.checked_add(passed).unwrap_or(wall);
    let earliest = wall.checked_sub(SLACK).unwrap_or(wall);
    counted.min(wall).max(earliest)
}

#[cfg(test)]
mod tests;
