//! What objects say became of them. A status is written when it says something else than before, so
//! that a cluster at rest is not written to at all (reference k8s-sync §2.11, §2.21).

use crate::{
    api::{Condition, ExternalSecretStatus, SecretStoreStatus, SyncResult},
    plan::Outcome,
};

/// Whether an object is as it should be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Ready {
    /// It is.
    pub yes: bool,
    /// In one word.
    pub reason: &'static str,
    /// In a sentence.
    pub message: String,
}

/// The kind of condition that `kubectl wait --for=condition=Ready` waits for.
const READY: &str = "Ready";

/// The status of an ExternalSecret, none if `old` says the same. `now` is RFC 3339.
pub(crate) fn external_secret(
    old: Option<&ExternalSecretStatus>,
    generation: Option<i64>,
    outcomes: &[Outcome],
    ready: &Ready,
    now: &str,
) -> Option<ExternalSecretStatus> {
    let empty = ExternalSecretStatus::default();
    let before = old.unwrap_or(&empty);
    let results = outcomes.iter().map(|outcome| {
        let same = |one: &&SyncResult| {
            one.key == outcome.key && one.status == outcome.status && one.reason == outcome.reason
        };
        let same = before.data_sync_results.iter().find(same);
        same.cloned().unwrap_or_else(|| SyncResult {
            key: outcome.key.clone(),
            status: outcome.status,
            reason: outcome.reason.clone(),
            synchronization_time: now.to_owned(),
        })
    });
    let status = ExternalSecretStatus {
        data_sync_results: results.collect(),
        conditions: conditions(&before.conditions, generation, ready, now),
        observed_generation: generation,
    };
    (old != Some(&status)).then_some(status)
}

/// The status of a store, none if `old` says the same but for how often its client was made.
pub(crate) fn store(
    old: Option<&SecretStoreStatus>,
    generation: Option<i64>,
    client_generation: i64,
    ready: &Ready,
    now: &str,
) -> Option<SecretStoreStatus> {
    let empty = SecretStoreStatus::default();
    let before = old.unwrap_or(&empty);
    let status = SecretStoreStatus {
        conditions: conditions(&before.conditions, generation, ready, now),
        capabilities: "ReadOnly".to_owned(),
        client_generation: Some(client_generation),
    };
    let same = old.is_some_and(|old| {
        old.conditions == status.conditions && old.capabilities == status.capabilities
    });
    // Another client for the same spec: what it refers to has changed, and people look for that.
    (!same || client_generation > 1).then_some(status)
}

/// The conditions with this one in them; the rest stay.
pub(crate) fn conditions(
    before: &[Condition],
    generation: Option<i64>,
    ready: &Ready,
    now: &str,
) -> Vec<Condition> {
    let status = if ready.yes { "True" } else { "False" };
    let old = before.iter().find(|one| one.kind == READY);
    let since = old.filter(|old| old.status == status);
    let condition = Condition {
        kind: READY.to_owned(),
        status: status.to_owned(),
        reason: ready.reason.to_owned(),
        message: ready.message.clone(),
        last_transition_time: since
            .map_or(now, |old| &old.last_transition_time)
            .to_owned(),
        observed_generation: generation,
    };
    let others = before.iter().filter(|one| one.kind != READY);
    others.cloned().chain([condition]).collect()
}

// === impl Ready ===

impl Ready {
    /// It is.
    pub(crate) fn yes(reason: &'static str, message: String) -> Self {
        Self {
            yes: true,
            reason,
            message,
        }
    }

    /// It is not.
    pub(crate) fn no(reason: &'static str, message: String) -> Self {
        Self {
            yes: false,
            reason,
            message,
        }
    }
}

#[cfg(test)]
mod tests;
