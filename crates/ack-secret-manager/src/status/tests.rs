use super::{Ready, conditions, external_secret, store};
use crate::{
    api::{Condition, ExternalSecretStatus, SecretStoreStatus, SyncStatus},
    plan::Outcome,
};

fn well(now: &str, old: Option<&ExternalSecretStatus>) -> Option<ExternalSecretStatus> {
    let outcomes = [Outcome::new("app/db", SyncStatus::Succeeded, String::new())];
    let ready = Ready::yes("Synced", "1 key in Secret team/db".to_owned());
    external_secret(old, Some(3), &outcomes, &ready, now)
}

#[test]
fn nothing_is_written_while_all_stays_as_it_is() {
    let first = well("2026-01-01T00:00:00Z", None).unwrap();
    assert_eq!(first.conditions[0].status, "True");
    assert_eq!(
        first.conditions[0].last_transition_time,
        "2026-01-01T00:00:00Z"
    );
    assert_eq!(well("2026-01-01T00:02:00Z", Some(&first)), None);
}

#[test]
fn the_time_of_a_condition_is_that_of_its_last_turn() {
    let first = well("2026-01-01T00:00:00Z", None).unwrap();
    let outcomes = [Outcome::new(
        "app/db",
        SyncStatus::Failed,
        "gone".to_owned(),
    )];
    let broken = |old, message: &str, now| {
        let ready = Ready::no("NotSynced", message.to_owned());
        external_secret(Some(old), Some(3), &outcomes, &ready, now).unwrap()
    };
    let second = broken(&first, "a", "2026-01-01T00:02:00Z");
    assert_eq!(
        second.conditions[0].last_transition_time,
        "2026-01-01T00:02:00Z"
    );
    assert_eq!(
        second.data_sync_results[0].synchronization_time,
        "2026-01-01T00:02:00Z"
    );
    let third = broken(&second, "b", "2026-01-01T00:04:00Z");
    assert_eq!(third.conditions.len(), 1);
    assert_eq!(third.conditions[0].message, "b");
    assert_eq!(
        third.conditions[0].last_transition_time,
        "2026-01-01T00:02:00Z"
    );
    assert_eq!(
        third.data_sync_results[0].synchronization_time,
        "2026-01-01T00:02:00Z"
    );
}

#[test]
fn the_key_of_a_result_is_written_as_the_original_writes_it() {
    let first = well("2026-01-01T00:00:00Z", None).unwrap();
    let json = serde_json::to_value(&first).unwrap();
    assert_eq!(json["dataSyncResults"][0]["ExternalSecretKey"], "app/db");
    assert_eq!(json["dataSyncResults"][0]["status"], "Succeeded");
}

#[test]
fn conditions_of_others_stay() {
    let other = Condition {
        kind: "Approved".to_owned(),
        status: "False".to_owned(),
        ..Condition::default()
    };
    let ready = Ready::yes("Synced", String::new());
    let all = conditions(
        std::slice::from_ref(&other),
        Some(1),
        &ready,
        "2026-01-01T00:00:00Z",
    );
    assert_eq!(all.len(), 2);
    assert_eq!(all[0], other);
    assert_eq!(all[1].kind, "Ready");
}

#[test]
fn another_generation_is_told_though_all_else_is_the_same() {
    let first = well("2026-01-01T00:00:00Z", None).unwrap();
    let outcomes = [Outcome::new("app/db", SyncStatus::Succeeded, String::new())];
    let ready = Ready::yes("Synced", "1 key in Secret team/db".to_owned());
    let later = external_secret(
        Some(&first),
        Some(4),
        &outcomes,
        &ready,
        "2026-01-02T00:00:00Z",
    );
    let later = later.unwrap();
    assert_eq!(later.observed_generation, Some(4));
    assert_eq!(
        later.conditions[0].last_transition_time,
        "2026-01-01T00:00:00Z"
    );
}

#[test]
fn a_store_tells_of_its_spec_once_and_of_each_new_client() {
    let ready = Ready::yes("Opened", String::new());
    let told = |old: Option<&SecretStoreStatus>, generation, client, now| {
        store(old, generation, client, &ready, now)
    };
    let first = told(None, Some(1), 1, "2026-01-01T00:00:00Z").unwrap();
    assert_eq!(first.client_generation, Some(1));
    // The operator was started anew: it counts from one again, and says nothing new.
    assert_eq!(told(Some(&first), Some(1), 1, "2026-01-02T00:00:00Z"), None);
    let second = told(Some(&first), Some(1), 2, "2026-01-02T00:00:00Z").unwrap();
    assert_eq!(second.client_generation, Some(2));
    assert_eq!(second.conditions, first.conditions);
}
