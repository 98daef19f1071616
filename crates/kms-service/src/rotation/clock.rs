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

/// How far a wall clock may be set without a window's noticing: as far as clocks of callers may
/// differ from a server's.
const SLACK: SignedDuration = SignedDuration::from_mins(15);

impl Service {
    /// The time at which windows end. A wall clock that is set while this server runs, by a
    /// quarter of an hour at most, changes nothing about when that is; what it is set further
    /// counts.
    pub(super) fn window_now(&self) -> Timestamp {
        let wall = self.now();
        let monotonic = self.monotonic();
        let anchor = self.anchor(Anchor { wall, monotonic });
        steady(anchor, wall, monotonic)
    }

    /// Since when this server has been rotating secrets.
    pub(super) fn is_up_since(&self) -> Timestamp {
        let (wall, monotonic) = (self.now(), self.monotonic());
        self.anchor(Anchor { wall, monotonic }).wall
    }
}

fn steady(anchor: Anchor, wall: Timestamp, monotonic: Duration) -> Timestamp {
    let passed = monotonic.saturating_sub(anchor.monotonic);
    let counted = anchor.wall.checked_add(passed).unwrap_or(wall);
    let earliest = wall.checked_sub(SLACK).unwrap_or(wall);
    let latest = wall.checked_add(SLACK).unwrap_or(wall);
    counted.max(earliest).min(latest)
}

#[cfg(test)]
mod tests;
