//! What seed 003's delegation role may do: look after users' AccessKeys, and nothing else.

use super::*;
use crate::stand::ACCOUNT;

/// As seed 003 prints it.
const POLICY: &str = r#"{ "Version": "1", "Statement": [ { "Effect": "Allow", "Action": [ "ram:ListAccessKeys", "ram:CreateAccessKey", "ram:DeleteAccessKey", "ram:UpdateAccessKey" ], "Resource": "*" } ] }"#;
/// Its trust policy, of the same seed: KMS itself.
const KMS: &str = r#"{"Service":["kms.aliyuncs.com"]}"#;

/// A role with that policy alone.
async fn role(stand: &Stand, name: &str, principal: &str) {
    let trust = format!(
        r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{principal}}}]}}"#
    );
    let made = [("RoleName", name), ("AssumeRolePolicyDocument", &trust)];
    stand.call("CreateRole", &made).await.unwrap();
    stand
        .grant(&stand.caller, ("Role", name), name, POLICY)
        .await;
}

#[tokio::test]
async fn nobody_but_kms_itself_becomes_it() {
    let stand = Stand::new().await;
    role(&stand, "AliyunKMSManagedRAMCrendentialsRole", KMS).await;
    let role = "AliyunKMSManagedRAMCrendentialsRole";
    // The caller may assume any role that lets it in.
    let done = stand.assume(&stand.caller, role, &[]).await;
    assert_eq!(done, Err(ErrorCode::RamForbidden));
}

#[tokio::test]
async fn its_policy_gives_access_keys_and_no_more() {
    let stand = Stand::new().await;
    stand.create("app/db", "value").await;
    let bob = ("UserName", "bob");
    stand.call("CreateUser", &[bob]).await.unwrap();
    let account = format!(r#"{{"RAM":["acs:ram::{ACCOUNT}:root"]}}"#);
    role(&stand, "keys", &account).await;
    let opened = stand.assume(&stand.caller, "keys", &[]).await.unwrap();
    let session = stand.session(&opened).await;

    let made = stand.call_as(&session, "CreateAccessKey", &[bob]).await;
    let made = made.unwrap();
    let id = made["AccessKey"]["AccessKeyId"].as_str().unwrap();
    let key = ("UserAccessKeyId", id);
    for (action, params) in [
        ("ListAccessKeys", &[bob][..]),
        ("UpdateAccessKey", &[bob, key, ("Status", "Inactive")]),
        ("DeleteAccessKey", &[bob, key]),
    ] {
        let done = stand.call_as(&session, action, params).await;
        assert!(done.is_ok(), "{action}: {done:?}");
    }
    let admin = [
        bob,
        ("PolicyType", "System"),
        ("PolicyName", "AdministratorAccess"),
    ];
    for (action, params, code) in [
        ("AttachPolicyToUser", &admin[..], ErrorCode::RamForbidden),
        (
            "CreateUser",
            &[("UserName", "eve")],
            ErrorCode::RamForbidden,
        ),
        ("DeleteUser", &[bob], ErrorCode::RamForbidden),
        ("GetAccessKeyLastUsed", &[bob, key], ErrorCode::RamForbidden),
        ("ListUsers", &[], ErrorCode::RamForbidden),
        (
            "GetSecretValue",
            &[("SecretName", "app/db")],
            ErrorCode::NoPermission,
        ),
    ] {
        let done = stand.call_as(&session, action, params).await;
        assert_eq!(done, Err(code), "{action}");
    }
}
