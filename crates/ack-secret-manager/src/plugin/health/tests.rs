use std::{sync::Arc, time::Duration};

use kms_testkit::MockClock;

use super::Health;
use crate::plugin::keys::{Keys as _, fake::FakeKeys};

fn health() -> (MockClock, Health) {
    let clock = MockClock::at("2026-11-25T10:00:00Z".parse().unwrap());
    let health = Health::new(Arc::new(clock.clone()), Duration::from_mins(1));
    (clock, health)
}

#[test]
fn nothing_is_well_before_kms_has_worked() {
    let (_clock, health) = health();
    let report = health.report();
    assert_eq!(
        report.healthz,
        "KMS has not worked yet: nothing was tried since"
    );
    assert_eq!(report.key, None);
    health.round_trip(Err("cannot encrypt: no credentials".to_owned()));
    assert_eq!(
        health.report().healthz,
        "KMS has not worked yet: cannot encrypt: no credentials"
    );
}

#[test]
fn a_round_trip_counts_for_a_minute_whatever_fails_after_it() {
    let (clock, health) = health();
    health.round_trip(Ok(()));
    clock.advance(Duration::from_secs(30));
    health.round_trip(Err("cannot encrypt: down".to_owned()));
    clock.advance(Duration::from_secs(30));
    assert!(health.report().is_healthy());
    clock.advance(Duration::from_secs(1));
    let report = health.report();
    assert!(!report.is_healthy());
    assert_eq!(
        report.healthz,
        "KMS last worked 61 s ago: cannot encrypt: down"
    );
    health.round_trip(Ok(()));
    assert_eq!(health.report().healthz, "ok");
}

#[tokio::test]
async fn an_answer_that_was_overtaken_changes_no_key() {
    let (_clock, health) = health();
    let keys = FakeKeys::new();
    let nothing = kms_types::Secret::new(vec![0]);
    let old = keys.encrypt(&nothing).await.unwrap().by;
    keys.rotate_to("v2");
    let new = keys.encrypt(&nothing).await.unwrap().by;

    let slow = health.begin();
    let fast = health.begin();
    health.encrypted(fast, &new);
    health.encrypted(slow, &old);
    assert_eq!(health.report().key.unwrap().to_string(), "key-fake/v2");
    let later = health.begin();
    health.encrypted(later, &old);
    assert_eq!(health.report().key.unwrap().to_string(), "key-fake/v1");
}
