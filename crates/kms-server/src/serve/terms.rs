//! New terms of the keyring, which a command beside the servers has made.

use std::time::Duration;

use kms_service::Service;
use kms_telemetry::Shutdown;

use crate::periods::Periods;

/// A server that seals nothing meets no record of an unknown term, and must not seal under an
/// old one for long: `rekey --keyring` waits for all servers.
const PERIOD: Duration = Duration::from_secs(10);

/// Looks now and then, until the program is told to end.
pub(super) async fn watch(service: Service, shutdown: Shutdown) {
    let mut periods = Periods::new(PERIOD, shutdown);
    while periods.next().await {
        if let Err(reason) = service.reload_keyring().await {
            tracing::warn!(error = %reason, "cannot look for new terms of the keyring");
        }
    }
}
