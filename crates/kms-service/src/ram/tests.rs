use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::stand::{ACCOUNT, NOW, Stand};

mod access_keys;
mod attachments;
mod groups;
mod policies;
mod seeds;
mod user_tags;
mod users;

const READ: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:GetSecretValue","Resource":"*"}]}"#;
const WRITE: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:PutSecretValue","Resource":"*"}]}"#;

/// The names in a list of an answer.
fn names(list: &Value, field: &str) -> Vec<String> {
    let name = |item: &Value| item[field].as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(name).collect()
}

async fn ok(stand: &Stand, action: &str, params: &[(&str, &str)]) -> Value {
    let done = stand.call(action, params).await;
    done.unwrap_or_else(|code| panic!("{action} {params:?}: {code}"))
}

async fn user(stand: &Stand, name: &str) {
    ok(stand, "CreateUser", &[("UserName", name)]).await;
}

async fn group(stand: &Stand, name: &str) {
    ok(stand, "CreateGroup", &[("GroupName", name)]).await;
}

async fn policy(stand: &Stand, name: &str, document: &str) {
    let params = [("PolicyName", name), ("PolicyDocument", document)];
    ok(stand, "RamCreatePolicy", &params).await;
}

/// The policy's full name and its holder, as parameters.
fn of<'a>(
    policy_type: &'a str,
    policy: &'a str,
    holder: &'a str,
    name: &'a str,
) -> [(&'a str, &'a str); 3] {
    [
        ("PolicyType", policy_type),
        ("PolicyName", policy),
        (holder, name),
    ]
}

#[tokio::test]
async fn accounts_see_their_own_things_only() {
    let stand = Stand::new().await;
    user(&stand, "bob").await;
    group(&stand, "ops").await;
    policy(&stand, "read", READ).await;
    let mallory = stand.stranger("9999", "mallory").await;
    for (action, params, code) in [
        ("GetUser", [("UserName", "bob")], ErrorCode::UserNotFound),
        ("UpdateUser", [("UserName", "bob")], ErrorCode::UserNotFound),
        ("DeleteUser", [("UserName", "bob")], ErrorCode::UserNotFound),
        (
            "CreateAccessKey",
            [("UserName", "bob")],
            ErrorCode::UserNotFound,
        ),
        (
            "ListAccessKeys",
            [("UserName", "bob")],
            ErrorCode::UserNotFound,
        ),
        ("GetGroup", [("GroupName", "ops")], ErrorCode::GroupNotFound),
        (
            "DeleteGroup",
            [("GroupName", "ops")],
            ErrorCode::GroupNotFound,
        ),
        (
            "RamDeletePolicy",
            [("PolicyName", "read")],
            ErrorCode::PolicyNotFound,
        ),
    ] {
        let done = stand.call_as(&mallory, action, &params).await;
        assert_eq!(done, Err(code), "{action}");
    }
    let users = stand.call_as(&mallory, "ListUsers", &[]).await.unwrap();
    assert_eq!(names(&users["Users"]["User"], "UserName"), ["mallory"]);
    let custom = [("PolicyType", "Custom")];
    let policies = stand
        .call_as(&mallory, "RamListPolicies", &custom)
        .await
        .unwrap();
    assert_eq!(policies["Policies"]["Policy"], json!([]));
}
