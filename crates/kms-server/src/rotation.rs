//! Rotates secrets, as long as the program runs.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use kms_service::{Rotation, RotationNews, Service};
use kms_telemetry::Shutdown;
use tokio::time::{MissedTickBehavior, interval, sleep};
use uuid::Uuid;

use crate::{audit::Log, backend::Backend, webhook::Webhooks};

/// How often it is looked whether there is something to rotate. The shortest wait that a
/// step may have is ten seconds.
const PERIOD: Duration = Duration::from_secs(2);

/// Lets webhooks rotate secrets, and writes down what becomes of it. `least_interval` is
/// KMS's own if none is given. Before the first call, and once.
pub fn set(backend: &Backend, webhooks: Webhooks, least_interval: Option<SignedDuration>) {
    let usual = Rotation::default();
    let audit = backend.audit.clone();
    backend.service.set_rotation(Rotation {
        rotators: Arc::new(webhooks),
        least_interval: least_interval.unwrap_or(usual.least_interval),
        told: Arc::new(move |news| note(&audit, news)),
        ..usual
    });
}

/// Works until the program is told to end; a step that is under way then has this long to
/// come to its end, and is done again by whoever goes on if it has not. What fails is logged,
/// and tried again later.
pub async fn work(service: Service, mut shutdown: Shutdown, drain: Duration) {
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
            () = all(&service, &owner, &shutdown) => {}
            () = async {
                watch.draining().await;
                sleep(drain).await;
            } => {
                tracing::warn!("a step of a rotation was cut off; it is done again later");
                return;
            }
        }
    }
}

/// All that is to be done now.
async fn all(service: &Service, owner: &str, shutdown: &Shutdown) {
    while !shutdown.is_draining() {
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

fn note(audit: &Log, news: &RotationNews<'_>) {
    let about = [
        ("account", news.account.as_str()),
        ("secret", news.secret.as_str()),
        ("version", news.version.as_str()),
        ("rotation", news.event.as_str()),
    ];
    audit.note("rotation", &about);
}
