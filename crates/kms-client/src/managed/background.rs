//! Reads when that is due, also for a handle that nobody asks.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::{task::AbortHandle, time::sleep};

use super::refresh::Inner;

/// The task that looks after a key; ends when dropped.
pub(super) struct Task(AbortHandle);

/// The longest sleep. What is due is looked up after each: a timer alone would not notice
/// that the machine slept.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// The shortest, so that a clock which stands still does not make it spin.
const NOT_BEFORE: Duration = Duration::from_millis(10);

// === impl Task ===

impl Task {
    pub(super) fn spawn(inner: &Arc<Inner>) -> Self {
        Self(tokio::spawn(keep(Arc::downgrade(inner))).abort_handle())
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn keep(inner: Weak<Inner>) {
    loop {
        let Some(due) = inner.upgrade() else { return };
        due.tick().await;
        let wait = due.until_due().clamp(NOT_BEFORE, LOOK_EVERY);
        drop(due);
        sleep(wait).await;
    }
}
