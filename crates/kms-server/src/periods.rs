//! What is done now and then, until the program is told to end.

use std::time::Duration;

use kms_telemetry::Shutdown;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// The times at which something is done.
pub(crate) struct Periods {
    ticks: Interval,
    shutdown: Shutdown,
}

// === impl Periods ===

impl Periods {
    /// The first is at once; those that pass while the work is under way are not made up for.
    pub(crate) fn new(period: Duration, shutdown: Shutdown) -> Self {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { ticks, shutdown }
    }

    /// Waits for the next one; false once the program is told to end.
    pub(crate) async fn next(&mut self) -> bool {
        tokio::select! {
            biased;
            () = self.shutdown.draining() => false,
            _now = self.ticks.tick() => true,
        }
    }

    /// Whether the program is told to end, for work that has many parts.
    pub(crate) fn are_over(&self) -> bool {
        self.shutdown.is_draining()
    }
}
