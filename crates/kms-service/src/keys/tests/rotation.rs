use super::*;

async fn rotate_by_itself(
    stand: &Stand,
    key: &str,
    enabled: &str,
    interval: &str,
) -> Result<Value, ErrorCode> {
    let params = [
        ("KeyId", key),
        ("EnableAutomaticRotation", enabled),
        ("RotationInterval", interval),
    ];
    stand.call("UpdateRotationPolicy", &params).await
}

#[tokio::test]
async fn a_new_version_encrypts_and_the_old_one_decrypts() {
    let stand = Stand::new().await;
    let key = stand.key(&[]).await;
    let (id, first) = (text(&key["KeyId"]), text(&key["PrimaryKeyVersion"]));
    let old = stand.encrypt(&id, "hello").await.unwrap();
    stand.pass(60);
    let made = stand.on("CreateKeyVersion", &id).await.unwrap();
    let second = text(&made["KeyVersion"]["KeyVersionId"]);
    assert_ne!(first, second);
    assert_eq!(made["KeyVersion"]["CreationDate"], "2025-01-03T08:00:17Z");
    let described = stand.described(&id).await;
    assert_eq!(described["PrimaryKeyVersion"], second.as_str());
    assert_eq!(described["LastRotationDate"], "2025-01-03T08:00:17Z");
    let params = [("KeyId", id.as_str()), ("Plaintext", "SGVsbG8=")];
    let new = stand.call("Encrypt", &params).await.unwrap();
    assert_eq!(new["KeyVersionId"], second.as_str());
    assert_eq!(stand.decrypt(&old).await.as_deref(), Ok("hello"));
    let listed = stand.on("ListKeyVersions", &id).await.unwrap();
    assert_eq!(listed["TotalCount"], 2);
    let listed = &listed["KeyVersions"]["KeyVersion"];
    assert_eq!(listed[0]["KeyVersionId"], first.as_str());
    assert_eq!(listed[1]["KeyVersionId"], second.as_str());
    let params = [("KeyId", id.as_str()), ("KeyVersionId", first.as_str())];
    let version = stand.call("DescribeKeyVersion", &params).await.unwrap();
    assert_eq!(
        version["KeyVersion"]["CreationDate"],
        "2025-01-03T07:59:17Z"
    );
}

#[tokio::test]
async fn a_key_rotates_by_itself_when_it_is_due() {
    let stand = Stand::new().await;
    let params = [
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "7d"),
    ];
    let key = stand.key(&params).await;
    let (id, first) = (text(&key["KeyId"]), text(&key["PrimaryKeyVersion"]));
    assert_eq!(key["AutomaticRotation"], "Enabled");
    assert_eq!(key["RotationInterval"], "604800s");
    assert_eq!(key["NextRotationDate"], "2025-01-10T07:59:17Z");
    stand.pass(7 * DAY - 1);
    assert_eq!(stand.service.sweep_keys().await.unwrap(), 0);
    stand.pass(1);
    assert_eq!(stand.service.sweep_keys().await.unwrap(), 1);
    assert_eq!(stand.service.sweep_keys().await.unwrap(), 0);
    let rotated = stand.described(&id).await;
    assert_ne!(rotated["PrimaryKeyVersion"], first.as_str());
    assert_eq!(rotated["LastRotationDate"], "2025-01-10T07:59:17Z");
    assert_eq!(rotated["NextRotationDate"], "2025-01-17T07:59:17Z");
}

#[tokio::test]
async fn a_disabled_key_does_not_rotate() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    rotate_by_itself(&stand, &key, "true", "7d").await.unwrap();
    stand.on("DisableKey", &key).await.unwrap();
    let described = stand.described(&key).await;
    assert_eq!(described["AutomaticRotation"], "Suspended");
    stand.pass(8 * DAY);
    assert_eq!(stand.service.sweep_keys().await.unwrap(), 0);
    stand.on("EnableKey", &key).await.unwrap();
    assert_eq!(stand.service.sweep_keys().await.unwrap(), 1);
}

#[tokio::test]
async fn the_rotation_policy_is_checked_and_can_be_taken_away() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    for interval in ["6d", "731d", "604799s", "x", "7"] {
        let refused = rotate_by_itself(&stand, &key, "true", interval).await;
        assert_eq!(refused, Err(ErrorCode::InvalidParameter), "{interval}");
    }
    let missing = rotate_by_itself(&stand, &key, "true", "").await;
    assert_eq!(missing, Err(ErrorCode::MissingParameter));
    rotate_by_itself(&stand, &key, "true", "730d")
        .await
        .unwrap();
    assert_eq!(stand.described(&key).await["RotationInterval"], "63072000s");
    rotate_by_itself(&stand, &key, "false", "730d")
        .await
        .unwrap();
    let described = stand.described(&key).await;
    assert_eq!(described["AutomaticRotation"], "Disabled");
    assert_eq!(described.get("NextRotationDate"), None);
    let pair = stand.key_id(&[("KeySpec", "EC_P256")]).await;
    let refused = rotate_by_itself(&stand, &pair, "true", "7d").await;
    assert_eq!(refused, Err(ErrorCode::UnsupportedOperation));
}
