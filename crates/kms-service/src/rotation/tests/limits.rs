//! What may not be rotated, or not yet, or not again.

use kms_types::ErrorCode;

use super::{Fake, make, rotate, single, told, value, work};
use crate::stand::Stand;

#[tokio::test]
async fn one_version_is_asked_for_once() {
    let (stand, fake) = single().await;
    rotate(&stand, "db", "v2").await.unwrap();
    // While it is under way, and after it.
    rotate(&stand, "db", "v2").await.unwrap();
    work(&stand).await;
    assert_eq!(fake.steps().len(), 4);
    let before = value(&stand, "ACSCurrent").await;
    for version in ["v2", "v1"] {
        rotate(&stand, "db", version).await.unwrap();
        work(&stand).await;
    }
    assert_eq!(fake.steps(), [""; 0]);
    assert_eq!(value(&stand, "ACSCurrent").await, before);
}

#[tokio::test]
async fn a_rotation_under_way_keeps_others_and_changes_of_the_policy_away() {
    let (stand, _fake) = single().await;
    rotate(&stand, "db", "v2").await.unwrap();
    assert_eq!(
        rotate(&stand, "db", "v3").await,
        Err(ErrorCode::InvalidRequest)
    );
    let params = [("SecretName", "db"), ("EnableAutomaticRotation", "false")];
    assert_eq!(
        stand.call("UpdateSecretRotationPolicy", &params).await,
        Err(ErrorCode::InvalidRequest)
    );
    work(&stand).await;
    rotate(&stand, "db", "v3").await.unwrap();
}

#[tokio::test]
async fn what_nobody_rotates_is_refused() {
    let (stand, _fake) = single().await;
    let data = r#"{"Accounts":[{"AccountName":"app","AccountPassword":"old"}]}"#;
    let automatic = [
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "6h"),
    ];
    make(&stand, ("Rds", "unserved/db"), super::ONE, data, &automatic).await;
    let unsupported = Err(ErrorCode::UnsupportedOperation);
    assert_eq!(rotate(&stand, "unserved/db", "v2").await, unsupported);
    assert_eq!(
        told(&stand, "unserved/db").await["AutomaticRotation"],
        "Invalid"
    );
    stand.create("plain", "x").await;
    assert_eq!(rotate(&stand, "plain", "v2").await, unsupported);
    assert_eq!(
        rotate(&stand, "missing", "v2").await,
        Err(ErrorCode::ResourceNotFound)
    );
    let stranger = stand.stranger("9876543210987654", "mallory").await;
    let arn = "acs:kms:cn-hangzhou:1234567890123456:secret/db";
    let params = [("SecretName", arn), ("VersionId", "v2")];
    assert_eq!(
        stand.call_as(&stranger, "RotateSecret", &params).await,
        Err(ErrorCode::NoPermission)
    );
}

#[tokio::test]
async fn without_rotators_nothing_rotates() {
    let stand = Stand::new().await;
    let data = r#"{"Accounts":[{"AccountName":"app","AccountPassword":"old"}]}"#;
    make(&stand, ("Rds", "db"), super::ONE, data, &[]).await;
    assert_eq!(
        rotate(&stand, "db", "v2").await,
        Err(ErrorCode::UnsupportedOperation)
    );
    let _unused = Fake::default();
}

#[tokio::test]
async fn an_account_rotates_fifty_times_an_hour() {
    let (stand, _fake) = single().await;
    for version in 0..50 {
        rotate(&stand, "db", &format!("r{version}")).await.unwrap();
        work(&stand).await;
    }
    assert_eq!(
        rotate(&stand, "db", "one-more").await,
        Err(ErrorCode::LimitExceeded)
    );
    stand.pass(3601);
    rotate(&stand, "db", "one-more").await.unwrap();
}
