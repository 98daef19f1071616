//! Policies of secrets themselves.

use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::stand::{ACCOUNT, Stand};

fn policy(effect: &str, who: &str, action: &str) -> String {
    json!({
        "Version": "1",
        "Statement": [{
            "Effect": effect,
            "Principal": {"RAM": [who]},
            "Action": [action],
            "Resource": ["*"],
        }],
    })
    .to_string()
}

async fn set(stand: &Stand, text: &str) -> Result<Value, ErrorCode> {
    let params = [("SecretName", "app"), ("Policy", text)];
    stand.call("SetSecretPolicy", &params).await
}

async fn get(stand: &Stand) -> String {
    let told = stand
        .call("GetSecretPolicy", &[("SecretName", "app")])
        .await
        .unwrap();
    told["Policy"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_policy_is_set_and_told_to_the_letter() {
    let stand = Stand::new().await;
    stand.create("app", "canary-1").await;
    let default: Value = serde_json::from_str(&get(&stand).await).unwrap();
    assert_eq!(
        default["Statement"][0]["Principal"]["RAM"],
        json!([format!("acs:ram::{ACCOUNT}:*")])
    );
    let text = format!(
        " {}\n",
        policy("Allow", &format!("acs:ram::{ACCOUNT}:*"), "kms:*")
    );
    set(&stand, &text).await.unwrap();
    assert_eq!(get(&stand).await, text);
    let params = [("SecretName", "app"), ("PolicyName", "default")];
    stand.call("GetSecretPolicy", &params).await.unwrap();
    let params = [("SecretName", "app"), ("PolicyName", "other")];
    assert_eq!(
        stand.call("GetSecretPolicy", &params).await,
        Err(ErrorCode::ResourceNotFound)
    );
}

#[tokio::test]
async fn what_is_no_policy_is_refused_when_made_and_when_set() {
    let stand = Stand::new().await;
    stand.create("app", "canary-1").await;
    let long = policy(
        "Allow",
        &format!("acs:ram::{ACCOUNT}:*"),
        &"x".repeat(32_768),
    );
    for bad in ["{}", "nonsense", r#"{"Version":"2","Statement":[]}"#, &long] {
        assert_eq!(set(&stand, bad).await, Err(ErrorCode::InvalidParameter));
        let params = [
            ("SecretName", "new"),
            ("VersionId", "v1"),
            ("SecretData", "x"),
            ("Policy", bad),
        ];
        assert_eq!(
            stand.call("CreateSecret", &params).await,
            Err(ErrorCode::InvalidParameter)
        );
    }
}

#[tokio::test]
async fn it_denies_and_it_lets_other_accounts_in() {
    let stand = Stand::new().await;
    stand.create("app", "canary-1").await;
    let stranger = stand.stranger("9876543210987654", "mallory").await;
    let arn = format!("acs:kms:cn-hangzhou:{ACCOUNT}:secret/app");
    let read = [("SecretName", arn.as_str())];
    assert_eq!(
        stand.call_as(&stranger, "GetSecretValue", &read).await,
        Err(ErrorCode::NoPermission)
    );
    set(
        &stand,
        &policy(
            "Allow",
            "acs:ram::9876543210987654:user/mallory",
            "kms:GetSecretValue",
        ),
    )
    .await
    .unwrap();
    stand
        .call_as(&stranger, "GetSecretValue", &read)
        .await
        .unwrap();
    assert_eq!(
        stand.call_as(&stranger, "DescribeSecret", &read).await,
        Err(ErrorCode::NoPermission)
    );
    let params = [
        ("SecretName", "closed"),
        ("VersionId", "v1"),
        ("SecretData", "x"),
        (
            "Policy",
            &*policy(
                "Deny",
                &format!("acs:ram::{ACCOUNT}:user/alice"),
                "kms:GetSecretValue",
            ),
        ),
    ];
    stand.call("CreateSecret", &params).await.unwrap();
    assert_eq!(
        stand.read("closed", "ACSCurrent").await,
        Err(ErrorCode::NoPermission)
    );
    stand
        .call("DescribeSecret", &[("SecretName", "closed")])
        .await
        .unwrap();
}
