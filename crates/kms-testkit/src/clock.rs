use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use kms_types::Clock;

/// A clock that stands still until it is moved. Clones move together.
#[derive(Clone, Debug)]
pub struct MockClock(Arc<Mutex<Times>>);

#[derive(Debug)]
struct Times {
    wall: Timestamp,
    monotonic: Duration,
}

impl MockClock {
    /// Starts at this wall-clock time, such as `2025-01-03T07:59:17Z`.
    pub fn at(wall: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Times {
            wall,
            monotonic: Duration::from_secs(1_000),
        })))
    }

    /// Lets time pass, on both clocks.
    pub fn advance(&self, by: Duration) {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        times.wall += by;
        times.monotonic += by;
    }

    /// Sets the wall clock alone, as an administrator or NTP would.
    pub fn jump_to(&self, wall: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).wall = wall;
    }
}

impl Clock for MockClock {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).wall
    }

    fn monotonic(&self) -> Duration {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .monotonic
    }
}
