//! Tells people and programs what happened: the log, webhooks, mail. Each is told at least once, on one server at a time; what has
//! been told is written down (`kms_service::PendingNotice`).

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use kms_service::{Level, Notice, PendingNotice, Service};
use kms_telemetry::Shutdown;
use tokio::time::timeout;
use uuid::Uuid;

use crate::{audit::Log, periods::Periods};

mod body;
mod counts;
mod hook;
mod mail;
mod open;

pub use counts::EventCounts;
pub(crate) use counts::watch;
pub(crate) use hook::Hook;
pub use open::EventsError;
pub(crate) use open::hook;

/// Somebody who is told.
#[async_trait]
trait Receiver: Send + Sync {
    /// What is written down about having told it: another address is another receiver.
    fn name(&self) -> String;

    /// Whether it wants to hear of that.
    fn wants(&self, notice: &Notice) -> bool;

    /// Tells it. The words of what went wrong hold nothing of what was sent.
    async fn tell(&self, notice: &Notice) -> Result<(), String>;
}

/// Everybody who is told.
#[derive(Default)]
pub struct Receivers {
    all: Vec<Arc<dyn Receiver>>,
}

/// How often it is looked whether there is something to tell.
const PERIOD: Duration = Duration::from_secs(5);
/// How long one may take to take it.
const PATIENCE: Duration = Duration::from_mins(1);

/// Tells what there is to tell, until the program is told to end. What fails is logged, and
/// tried again later.
pub(crate) async fn tell(
    service: Service,
    audit: Log,
    receivers: Arc<Receivers>,
    shutdown: Shutdown,
) {
    // Servers that share a store are told apart by it.
    let owner = Uuid::new_v4().to_string();
    let mut periods = Periods::new(PERIOD, shutdown);
    while periods.next().await {
        match service.pending_notices(&owner).await {
            Ok(pending) => {
                for pending in pending {
                    if periods.are_over() {
                        return;
                    }
                    receivers.tell(&service, &audit, &pending).await;
                }
            }
            Err(reason) => tracing::warn!(error = %reason, "cannot look for events"),
        }
    }
}

// === impl Receivers ===

impl Receivers {
    /// Tells all of one notice who were not told yet, and writes down who was.
    pub(crate) async fn tell(&self, service: &Service, audit: &Log, pending: &PendingNotice) {
        let told = async {
            let mut is_done = true;
            if !pending.was_told(LOG) {
                log(audit, &pending.notice);
                service.note_told(pending, LOG).await?;
            }
            for receiver in &self.all {
                is_done &= one(service, pending, &**receiver).await?;
            }
            service.note_end(pending, is_done).await
        };
        if let Err(reason) = told.await {
            tracing::warn!(error = %reason, "cannot write down who was told of an event");
        }
    }
}

/// Tells one, unless it was told or does not want to be; whether nothing is left to do.
async fn one(
    service: &Service,
    pending: &PendingNotice,
    receiver: &dyn Receiver,
) -> Result<bool, kms_service::SetupError> {
    let name = receiver.name();
    if pending.was_told(&name) || !receiver.wants(&pending.notice) {
        return Ok(true);
    }
    let told = timeout(PATIENCE, receiver.tell(&pending.notice)).await;
    match told.unwrap_or_else(|_elapsed| Err("it takes too long".to_owned())) {
        Ok(()) => {
            service.note_told(pending, &name).await?;
            Ok(true)
        }
        Err(reason) => {
            tracing::warn!(
                receiver = name,
                event = pending.notice.id,
                reason,
                "cannot tell of an event"
            );
            Ok(false)
        }
    }
}

const LOG: &str = "log";

/// Ids and dates; no value is in an event.
fn log(audit: &Log, notice: &Notice) {
    let Notice {
        account,
        id,
        name,
        level,
        resource,
        ..
    } = notice;
    let level_text = level.as_str();
    if *level == Level::Critical {
        tracing::error!(%account, event = id, name, resource, "an event");
    } else {
        tracing::info!(%account, event = id, name, level = level_text, resource, "an event");
    }
    audit.note(
        "event",
        &[
            ("account", account.as_str()),
            ("event", id),
            ("name", name),
            ("level", level_text),
            ("resource", resource),
        ],
    );
}

#[cfg(test)]
mod tests;
