//! What is over is removed from the data, now and then.

use std::time::Duration;

use kms_service::Service;
use kms_telemetry::Shutdown;
use tokio::time::{MissedTickBehavior, interval};

use crate::audit::Log;

/// How long something may lie about after its end. Nobody can read it any more; this
/// only makes room and destroys its keys.
const PERIOD: Duration = Duration::from_mins(10);

/// Sweeps at once and then once in a period, until the program is told to end. What
/// fails is tried again in the next period.
pub(super) async fn sweep(service: Service, audit: Log, shutdown: Shutdown) {
    every(PERIOD, shutdown, || swept(&service, &audit)).await;
}

/// In each period does the work until it says that nothing is left.
async fn every<W: Future<Output = bool>>(
    period: Duration,
    mut shutdown: Shutdown,
    work: impl Fn() -> W,
) {
    let mut periods = interval(period);
    periods.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = shutdown.draining() => return,
            _now = periods.tick() => {}
        }
        while !shutdown.is_draining() && work().await {}
    }
}

/// One transaction; whether there may be more to do.
async fn swept(service: &Service, audit: &Log) -> bool {
    match service.sweep().await {
        Ok(0) => false,
        Ok(secrets) => {
            audit.note("sweep", &[("removed", &secrets.to_string())]);
            tracing::info!(secrets, "removed what was over");
            true
        }
        Err(reason) => {
            tracing::warn!(error = %reason, "cannot remove what is over");
            false
        }
    }
}

#[cfg(test)]
mod tests;
