use std::{net::SocketAddr, time::Duration};

use kms_telemetry::ServiceManager;

use super::AgentUrl;

/// Shows the service manager signs of life, if it wants any, for as long as a request for
/// `/ping` gets through a door of the program's own, the same as everybody's.
pub fn spawn_watchdog(manager: ServiceManager, door: SocketAddr) {
    if let Some(period) = manager.watchdog() {
        tokio::spawn(watch(manager, period, AgentUrl::from(door)));
    }
}

async fn watch(manager: ServiceManager, period: Duration, own: AgentUrl) {
    let mut ticks = tokio::time::interval(period / 3);
    loop {
        ticks.tick().await;
        match own.get("/ping", None, period / 3).await {
            Ok(_answer) => manager.alive(),
            Err(error) => {
                let error: &(dyn std::error::Error + 'static) = &error;
                tracing::error!(error, "the program does not answer itself");
            }
        }
    }
}
