//! Secrets under a key of the account's: who is asked about the key as well, and on which
//! gateway (reference kms-api §3, §5.3).

use super::*;
use crate::stand::document;

/// As seed 000 prints it.
const TWO_ARNS: &str = r#"{
    "Version": "1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "kms:GetSecretValue",
            "Resource": "acs:kms:${region}:${account}:secret/example-secret"
        },
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": "acs:kms:${region}:${account}:key/keyId-example"
        }
    ]
}"#;

/// Seed 000's secret, and another under the same key; with that key's id.
async fn stand() -> (Stand, String) {
    let stand = Stand::new().await;
    stand.instance(KST).await;
    let key = stand.call("CreateKey", &[("DKMSInstanceId", KST)]).await;
    let key = key.unwrap()["KeyMetadata"]["KeyId"]
        .as_str()
        .unwrap()
        .to_owned();
    for name in ["example-secret", "other"] {
        let secret = [
            ("SecretName", name),
            ("VersionId", "v1"),
            ("SecretData", "value"),
            ("EncryptionKeyId", key.as_str()),
            ("DKMSInstanceId", KST),
        ];
        stand.call("CreateSecret", &secret).await.unwrap();
    }
    (stand, key)
}

fn filled(key: &str) -> String {
    TWO_ARNS
        .replace("${region}", "cn-hangzhou")
        .replace("${account}", "1234567890123456")
        .replace("keyId-example", key)
}

fn secret_alone() -> String {
    let secret = "acs:kms:*:*:secret/example-secret";
    document("Allow", "kms:GetSecretValue", secret)
}

/// Whether it reads seed 000's secret on the shared and on the instance's gateway. The
/// other secret it must not read on either.
async fn reads(stand: &Stand, caller: &Caller) -> [bool; 2] {
    let mut reads = [false; 2];
    let instance = Gateway::Instance(KST.parse().unwrap());
    for (may, gateway) in reads.iter_mut().zip([Gateway::Shared, instance]) {
        let caller = Caller {
            gateway,
            ..caller.clone()
        };
        for name in ["example-secret", "other"] {
            let params = [("SecretName", name)];
            let done = stand.call_as(&caller, "GetSecretValue", &params).await;
            if let Err(code) = done {
                assert_eq!(code, ErrorCode::NoPermission, "{name}");
            } else {
                assert_eq!(name, "example-secret");
                *may = true;
            }
        }
    }
    reads
}

#[tokio::test]
async fn a_user_needs_both_rights_on_both_gateways() {
    let (stand, key_id) = stand().await;
    for (name, policy, expected) in [
        ("both", filled(&key_id), [true, true]),
        ("one", secret_alone(), [false, false]),
    ] {
        let key = stand.person(name, &[&policy]).await;
        let caller = stand.come_in(&key).await;
        assert_eq!(reads(&stand, &caller).await, expected, "{name}");
    }
}

#[tokio::test]
async fn a_session_needs_both_rights_on_the_instances_gateway_alone() {
    let (stand, key_id) = stand().await;
    for (name, policy, expected) in [
        ("both", filled(&key_id), [true, true]),
        ("one", secret_alone(), [true, false]),
    ] {
        let trust = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}"#;
        let role = [("RoleName", name), ("AssumeRolePolicyDocument", trust)];
        stand.call("CreateRole", &role).await.unwrap();
        stand
            .grant(&stand.caller, ("Role", name), name, &policy)
            .await;
        let opened = stand.assume(&stand.caller, name, &[]).await.unwrap();
        let session = stand.session(&opened).await;
        assert_eq!(reads(&stand, &session).await, expected, "{name}");
    }
}

#[tokio::test]
async fn putting_needs_a_data_key() {
    let (stand, key_id) = stand().await;
    let put = document("Allow", "kms:PutSecretValue", "*");
    let on_key = format!("acs:kms:*:*:key/{key_id}");
    let generate = document("Allow", "kms:GenerateDataKey", &on_key);
    let params = [
        ("SecretName", "other"),
        ("VersionId", "v2"),
        ("SecretData", "x"),
    ];
    for (name, policies, may) in [
        ("one", &[put.as_str()][..], false),
        ("both", &[&put, &generate], true),
    ] {
        let key = stand.person(name, policies).await;
        let caller = stand.come_in(&key).await;
        let done = stand.call_as(&caller, "PutSecretValue", &params).await;
        assert_eq!(done.is_ok(), may, "{name}");
    }
}

#[tokio::test]
async fn a_secret_without_a_key_needs_none() {
    let (stand, _) = stand().await;
    stand.create("example-secret-2", "value").await;
    let read = document("Allow", "kms:GetSecretValue", "*");
    let key = stand.person("bob", &[&read]).await;
    let caller = stand.come_in(&key).await;
    let params = [("SecretName", "example-secret-2")];
    let done = stand.call_as(&caller, "GetSecretValue", &params).await;
    assert!(done.is_ok());
}
