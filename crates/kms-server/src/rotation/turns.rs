use std::time::Duration;

use tokio::{
    sync::{Mutex, Notify},
    time::{Interval, MissedTickBehavior, interval},
};

/// When a worker looks for something to do. However many there are, the store is asked once a
/// period as long as there is nothing: by the first who is free. Who finds something wakes
/// another one.
#[derive(Default)]
pub(super) struct Turns {
    /// Made by who waits first.
    periods: Mutex<Option<Interval>>,
    more: Notify,
}

/// How often it is looked whether there is something to rotate. The shortest wait that a
/// step may have is a second.
const PERIOD: Duration = Duration::from_secs(2);

impl Turns {
    /// Waits for the next.
    pub(super) async fn next(&self) {
        tokio::select! {
            () = self.more.notified() => {}
            () = self.period() => {}
        }
    }

    /// Says that another worker may find something, too.
    pub(super) fn there_is_more(&self) {
        self.more.notify_one();
    }

    async fn period(&self) {
        let mut periods = self.periods.lock().await;
        let periods = periods.get_or_insert_with(|| {
            let mut periods = interval(PERIOD);
            periods.set_missed_tick_behavior(MissedTickBehavior::Delay);
            periods
        });
        periods.tick().await;
    }
}

#[cfg(test)]
mod tests;
