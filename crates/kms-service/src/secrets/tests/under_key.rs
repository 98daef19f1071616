//! Secrets under a KMS key.

use kms_types::{ErrorCode, InstanceId};
use serde_json::Value;

use crate::{
    Gateway,
    stand::{ACCOUNT, Stand, account},
};

async fn key(stand: &Stand, more: &[(&str, &str)]) -> String {
    let made = stand.call("CreateKey", more).await.unwrap();
    made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
}

async fn create(
    stand: &Stand,
    name: &str,
    key: &str,
    value: &str,
    more: &[(&str, &str)],
) -> Result<Value, ErrorCode> {
    let mut params = vec![
        ("SecretName", name),
        ("VersionId", "v1"),
        ("SecretData", value),
        ("EncryptionKeyId", key),
    ];
    params.extend(more);
    stand.call("CreateSecret", &params).await
}

#[tokio::test]
async fn a_secret_is_read_as_long_as_its_key_allows() {
    let stand = Stand::new().await;
    let key = key(&stand, &[]).await;
    create(&stand, "app", &key, "canary-1 \u{5bc6}", &[])
        .await
        .unwrap();
    let told = stand
        .call("DescribeSecret", &[("SecretName", "app")])
        .await
        .unwrap();
    assert_eq!(told["EncryptionKeyId"], *key);
    assert_eq!(
        stand.read("app", "ACSCurrent").await.unwrap(),
        "canary-1 \u{5bc6}"
    );
    stand.put("app", "v2", "canary-2").await.unwrap();
    // The same again is no new version.
    stand.put("app", "v2", "canary-2").await.unwrap();
    assert_eq!(
        stand.put("app", "v2", "other").await,
        Err(ErrorCode::ResourceExist)
    );
    stand.call("DisableKey", &[("KeyId", &*key)]).await.unwrap();
    assert_eq!(
        stand.read("app", "ACSCurrent").await,
        Err(ErrorCode::KeyDisabled)
    );
    assert_eq!(
        stand.put("app", "v3", "canary-3").await,
        Err(ErrorCode::KeyDisabled)
    );
    // What says nothing of the value needs no key.
    stand
        .call("DescribeSecret", &[("SecretName", "app")])
        .await
        .unwrap();
    stand.call("EnableKey", &[("KeyId", &*key)]).await.unwrap();
    assert_eq!(stand.read("app", "ACSCurrent").await.unwrap(), "canary-2");
    assert_eq!(
        stand.read("app", "ACSPrevious").await.unwrap(),
        "canary-1 \u{5bc6}"
    );
    // Older versions of the key go on opening what they closed.
    stand
        .call("CreateKeyVersion", &[("KeyId", &*key)])
        .await
        .unwrap();
    assert_eq!(stand.read("app", "ACSCurrent").await.unwrap(), "canary-2");
}

#[tokio::test]
async fn the_longest_value_fits() {
    let stand = Stand::new().await;
    let key = key(&stand, &[]).await;
    for length in [1, 6143, 6144, 6145, 30_720] {
        let name = format!("s{length}");
        let value: String = ('a'..='z').cycle().take(length).collect();
        create(&stand, &name, &key, &value, &[]).await.unwrap();
        assert_eq!(stand.read(&name, "ACSCurrent").await.unwrap(), value);
    }
}

#[tokio::test]
async fn keys_are_named_by_alias_and_arn_too() {
    let stand = Stand::new().await;
    let key = key(&stand, &[]).await;
    let params = [("AliasName", "alias/app"), ("KeyId", &*key)];
    stand.call("CreateAlias", &params).await.unwrap();
    let arn = format!("acs:kms:cn-hangzhou:{ACCOUNT}:key/{key}");
    for (name, by) in [("a", "alias/app"), ("b", &*arn)] {
        create(&stand, name, by, "canary-1", &[]).await.unwrap();
        let told = stand
            .call("DescribeSecret", &[("SecretName", name)])
            .await
            .unwrap();
        assert_eq!(told["EncryptionKeyId"], *key);
    }
}

#[tokio::test]
async fn a_key_that_cannot_protect_makes_no_secret() {
    let stand = Stand::new().await;
    let rsa = [("KeySpec", "RSA_2048"), ("KeyUsage", "ENCRYPT/DECRYPT")];
    let rsa = key(&stand, &rsa).await;
    let disabled = key(&stand, &[]).await;
    stand
        .call("DisableKey", &[("KeyId", &*disabled)])
        .await
        .unwrap();
    for (key, code) in [
        ("key-none", ErrorCode::KeyNotFound),
        ("alias/none", ErrorCode::AliasNotFound),
        ("not a key!", ErrorCode::InvalidParameter),
        (&*rsa, ErrorCode::UnsupportedOperation),
        (&*disabled, ErrorCode::KeyDisabled),
    ] {
        assert_eq!(
            create(&stand, "app", key, "x", &[]).await,
            Err(code),
            "{key}"
        );
    }
    let listed = stand.call("ListSecrets", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 0);
}

/// Reference kms-api §3: with STS on the shared gateway only GetSecretValue is checked, at an
/// instance kms:Decrypt on the key as well.
#[tokio::test]
async fn a_session_is_asked_about_the_key_at_an_instance_only() {
    let stand = Stand::new().await;
    let instance: InstanceId = "kst-hzz1".parse().unwrap();
    stand
        .service
        .ensure_instance(&account(), &instance)
        .await
        .unwrap();
    let inside = [("DKMSInstanceId", "kst-hzz1")];
    let key = key(&stand, &inside).await;
    create(&stand, "app", &key, "canary-1", &inside)
        .await
        .unwrap();
    let trust = format!(r#"{{"RAM":["acs:ram::{ACCOUNT}:root"]}}"#);
    stand.role("reader", &trust, &[]).await;
    let session = |actions: &'static str| {
        let stand = &stand;
        async move {
            let policy = format!(
                r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":{actions},"Resource":"*"}}]}}"#
            );
            let answer = stand
                .assume(&stand.caller, "reader", &[("Policy", &*policy)])
                .await;
            stand.session(&answer.unwrap()).await
        }
    };
    let read = [("SecretName", "app")];
    let narrow = session(r#""kms:GetSecretValue""#).await;
    stand
        .call_as(&narrow, "GetSecretValue", &read)
        .await
        .unwrap();
    let at_instance = |caller: crate::Caller| crate::Caller {
        gateway: Gateway::Instance(instance.clone()),
        ..caller
    };
    assert_eq!(
        stand
            .call_as(&at_instance(narrow), "GetSecretValue", &read)
            .await,
        Err(ErrorCode::NoPermission)
    );
    let wide = session(r#"["kms:GetSecretValue","kms:Decrypt"]"#).await;
    stand
        .call_as(&at_instance(wide), "GetSecretValue", &read)
        .await
        .unwrap();
}

#[tokio::test]
async fn key_and_secret_live_in_one_instance() {
    let stand = Stand::new().await;
    let instance: InstanceId = "kst-hzz1".parse().unwrap();
    stand
        .service
        .ensure_instance(&account(), &instance)
        .await
        .unwrap();
    let key = key(&stand, &[]).await;
    let inside = [("DKMSInstanceId", "kst-hzz1")];
    assert_eq!(
        create(&stand, "app", &key, "x", &inside).await,
        Err(ErrorCode::InvalidParameter)
    );
}
