use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{self, Instant};

/// How fast somebody is asked: so many times a second, and as many at once.
#[derive(Debug)]
pub(crate) struct Pace {
    /// Between two in the long run.
    every: Duration,
    /// So far ahead of the long run one may be.
    ahead: Duration,
    /// When the next one is due in the long run.
    next: Mutex<Option<Instant>>,
}

// === impl Pace ===

impl Pace {
    /// So many a second.
    pub(crate) fn per_second(number: u32) -> Self {
        let number = number.max(1);
        let every = Duration::from_secs(1) / number;
        Self {
            every,
            ahead: every * (number - 1),
            next: Mutex::new(None),
        }
    }

    /// Waits until one more may be asked.
    pub(crate) async fn wait(&self) {
        let now = Instant::now();
        let when = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let due = next.unwrap_or(now).max(now);
            *next = Some(due + self.every);
            // Who has not asked for a while may ask several times in a row.
            due.checked_sub(self.ahead).unwrap_or(now)
        };
        time::sleep_until(when.max(now)).await;
    }
}

#[cfg(test)]
mod tests;
