use super::*;
use crate::stand::{ACCOUNT, NOW};

#[tokio::test]
async fn a_key_is_described_as_it_was_made() {
    let stand = Stand::new().await;
    let made = stand.key(&[("Description", "for the shop")]).await;
    let id = text(&made["KeyId"]);
    for (field, wanted) in [
        ("Arn", format!("acs:kms:cn-hangzhou:{ACCOUNT}:key/{id}")),
        ("KeySpec", "Aliyun_AES_256".to_owned()),
        ("KeyUsage", "ENCRYPT/DECRYPT".to_owned()),
        ("KeyState", "Enabled".to_owned()),
        ("Origin", "Aliyun_KMS".to_owned()),
        ("ProtectionLevel", "SOFTWARE".to_owned()),
        ("Creator", ACCOUNT.to_owned()),
        ("CreationDate", NOW.to_owned()),
        ("LastRotationDate", NOW.to_owned()),
        ("AutomaticRotation", "Disabled".to_owned()),
        ("Description", "for the shop".to_owned()),
        ("DeleteDate", String::new()),
        ("MaterialExpireTime", String::new()),
        ("DKMSInstanceId", String::new()),
    ] {
        assert_eq!(made[field], wanted.as_str(), "{field}");
    }
    assert_eq!(made.get("DeletionProtection"), None);
    let mut described = stand.described(&id).await;
    let members = described.as_object_mut().unwrap();
    assert_eq!(members.remove("DeletionProtection").unwrap(), "Disabled");
    assert_eq!(members.remove("DeletionProtectionDescription").unwrap(), "");
    assert_eq!(described, made);
}

#[tokio::test]
async fn every_kind_of_key_can_be_made() {
    let stand = Stand::new().await;
    for (spec, usage) in [
        ("Aliyun_AES_256", "ENCRYPT/DECRYPT"),
        ("Aliyun_AES_192", "ENCRYPT/DECRYPT"),
        ("Aliyun_AES_128", "ENCRYPT/DECRYPT"),
        ("Aliyun_SM4", "ENCRYPT/DECRYPT"),
        ("RSA_2048", "SIGN/VERIFY"),
        ("RSA_3072", "SIGN/VERIFY"),
        ("EC_P256", "SIGN/VERIFY"),
        ("EC_P256K", "SIGN/VERIFY"),
        ("EC_SM2", "SIGN/VERIFY"),
        ("HMAC_SHA_224", "GENERATE/VERIFY_MAC"),
        ("HMAC_SHA_256", "GENERATE/VERIFY_MAC"),
        ("HMAC_SHA_384", "GENERATE/VERIFY_MAC"),
        ("HMAC_SHA_512", "GENERATE/VERIFY_MAC"),
        ("HMAC_SM3", "GENERATE/VERIFY_MAC"),
    ] {
        let made = stand.key(&[("KeySpec", spec)]).await;
        assert_eq!(made["KeySpec"], spec);
        assert_eq!(made["KeyUsage"], usage, "{spec}");
    }
}

#[tokio::test]
async fn hardware_and_unknown_instances_are_refused() {
    let stand = Stand::new().await;
    for (params, code) in [
        (("ProtectionLevel", "HSM"), ErrorCode::UnsupportedOperation),
        (("DKMSInstanceId", "kst-none"), ErrorCode::InstanceNotFound),
        (("KeySpec", "AES_9000"), ErrorCode::InvalidParameter),
        (("KeyUsage", "SIGN/VERIFY"), ErrorCode::InvalidParameter),
        (("Origin", "Elsewhere"), ErrorCode::InvalidParameter),
    ] {
        assert_eq!(stand.call("CreateKey", &[params]).await, Err(code));
    }
    let listed = stand.call("ListKeys", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 0);
}

#[tokio::test]
async fn a_disabled_key_refuses_until_it_is_enabled() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[]).await;
    let blob = stand.encrypt(&key, "hello").await.unwrap();
    stand.on("DisableKey", &key).await.unwrap();
    stand.on("DisableKey", &key).await.unwrap();
    assert_eq!(stand.described(&key).await["KeyState"], "Disabled");
    let refused = stand.encrypt(&key, "hello").await;
    assert_eq!(refused, Err(ErrorCode::KeyDisabled));
    assert_eq!(stand.decrypt(&blob).await, Err(ErrorCode::KeyDisabled));
    let refused = stand.on("GenerateDataKey", &key).await;
    assert_eq!(refused, Err(ErrorCode::KeyDisabled));
    stand.on("EnableKey", &key).await.unwrap();
    assert_eq!(stand.decrypt(&blob).await.as_deref(), Ok("hello"));
}

#[tokio::test]
async fn a_description_can_be_changed_and_taken_away() {
    let stand = Stand::new().await;
    let key = stand.key_id(&[("Description", "old")]).await;
    let long = "ü".repeat(8193);
    for (text, wanted) in [("neu ü", Ok("neu ü")), (&long, Err(())), ("", Ok(""))] {
        let params = [("KeyId", key.as_str()), ("Description", text)];
        let done = stand.call("UpdateKeyDescription", &params).await;
        match wanted {
            Ok(wanted) => {
                done.unwrap();
                assert_eq!(stand.described(&key).await["Description"], wanted);
            }
            Err(()) => assert_eq!(done, Err(ErrorCode::InvalidParameter)),
        }
    }
}

#[tokio::test]
async fn an_account_has_no_more_keys_than_it_may() {
    let stand = Stand::new().await;
    stand.instance("kst-one").await;
    for _ in 0..200 {
        stand.key(&[]).await;
    }
    let refused = stand.call("CreateKey", &[]).await;
    assert_eq!(refused, Err(ErrorCode::LimitExceeded));
    // Those of an instance are counted by themselves.
    stand.key(&[("DKMSInstanceId", "kst-one")]).await;
}
