use super::*;
use crate::{Caller, Gateway};

/// Every action that names a key, with what else it needs.
const ON_KEYS: &[(&str, &[(&str, &str)])] = &[
    ("CancelKeyDeletion", &[]),
    ("CreateKeyVersion", &[]),
    ("DeleteKeyMaterial", &[]),
    ("DescribeKey", &[]),
    ("DisableKey", &[]),
    ("EnableKey", &[]),
    ("Encrypt", &[("Plaintext", "AAAA")]),
    ("GenerateDataKey", &[]),
    ("GenerateDataKeyWithoutPlaintext", &[]),
    ("GetKeyPolicy", &[]),
    ("ListAliasesByKeyId", &[]),
    ("ListKeyVersions", &[]),
    ("ScheduleKeyDeletion", &[("PendingWindowInDays", "7")]),
    ("UpdateKeyDescription", &[("Description", "x")]),
    (
        "UpdateRotationPolicy",
        &[("EnableAutomaticRotation", "false")],
    ),
    ("CreateAlias", &[("AliasName", "alias/mine")]),
    (
        "GenerateMac",
        &[("Algorithm", "HMAC_SM3"), ("Message", "AAAA")],
    ),
    (
        "SetDeletionProtection",
        &[("EnableDeletionProtection", "true")],
    ),
];

#[tokio::test]
async fn strangers_get_the_same_refusal_whether_there_is_a_key_or_not() {
    let stand = Stand::new().await;
    let key = stand.key(&[]).await;
    let stranger = stand.stranger("9999999999999999", "mallory").await;
    let arn = text(&key["Arn"]);
    let none = "acs:kms:cn-hangzhou:1234567890123456:key/00000000-0000-4000-8000-000000000000";
    let alias = "acs:kms:cn-hangzhou:1234567890123456:alias/none";
    for (action, more) in ON_KEYS {
        for name in [arn.as_str(), none, alias] {
            let mut params = vec![("KeyId", name)];
            params.extend(more.iter());
            let answer = stand.call_as(&stranger, action, &params).await;
            assert_eq!(answer, Err(ErrorCode::NoPermission), "{action} {name}");
        }
    }
    assert_eq!(
        stand.described(&text(&key["KeyId"])).await["KeyState"],
        "Enabled"
    );
}

#[tokio::test]
async fn the_owner_is_told_what_is_missing() {
    let stand = Stand::new().await;
    for (action, more) in ON_KEYS {
        for (name, code) in [
            ("no-such-key", ErrorCode::KeyNotFound),
            ("alias/none", ErrorCode::AliasNotFound),
            (
                "acs:kms:cn-beijing:1234567890123456:key/no-such-key",
                ErrorCode::KeyNotFound,
            ),
        ] {
            let mut params = vec![("KeyId", name)];
            params.extend(more.iter());
            assert_eq!(
                stand.call(action, &params).await,
                Err(code),
                "{action} {name}"
            );
        }
    }
}

#[tokio::test]
async fn a_ciphertext_of_another_account_looks_like_one_of_nobody() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let blob = stand.encrypt(&key, "hello").await.unwrap();
    let mut nobodys = BASE64_STANDARD.decode(&blob).unwrap();
    nobodys[..36].copy_from_slice(b"00000000-0000-4000-8000-000000000000");
    let nobodys = BASE64_STANDARD.encode(nobodys);
    let stranger = stand.stranger("9999999999999999", "mallory").await;
    let open = async |blob: &str| {
        let params = [("CiphertextBlob", blob)];
        stand.call_as(&stranger, "Decrypt", &params).await
    };
    assert_eq!(open(&blob).await, Err(ErrorCode::KeyNotFound));
    assert_eq!(open(&nobodys).await, Err(ErrorCode::KeyNotFound));
}

#[tokio::test]
async fn names_are_the_callers_own() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let stranger = stand.stranger("9999999999999999", "mallory").await;
    let found = stand
        .call_as(&stranger, "DescribeKey", &[("KeyId", &key)])
        .await;
    assert_eq!(found, Err(ErrorCode::KeyNotFound));
}

#[tokio::test]
async fn an_instance_shows_its_own_keys_and_does_cryptography_alone() {
    let stand = Stand::new().await;
    stand.instance("kst-one").await;
    let inside = stand.key_id(&[("DKMSInstanceId", "kst-one")]).await;
    let outside = stand.key_id(&[]).await;
    let caller = Caller {
        gateway: Gateway::Instance("kst-one".parse().unwrap()),
        ..stand.caller.clone()
    };
    let encrypt = async |key: &str| {
        let params = [("KeyId", key), ("Plaintext", "AAAA")];
        stand.call_as(&caller, "Encrypt", &params).await
    };
    let made = encrypt(&inside).await.unwrap();
    assert_eq!(encrypt(&outside).await, Err(ErrorCode::KeyNotFound));
    let blob = text(&made["CiphertextBlob"]);
    let params = [("CiphertextBlob", blob.as_str())];
    stand.call_as(&caller, "Decrypt", &params).await.unwrap();
    let foreign = stand.encrypt(&outside, "hello").await.unwrap();
    let params = [("CiphertextBlob", foreign.as_str())];
    let refused = stand.call_as(&caller, "Decrypt", &params).await;
    assert_eq!(refused, Err(ErrorCode::KeyNotFound));
    for (action, params) in [
        ("CreateKey", vec![]),
        ("DescribeKey", vec![("KeyId", inside.as_str())]),
        ("DisableKey", vec![("KeyId", inside.as_str())]),
        (
            "ReEncrypt",
            vec![
                ("CiphertextBlob", blob.as_str()),
                ("DestinationKeyId", inside.as_str()),
            ],
        ),
    ] {
        let refused = stand.call_as(&caller, action, &params).await;
        assert_eq!(refused, Err(ErrorCode::UnsupportedOperation), "{action}");
    }
}
