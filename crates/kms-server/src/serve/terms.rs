//! New terms of the keyring, which a command beside the servers has made.

use std::time::Duration;

use kms_service::Service;
use kms_telemetry::Shutdown;
use tokio::time::{MissedTickBehavior, interval};

/// A server that seals nothing meets no record of an unknown term, and must not seal under an
/// old one for long: `rekey --keyring` waits for all servers.
const PERIOD: Duration = Duration::from_secs(10);

/// Looks now and then, until the program is told to end.
pub(super) async fn watch(service: Service, mut shutdown: Shutdown) {
    let mut periods = interval(PERIOD);
    periods.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = shutdown.draining() => return,
            _now = periods.tick() => {}
        }
        if let Err(reason) = service.reload_keyring().await {
            tracing::warn!(error = %reason, "cannot look for new terms of the keyring");
        }
    }
}
