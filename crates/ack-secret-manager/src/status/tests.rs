use super::{Ready, external_secret};
use crate::{
    api::{ExternalSecretStatus, SyncStatus},
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
