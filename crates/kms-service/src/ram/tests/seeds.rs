//! The documents that the seeds print, through the actions that take them.

use std::{collections::BTreeMap, fs};

use serde::Deserialize;

use super::*;

/// As seed 000 prints it for users, ECS roles and RRSA roles alike.
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

/// As seed 003 prints it, name and all.
const DELEGATION: (&str, &str) = (
    "AliyunKMSManagedRAMCrendentialsRolePolicy",
    r#"{ "Version": "1", "Statement": [ { "Effect": "Allow", "Action": [ "ram:ListAccessKeys", "ram:CreateAccessKey", "ram:DeleteAccessKey", "ram:UpdateAccessKey" ], "Resource": "*" } ] }"#,
);

/// What this test needs of a file of `tests/policy/documents`.
#[derive(Deserialize)]
struct Case {
    kind: String,
    #[serde(default)]
    replace: BTreeMap<String, String>,
    document: Value,
}

/// A document of that folder, as text.
fn document(name: &str, kind: &str) -> String {
    let path = format!(
        "{}/tests/policy/documents/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let case: Case = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(case.kind, kind, "{name}");
    let mut text = serde_json::to_string_pretty(&case.document).unwrap();
    for (from, to) in case.replace {
        text = text.replace(&from, &to);
    }
    text
}

/// Makes policy and role, attaches one to the other, and reads both back.
async fn role_with(stand: &Stand, role: &str, trust: &str, policy: (&str, &str)) {
    let (name, text) = policy;
    super::policy(stand, name, text).await;
    let made = [("RoleName", role), ("AssumeRolePolicyDocument", trust)];
    let made = ok(stand, "CreateRole", &made).await;
    assert_eq!(made["Role"]["AssumeRolePolicyDocument"], trust);
    let params = of("Custom", name, "RoleName", role);
    ok(stand, "AttachPolicyToRole", &params).await;
    let listed = ok(stand, "ListPoliciesForRole", &[("RoleName", role)]).await;
    assert_eq!(names(&listed["Policies"]["Policy"], "PolicyName"), [name]);
    let read = [("PolicyType", "Custom"), ("PolicyName", name)];
    let read = ok(stand, "GetPolicy", &read).await;
    assert_eq!(read["DefaultPolicyVersion"]["PolicyDocument"], text);
    assert_eq!(read["Policy"]["AttachmentCount"], 1);
}

#[tokio::test]
async fn seed_000s_policy_goes_to_a_user_and_to_its_roles() {
    let stand = Stand::new().await;
    policy(&stand, "agent", TWO_ARNS).await;
    user(&stand, "agent").await;
    let params = of("Custom", "agent", "UserName", "agent");
    ok(&stand, "AttachPolicyToUser", &params).await;

    let filled = TWO_ARNS
        .replace("${region}", "cn-hangzhou")
        .replace("${account}", ACCOUNT);
    let ecs = document("seed-000-ecs-role", "Trust");
    role_with(&stand, "ecs-agent", &ecs, ("agent-ecs", &filled)).await;

    let provider = [
        ("OIDCProviderName", "ack-rrsa-c0ffee"),
        (
            "IssuerUrl",
            "https://oidc-ack-cn-hangzhou.oss-cn-hangzhou.aliyuncs.com/c0ffee",
        ),
        ("ClientIds", "sts.aliyuncs.com"),
    ];
    ok(&stand, "CreateOIDCProvider", &provider).await;
    let rrsa = document("seed-000-rrsa", "Trust");
    role_with(&stand, "rrsa-agent", &rrsa, ("agent-rrsa", &filled)).await;
}

#[tokio::test]
async fn seed_003s_delegation_role_gets_its_policy() {
    let stand = Stand::new().await;
    let trust = document("seed-003-kms-role", "Trust");
    role_with(
        &stand,
        "AliyunKMSManagedRAMCrendentialsRole",
        &trust,
        DELEGATION,
    )
    .await;
}

#[tokio::test]
async fn every_document_of_a_seed_is_taken() {
    let stand = Stand::new().await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policy/documents");
    let mut taken = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if !name.starts_with("seed-") {
            continue;
        }
        let case: Case = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let text = document(name, &case.kind);
        let params = match case.kind.as_str() {
            "Trust" => [("RoleName", name), ("AssumeRolePolicyDocument", &text)],
            _ => [("PolicyName", name), ("PolicyDocument", text.as_str())],
        };
        let action = match case.kind.as_str() {
            "Trust" => "CreateRole",
            _ => "RamCreatePolicy",
        };
        ok(&stand, action, &params).await;
        taken += 1;
    }
    assert_eq!(taken, 7);
}
