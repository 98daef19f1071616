use std::{sync::Arc, time::Duration};

use kms_testkit::MockClock;

use super::{ProbeError, for_ever, once};
use crate::plugin::{
    health::Health,
    keys::fake::{FakeKeys, down, forbidden},
};

fn health() -> Arc<Health> {
    let clock = MockClock::at("2026-11-25T10:00:00Z".parse().unwrap());
    Arc::new(Health::new(Arc::new(clock), Duration::from_mins(1)))
}

#[tokio::test]
async fn a_probe_finds_the_version_and_tells_health() {
    let (keys, health) = (FakeKeys::new(), health());
    let found = once(&keys, &health).await.unwrap();
    assert_eq!(found.to_string(), "key-fake/v1");
    assert_eq!(health.report().key, Some(found));
    assert!(health.report().is_healthy());
}

#[tokio::test]
async fn why_it_does_not_work_is_told() {
    let (keys, health) = (FakeKeys::new(), health());
    keys.fail(Some(down));
    let error = once(&keys, &health).await.unwrap_err();
    assert!(error.is_transient() && !error.is_refusal());
    assert_eq!(
        health.report().healthz,
        "KMS has not worked yet: cannot encrypt: cannot talk to kms.example: connection refused"
    );
    keys.fail(Some(forbidden));
    let error = once(&keys, &health).await.unwrap_err();
    assert!(!error.is_transient() && error.is_refusal());
}

#[tokio::test]
async fn something_else_in_a_ciphertext_is_no_success() {
    let mut keys = FakeKeys::new();
    keys.padding = 1;
    let health = health();
    let error = once(&keys, &health).await.unwrap_err();
    assert!(matches!(error, ProbeError::Different));
    assert!(!health.report().is_healthy());
}

#[tokio::test(start_paused = true)]
async fn a_rotation_is_found_by_itself_and_calls_are_few() {
    let (keys, health) = (Arc::new(FakeKeys::new()), health());
    let looks = for_ever(keys.clone(), Arc::clone(&health), Duration::from_secs(30));
    let looks = tokio::spawn(looks);
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert_eq!(health.report().key.unwrap().to_string(), "key-fake/v1");
    keys.rotate_to("v2");
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(health.report().key.unwrap().to_string(), "key-fake/v2");
    assert_eq!(keys.encrypts(), 2);
    looks.abort();
}
