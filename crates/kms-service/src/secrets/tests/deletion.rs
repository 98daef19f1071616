use super::*;

const DAY: u64 = 86_400;

#[tokio::test]
async fn a_planned_deletion_hides_the_value_and_nothing_else() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    stand.pass(60);
    let delete = [("SecretName", "app/db"), ("RecoveryWindowInDays", "7")];
    let deleted = stand.call("DeleteSecret", &delete).await;
    let planned = "2025-01-10T08:00:17Z";
    assert_eq!(
        deleted,
        Ok(json!({"SecretName": "app/db", "PlannedDeleteTime": planned}))
    );
    for (action, more) in [
        ("GetSecretValue", vec![]),
        ("UpdateSecret", vec![("Description", "x")]),
        (
            "PutSecretValue",
            vec![("VersionId", "v2"), ("SecretData", "x")],
        ),
        (
            "CreateSecret",
            vec![("VersionId", "v2"), ("SecretData", "x")],
        ),
        (
            "UpdateSecretVersionStage",
            vec![("VersionStage", "blue"), ("MoveToVersion", "v1")],
        ),
        ("DeleteSecret", vec![]),
    ] {
        let mut params = vec![("SecretName", "app/db")];
        params.extend(more);
        let answer = stand.call(action, &params).await;
        assert_eq!(answer, Err(ErrorCode::ResourceInDeleteWindow), "{action}");
    }
    let described = stand
        .call("DescribeSecret", &[("SecretName", "app/db")])
        .await
        .unwrap();
    assert_eq!(described["PlannedDeleteTime"], planned);
    let listed = stand.call("ListSecrets", &[]).await.unwrap();
    assert_eq!(
        listed["SecretList"]["Secret"][0]["PlannedDeleteTime"],
        planned
    );
    assert_eq!(labels(&stand, "app/db").await.len(), 1);
}

#[tokio::test]
async fn a_secret_comes_back_whole_within_its_window() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    let name = [("SecretName", "app/db")];
    assert_eq!(
        stand.call("RestoreSecret", &name).await,
        Err(ErrorCode::ResourceInUse)
    );
    stand.call("DeleteSecret", &name).await.unwrap();
    stand.pass(30 * DAY - 1);
    stand.call("RestoreSecret", &name).await.unwrap();
    stand.pass(30 * DAY);
    assert_eq!(
        stand.read("app/db", "ACSCurrent").await.as_deref(),
        Ok("one")
    );
    let described = stand.call("DescribeSecret", &name).await.unwrap();
    assert_eq!(described["PlannedDeleteTime"], "");
}

#[tokio::test]
async fn a_secret_is_gone_when_its_time_has_come() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    stand.create("app/other", "two").await;
    let name = [("SecretName", "app/db")];
    stand.call("DeleteSecret", &name).await.unwrap();
    stand.pass(30 * DAY);
    for action in [
        "DescribeSecret",
        "GetSecretValue",
        "RestoreSecret",
        "DeleteSecret",
    ] {
        assert_eq!(
            stand.call(action, &name).await,
            Err(ErrorCode::ResourceNotFound),
            "{action}"
        );
    }
    let listed = stand.call("ListSecrets", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 1);
    assert_eq!(listed["SecretList"]["Secret"][0]["SecretName"], "app/other");

    assert_eq!(stand.service.sweep().await.unwrap(), 1);
    assert_eq!(stand.service.sweep().await.unwrap(), 0);
    assert_eq!(
        stand.read("app/other", "ACSCurrent").await.as_deref(),
        Ok("two")
    );
}

#[tokio::test]
async fn a_name_is_free_again_after_deletion() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    let force = [
        ("SecretName", "app/db"),
        ("ForceDeleteWithoutRecovery", "true"),
    ];
    let deleted = stand.call("DeleteSecret", &force).await.unwrap();
    assert_eq!(deleted["PlannedDeleteTime"], "2025-01-03T07:59:17Z");
    stand.create("app/db", "two").await;
    assert_eq!(
        stand.read("app/db", "ACSCurrent").await.as_deref(),
        Ok("two")
    );

    // Unswept, it makes room too.
    stand
        .call("DeleteSecret", &[("SecretName", "app/db")])
        .await
        .unwrap();
    stand.pass(31 * DAY);
    stand.create("app/db", "three").await;
    assert_eq!(labels(&stand, "app/db").await.len(), 1);
    assert_eq!(stand.service.sweep().await.unwrap(), 0);

    // Force works on one that waits already, as does Terraform's pair of parameters.
    stand
        .call("DeleteSecret", &[("SecretName", "app/db")])
        .await
        .unwrap();
    let both = [
        ("SecretName", "app/db"),
        ("ForceDeleteWithoutRecovery", "true"),
        ("RecoveryWindowInDays", "30"),
    ];
    stand.call("DeleteSecret", &both).await.unwrap();
    assert_eq!(
        stand.read("app/db", "ACSCurrent").await,
        Err(ErrorCode::ResourceNotFound)
    );
}
