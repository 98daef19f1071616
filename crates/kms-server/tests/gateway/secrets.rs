//! A secret through the router: every action, and what it answers (reference kms-api §2).

use std::time::Duration;

use serde_json::json;

use crate::world::{NAME, STS, Way, World, with_secret};

#[tokio::test]
async fn a_secrets_life() {
    let mut world = World::new().await;
    let created = world
        .kms(
            "CreateSecret",
            &[
                ("SecretName", NAME),
                ("SecretData", "one"),
                ("VersionId", "v1"),
                ("Description", "the database"),
                ("Tags", r#"[{"TagKey":"env","TagValue":"test"}]"#),
            ],
        )
        .await;
    assert_eq!(
        created.ok(),
        json!({
            "Arn": "acs:kms:cn-hangzhou:1000000000000001:secret/app/db",
            "SecretName": "app/db",
            "VersionId": "v1",
            "SecretType": "Generic",
            "DKMSInstanceId": "",
        })
    );

    world.clock.advance(Duration::from_mins(1));
    let put = world
        .kms(
            "PutSecretValue",
            &[
                ("SecretName", NAME),
                ("SecretData", "two"),
                ("VersionId", "v2"),
            ],
        )
        .await;
    assert_eq!(
        put.ok(),
        json!({
            "SecretName": "app/db",
            "VersionId": "v2",
            "VersionStages": {"VersionStage": ["ACSCurrent"]},
        })
    );

    let read = world.kms("GetSecretValue", &[("SecretName", NAME)]).await;
    assert_eq!(
        read.ok(),
        json!({
            "SecretName": "app/db",
            "SecretType": "Generic",
            "SecretData": "two",
            "SecretDataType": "text",
            "VersionId": "v2",
            "VersionStages": {"VersionStage": ["ACSCurrent"]},
            "CreateTime": "2025-01-03T08:00:17Z",
        })
    );
    let before = world
        .kms(
            "GetSecretValue",
            &[("SecretName", NAME), ("VersionStage", "ACSPrevious")],
        )
        .await;
    assert_eq!(before.ok()["SecretData"], "one");

    let versions = world
        .kms("ListSecretVersionIds", &[("SecretName", NAME)])
        .await
        .ok();
    assert_eq!(versions["TotalCount"], 2);
    assert_eq!(
        (&versions["PageNumber"], &versions["PageSize"]),
        (&json!(1), &json!(20))
    );

    let moved = world
        .kms(
            "UpdateSecretVersionStage",
            &[
                ("SecretName", NAME),
                ("VersionStage", "ACSCurrent"),
                ("MoveToVersion", "v1"),
                ("RemoveFromVersion", "v2"),
            ],
        )
        .await;
    assert_eq!(moved.ok(), json!({"SecretName": "app/db"}));
    let read = world.kms("GetSecretValue", &[("SecretName", NAME)]).await;
    assert_eq!(read.ok()["SecretData"], "one");
}

#[tokio::test]
async fn metadata_deletion_and_return() {
    let mut world = with_secret("one").await;
    let updated = world
        .kms(
            "UpdateSecret",
            &[("SecretName", NAME), ("Description", "other")],
        )
        .await;
    assert_eq!(updated.ok(), json!({"SecretName": "app/db"}));
    let described = world
        .kms(
            "DescribeSecret",
            &[("SecretName", NAME), ("FetchTags", "True")],
        )
        .await
        .ok();
    assert_eq!(described["Description"], "other");
    assert_eq!(described["CreateTime"], "2025-01-03T07:59:17Z");
    assert_eq!(described["Tags"], json!({"Tag": []}));

    let listed = world.kms("ListSecrets", &[]).await.ok();
    assert_eq!(listed["TotalCount"], 1);
    assert_eq!(listed["SecretList"]["Secret"][0]["SecretName"], "app/db");

    let deleted = world
        .kms(
            "DeleteSecret",
            &[("SecretName", NAME), ("RecoveryWindowInDays", "7")],
        )
        .await;
    assert_eq!(
        deleted.ok(),
        json!({
            "SecretName": "app/db",
            "PlannedDeleteTime": "2025-01-10T07:59:17Z",
        })
    );
    let restored = world.kms("RestoreSecret", &[("SecretName", NAME)]).await;
    assert_eq!(restored.ok(), json!({"SecretName": "app/db"}));
    world
        .kms(
            "DeleteSecret",
            &[("SecretName", NAME), ("ForceDeleteWithoutRecovery", "true")],
        )
        .await
        .ok();
    let gone = world.kms("GetSecretValue", &[("SecretName", NAME)]).await;
    assert_eq!(
        gone.refusal(),
        (404, "Forbidden.ResourceNotFound".to_owned())
    );
}

#[tokio::test]
async fn what_needs_no_secret() {
    let mut world = World::new().await;
    let password = world
        .kms("GetRandomPassword", &[("PasswordLength", "20")])
        .await
        .ok();
    assert_eq!(password["RandomPassword"].as_str().unwrap().len(), 20);
    let identity = world
        .call(Way::V1Query, STS, "GetCallerIdentity", &[])
        .await
        .ok();
    assert_eq!(identity["AccountId"], "1000000000000001");
    assert_eq!(identity["IdentityType"], "RAMUser");
    assert_eq!(identity["Arn"], "acs:ram::1000000000000001:user/dev");
}
