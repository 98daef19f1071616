use std::time::Duration;

use kms_types::AccessKeyId;
use serde_json::Value;

use super::*;
use crate::dev::{
    kms::Kms,
    stand::{Stand, caller},
};

async fn told(kms: &Kms, action: Action, params: &[(&str, &str)]) -> Value {
    let caller = caller(kms).await;
    let told = ask(&kms.backend.service, &caller, action, params).await;
    serde_json::to_value(told.unwrap()).unwrap()
}

/// The key that is current, as a program reads it.
async fn current(kms: &Kms) -> AccessKeyId {
    let read = told(kms, Action::GetSecretValue, &[("SecretName", SECRET)]).await;
    let value: Value = serde_json::from_str(read["SecretData"].as_str().unwrap()).unwrap();
    value["AccessKeyId"].as_str().unwrap().parse().unwrap()
}

/// Those that RAM knows.
async fn keys(kms: &Kms) -> Vec<String> {
    let listed = told(kms, Action::ListAccessKeys, &[("UserName", USER)]).await;
    let keys = listed["AccessKeys"]["AccessKey"].as_array().unwrap().iter();
    keys.map(|key| key["AccessKeyId"].as_str().unwrap().to_owned())
        .collect()
}

async fn work(kms: &Kms) {
    while kms.backend.service.rotate("worker").await.unwrap() {}
}

#[tokio::test]
async fn it_rotates_every_five_minutes_and_goes_on_after_a_restart() {
    let stand = Stand::new();
    let kms = stand.open().await;
    let described = told(&kms, Action::DescribeSecret, &[("SecretName", SECRET)]).await;
    assert_eq!(described["AutomaticRotation"], "Enabled");
    assert_eq!(described["RotationInterval"], "300s");
    assert_eq!(described["NextRotationDate"], "2026-11-25T12:05:00Z");
    let first = current(&kms).await;
    assert_eq!(keys(&kms).await, [first.as_str()]);
    work(&kms).await;
    assert_eq!(current(&kms).await, first);

    stand.clock.advance(Duration::from_mins(5));
    work(&kms).await;
    let second = current(&kms).await;
    assert_ne!(second, first);
    // Both sign until the window is over.
    assert_eq!(keys(&kms).await.len(), 2);
    kms.backend.close().await;

    let kms = stand.open().await;
    assert_eq!(current(&kms).await, second);
    stand.clock.advance(Duration::from_secs(151));
    work(&kms).await;
    // Who read the old one has read the new one, too: it is stopped first, for a quarter of
    // the window.
    assert_eq!(keys(&kms).await.len(), 2);
    stand.clock.advance(Duration::from_secs(38));
    work(&kms).await;
    assert_eq!(keys(&kms).await, [second.as_str()]);
    stand.clock.advance(Duration::from_mins(3));
    work(&kms).await;
    assert_ne!(current(&kms).await, second);
}

#[tokio::test]
async fn what_was_done_to_it_stays() {
    let stand = Stand::new();
    let kms = stand.open().await;
    let first = current(&kms).await;
    let delete = [
        ("SecretName", SECRET),
        ("ForceDeleteWithoutRecovery", "true"),
    ];
    told(&kms, Action::DeleteSecret, &delete).await;
    kms.backend.close().await;

    // Its user's key is somebody's now.
    let kms = stand.open().await;
    let caller = caller(&kms).await;
    let look = [("SecretName", SECRET)];
    let gone = ask(&kms.backend.service, &caller, Action::DescribeSecret, &look).await;
    assert_eq!(
        gone.err().map(|error| error.code),
        Some(ErrorCode::ResourceNotFound)
    );
    assert_eq!(keys(&kms).await, [first.as_str()]);
    let key = [("UserName", USER), ("UserAccessKeyId", first.as_str())];
    told(&kms, Action::DeleteAccessKey, &key).await;
    kms.backend.close().await;

    let kms = stand.open().await;
    assert_ne!(current(&kms).await, first);
}
