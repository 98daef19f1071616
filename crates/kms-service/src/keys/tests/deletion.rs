use super::*;

async fn schedule(stand: &Stand, key: &str, days: &str) -> Result<Value, ErrorCode> {
    let params = [("KeyId", key), ("PendingWindowInDays", days)];
    stand.call("ScheduleKeyDeletion", &params).await
}

#[tokio::test]
async fn a_key_that_waits_for_deletion_refuses_and_can_be_taken_back() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let blob = stand.encrypt(&key, "hello").await.unwrap();
    schedule(&stand, &key, "7").await.unwrap();
    let described = stand.described(&key).await;
    assert_eq!(described["KeyState"], "PendingDeletion");
    assert_eq!(described["DeleteDate"], "2025-01-10T07:59:17Z");
    for refused in [
        stand.encrypt(&key, "hello").await.err(),
        stand.decrypt(&blob).await.err(),
        stand.on("EnableKey", &key).await.err(),
        stand.on("DisableKey", &key).await.err(),
        stand.on("CreateKeyVersion", &key).await.err(),
        schedule(&stand, &key, "7").await.err(),
    ] {
        assert_eq!(refused, Some(ErrorCode::KeyPendingDeletion));
    }
    stand.on("CancelKeyDeletion", &key).await.unwrap();
    let described = stand.described(&key).await;
    assert_eq!(described["KeyState"], "Enabled");
    assert_eq!(described["DeleteDate"], "");
    assert_eq!(stand.decrypt(&blob).await.as_deref(), Ok("hello"));
    let again = stand.on("CancelKeyDeletion", &key).await;
    assert_eq!(again, Err(ErrorCode::KeyState));
}

#[tokio::test]
async fn a_window_has_7_to_366_days() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    for days in ["6", "367", "0", "x"] {
        let refused = schedule(&stand, &key, days).await;
        assert_eq!(refused, Err(ErrorCode::InvalidParameter), "{days}");
    }
    let missing = stand.on("ScheduleKeyDeletion", &key).await;
    assert_eq!(missing, Err(ErrorCode::MissingParameter));
    schedule(&stand, &key, "366").await.unwrap();
}

#[tokio::test]
async fn a_key_is_gone_when_its_window_is_over_swept_or_not() {
    let stand = Stand::new().await;
    let (key, kept) = (stand.key_id(&[]).await, stand.key_id(&[]).await);
    let blob = stand.encrypt(&key, "hello").await.unwrap();
    let params = [("AliasName", "alias/a"), ("KeyId", key.as_str())];
    stand.call("CreateAlias", &params).await.unwrap();
    schedule(&stand, &key, "7").await.unwrap();
    stand.pass(7 * DAY - 1);
    assert_eq!(stand.described(&key).await["KeyState"], "PendingDeletion");
    assert_eq!(stand.service.sweep_keys().await.unwrap(), 0);
    stand.pass(1);
    let gone = async || {
        let described = stand.on("DescribeKey", &key).await;
        assert_eq!(described, Err(ErrorCode::KeyNotFound));
        assert_eq!(stand.decrypt(&blob).await, Err(ErrorCode::KeyNotFound));
        let cancelled = stand.on("CancelKeyDeletion", &key).await;
        assert_eq!(cancelled, Err(ErrorCode::KeyNotFound));
    };
    gone().await;
    assert_eq!(stand.service.sweep_keys().await.unwrap(), 1);
    assert_eq!(stand.service.sweep_keys().await.unwrap(), 0);
    gone().await;
    let alias = stand.on("DescribeKey", "alias/a").await;
    assert_eq!(alias, Err(ErrorCode::AliasNotFound));
    assert_eq!(stand.described(&kept).await["KeyState"], "Enabled");
}

#[tokio::test]
async fn a_protected_key_is_not_deleted() {
    let stand = Stand::new().await;
    let key = stand.key(&[]).await;
    let (id, arn) = (text(&key["KeyId"]), text(&key["Arn"]));
    let protect = async |by: (&str, &str), enabled: &str| {
        let params = [
            by,
            ("EnableDeletionProtection", enabled),
            ("DeletionProtectionDescription", "the shop needs it"),
        ];
        stand.call("SetDeletionProtection", &params).await
    };
    protect(("ProtectedResourceArn", &arn), "true")
        .await
        .unwrap();
    let described = stand.described(&id).await;
    assert_eq!(described["DeletionProtection"], "Enabled");
    assert_eq!(
        described["DeletionProtectionDescription"],
        "the shop needs it"
    );
    let refused = schedule(&stand, &id, "7").await;
    assert_eq!(refused, Err(ErrorCode::KeyState));
    protect(("KeyId", &id), "false").await.unwrap();
    let described = stand.described(&id).await;
    assert_eq!(described["DeletionProtection"], "Disabled");
    assert_eq!(described["DeletionProtectionDescription"], "");
    schedule(&stand, &id, "7").await.unwrap();
    let instance = protect(("KmsInstanceId", "kst-one"), "true").await;
    assert_eq!(instance, Err(ErrorCode::ResourceNotFound));
}
