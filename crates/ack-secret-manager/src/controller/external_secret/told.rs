//! What is told of an ExternalSecret, in its condition and by events.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use kube::{
    Resource as _,
    runtime::events::{Event, EventType},
};

use super::super::{Context, drift::version};
use crate::{
    api::{ExternalSecret, ExternalSecretStatus, SyncStatus},
    apply::Desired,
    plan::Outcome,
    status::Ready,
    triggers::ObjectName,
};

/// Which version each had when its status was written: what is seen of it may be older.
#[derive(Debug, Default)]
pub(crate) struct Told(Mutex<HashMap<ObjectName, u64>>);

/// Its Secret stays as it is.
pub(super) fn withheld(outcomes: &[Outcome], secret: &str) -> Ready {
    if outcomes.is_empty() {
        return Ready::no("Empty", "the spec names nothing to read".to_owned());
    }
    Ready::no(
        "NotSynced",
        format!("Secret {secret} stays as it is: {}", failures(outcomes)),
    )
}

/// Its Secret was taken away.
pub(super) fn removed(outcomes: &[Outcome], secret: &str) -> Ready {
    Ready::no(
        "Removed",
        format!(
            "Secret {secret} is taken away, as --cleanup-secret-on-failure says: {}",
            failures(outcomes)
        ),
    )
}

/// Its Secret is as wanted, or nearly.
pub(super) fn written(outcomes: &[Outcome], desired: &Desired, other: Option<&str>) -> Ready {
    let secret = &desired.name;
    let failed = outcomes.iter().any(|one| one.status == SyncStatus::Failed);
    if failed {
        return Ready::no(
            "PartlySynced",
            format!(
                "Secret {secret} keeps what could not be read: {}",
                failures(outcomes)
            ),
        );
    }
    let keys = desired.data.len();
    let plural = if keys == 1 { "" } else { "s" };
    let mut message = format!("{keys} key{plural} in Secret {secret}");
    if let Some(other) = other {
        message = format!(
            "{message}, of type {other}: Kubernetes changes no type; delete the Secret to have one \
             of type {}",
            desired.secret_type
        );
    }
    Ready::yes("Synced", message)
}

/// Tells of a turn from well to not well, or back.
pub(super) async fn event(
    context: &Context,
    object: &ExternalSecret,
    old: Option<&ExternalSecretStatus>,
    ready: &Ready,
) {
    let before = old.and_then(|old| old.conditions.iter().find(|one| one.kind == "Ready"));
    let same = before.is_some_and(|before| {
        before.reason == ready.reason && (before.status == "True") == ready.yes
    });
    if same {
        return;
    }
    let event = Event {
        type_: if ready.yes {
            EventType::Normal
        } else {
            EventType::Warning
        },
        reason: ready.reason.to_owned(),
        note: Some(shortened(&ready.message)),
        action: "Sync".to_owned(),
        secondary: None,
    };
    let about = object.object_ref(&());
    if let Err(error) = context.recorder.publish(&event, &about).await {
        tracing::debug!(%error, "an event was not told");
    }
}

// === impl Told ===

impl Told {
    /// Its status was written, and this is its version since.
    pub(super) fn note(&self, name: &ObjectName, written: Option<&str>) {
        let written = written.map_or(u64::MAX, version);
        self.lock().insert(name.clone(), written);
    }

    /// Whether its status was written since this version of it, which is the newest that was seen.
    pub(super) fn since(&self, name: &ObjectName, seen: Option<&str>) -> bool {
        let mut all = self.lock();
        let seen = seen.map_or(u64::MAX, version);
        if all.get(name).is_some_and(|written| *written <= seen) {
            all.remove(name);
        }
        all.contains_key(name)
    }

    /// It is not there any more.
    pub(super) fn forget(&self, name: &ObjectName) {
        self.lock().remove(name);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ObjectName, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failures(outcomes: &[Outcome]) -> String {
    let failed = outcomes
        .iter()
        .filter(|one| one.status == SyncStatus::Failed)
        .map(|one| format!("{}: {}", one.key, one.reason));
    failed.collect::<Vec<_>>().join("; ")
}

/// As long as the API server takes.
fn shortened(text: &str) -> String {
    const MOST: usize = 1000;
    text.chars().take(MOST).collect()
}
