//! What is over is removed from the data, now and then.

use std::{fmt::Display, time::Duration};

use kms_service::Service;
use kms_telemetry::Shutdown;
use uuid::Uuid;

use crate::{audit::Log, periods::Periods};

/// How long something may lie about after its end. Nobody can read it any more; this
/// only makes room and destroys its keys.
const PERIOD: Duration = Duration::from_mins(10);

/// Sweeps at once and then once in a period, until the program is told to end. What
/// fails is tried again in the next period.
pub(crate) async fn sweep(service: Service, audit: Log, shutdown: Shutdown) {
    // Servers that share a store are told apart by it.
    let owner = Uuid::new_v4().to_string();
    every(PERIOD, shutdown, || async {
        noted(&audit, "reminders", service.remind().await);
        noted(&audit, "rules", service.evaluate_rules(&owner).await);
        swept(&service, &audit).await
    })
    .await;
}

/// In each period does the work until it says that nothing is left.
async fn every<W: Future<Output = bool>>(
    period: Duration,
    shutdown: Shutdown,
    work: impl Fn() -> W,
) {
    let mut periods = Periods::new(period, shutdown);
    while periods.next().await {
        while !periods.are_over() && work().await {}
    }
}

/// Secrets, keys and events, a hundred of each at most, and rotations that were over long ago; whether
/// there may be more to do. One that fails does not keep the others.
async fn swept(service: &Service, audit: &Log) -> bool {
    let secrets = noted(audit, "removed", service.sweep().await);
    // Removed, destroyed or rotated.
    let keys = noted(audit, "keys", service.sweep_keys().await);
    let rotations = noted(audit, "rotations", service.forget_rotations().await);
    let events = noted(audit, "events", service.forget_events().await);
    secrets || keys || rotations || events
}

/// Writes down how many there were; whether there were any.
fn noted(audit: &Log, what: &'static str, done: Result<usize, impl Display>) -> bool {
    match done {
        Ok(0) => false,
        Ok(number) => {
            audit.note("sweep", &[(what, &number.to_string())]);
            tracing::info!(what, number, "did what was due");
            true
        }
        Err(reason) => {
            tracing::warn!(error = %reason, "cannot do what is due");
            false
        }
    }
}

#[cfg(test)]
mod tests;
