//! Rotates secrets, as long as the program runs.

use std::time::Duration;

use kms_service::Service;
use kms_telemetry::Shutdown;
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

/// How often it is looked whether there is something to rotate. The shortest wait that a
/// step may have is ten seconds.
const PERIOD: Duration = Duration::from_secs(2);

/// Works until the program is told to end; a step that is under way then is done again by
/// whoever goes on. What fails is logged, and tried again later.
pub async fn work(service: Service, mut shutdown: Shutdown) {
    // Servers that share a store are told apart by it.
    let owner = Uuid::new_v4().to_string();
    let mut periods = interval(PERIOD);
    periods.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watch = shutdown.clone();
    loop {
        tokio::select! {
            biased;
            () = shutdown.draining() => return,
            _now = periods.tick() => {}
        }
        tokio::select! {
            biased;
            () = watch.draining() => return,
            () = all(&service, &owner) => {}
        }
    }
}

/// All that is to be done now.
async fn all(service: &Service, owner: &str) {
    loop {
        match service.rotate(owner).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(reason) => {
                tracing::warn!(error = %reason, "cannot go on with rotations");
                return;
            }
        }
    }
}
