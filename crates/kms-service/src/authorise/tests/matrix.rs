//! Names in policies and in calls: what is not the same to the character is another thing.

use super::*;
use crate::stand::document;

/// All of them exist.
const SECRETS: [&str; 5] = ["App/db", "app", "app/db", "app/db2", "app=db"];

async fn stand() -> Stand {
    let stand = Stand::new().await;
    for name in SECRETS {
        stand.create(name, "value").await;
    }
    stand
}

/// Which of the secrets the caller may read; asks for each by its name and by its ARN, and
/// for one beside it that does not exist.
async fn readable(stand: &Stand, caller: &Caller) -> Vec<&'static str> {
    let mut readable = Vec::new();
    for name in SECRETS {
        let arn = format!("acs:kms:cn-hangzhou:1234567890123456:secret/{name}");
        let by_name = read(stand, caller, name).await;
        assert_eq!(read(stand, caller, &arn).await, by_name, "{name}");
        match by_name {
            None => readable.push(name),
            Some(code) => assert_eq!(code, ErrorCode::NoPermission, "{name}"),
        }
    }
    readable
}

async fn read(stand: &Stand, caller: &Caller, name: &str) -> Option<ErrorCode> {
    let params = [("SecretName", name)];
    stand.call_as(caller, "GetSecretValue", &params).await.err()
}

#[tokio::test]
async fn resources_fit_by_case_slash_encoding_and_wildcard() {
    let stand = stand().await;
    let below = &["app/db", "app/db2"][..];
    let all = &SECRETS[..];
    let rows: &[(&str, &[&str])] = &[
        ("acs:kms:*:*:secret/app/db", &["app/db"]),
        (
            "acs:kms:cn-hangzhou:1234567890123456:secret/app/db",
            &["app/db"],
        ),
        ("acs:kms:*:*:secret/App/db", &["App/db"]),
        ("acs:kms:*:*:secret/APP/DB", &[]),
        ("acs:kms:*:*:SECRET/app/db", &[]),
        ("acs:kms:*:*:secret/app/db/", &[]),
        ("acs:kms:*:*:secret/app//db", &[]),
        ("acs:kms:*:*:secret/./app/db", &[]),
        ("acs:kms:*:*:secret/app%2Fdb", &[]),
        ("acs:kms:*:*:secret%2Fapp/db", &[]),
        ("acs:kms:*:*:secret/app/*", below),
        ("acs:kms:*:*:secret/app/d?", &["app/db"]),
        ("acs:kms:*:*:secret/app?db", &["app/db", "app=db"]),
        ("acs:kms:*:*:secret/*db", &["App/db", "app/db", "app=db"]),
        ("acs:kms:*:*:secret/*", all),
        ("acs:kms:*:*:secret*", all),
        ("acs:kms:*:*:*", all),
        ("*", all),
        // The container is none of what is in it.
        ("acs:kms:*:*:secret", &[]),
        ("acs:kms:*:*:key/*", &[]),
        ("acs:kms:cn-beijing:*:secret/*", &[]),
        ("acs:kms:*:9999:secret/*", &[]),
        ("acs:ram:*:*:secret/*", &[]),
    ];
    for (number, (pattern, expected)) in rows.iter().enumerate() {
        let allow = document("Allow", "kms:GetSecretValue", pattern);
        let key = stand.person(&format!("allow-{number}"), &[&allow]).await;
        let caller = stand.come_in(&key).await;
        assert_eq!(readable(&stand, &caller).await, *expected, "{pattern}");
        // The same as an exception from everything.
        let deny = document("Deny", "kms:GetSecretValue", pattern);
        let policies = [&*document("Allow", "*", "*"), &deny];
        let key = stand.person(&format!("deny-{number}"), &policies).await;
        let caller = stand.come_in(&key).await;
        let mut left = SECRETS.to_vec();
        left.retain(|name| !expected.contains(name));
        assert_eq!(readable(&stand, &caller).await, left, "all but {pattern}");
    }
}

#[tokio::test]
async fn actions_fit_whatever_their_case() {
    let stand = stand().await;
    for (number, (action, may)) in [
        ("kms:GetSecretValue", true),
        ("KMS:getsecretvalue", true),
        ("kms:Get*", true),
        ("kms:*", true),
        ("*", true),
        ("kms:GetSecret", false),
        ("kms:GetSecretValue?", false),
        ("kms:GetSecretValue2", false),
        ("ram:*", false),
        ("secretsmanager:GetSecretValue", false),
    ]
    .into_iter()
    .enumerate()
    {
        let allow = document("Allow", action, "*");
        let key = stand.person(&format!("user-{number}"), &[&allow]).await;
        let caller = stand.come_in(&key).await;
        let expected = if may { &SECRETS[..] } else { &[] };
        assert_eq!(readable(&stand, &caller).await, expected, "{action}");
    }
}

#[tokio::test]
async fn names_in_calls_are_taken_as_they_stand() {
    let stand = stand().await;
    let allow = document("Allow", "kms:GetSecretValue", "acs:kms:*:*:secret/app/db");
    let key = stand.person("bob", &[&allow]).await;
    let caller = stand.come_in(&key).await;
    let (forbidden, invalid) = (
        Some(ErrorCode::NoPermission),
        Some(ErrorCode::InvalidParameter),
    );
    for (name, expected) in [
        ("app/db", None),
        ("APP/DB", forbidden),
        ("app/db2", forbidden),
        ("app/db/", invalid),
        ("/app/db", invalid),
        ("app//db", invalid),
        ("./app/db", invalid),
        ("x/../app/db", invalid),
        ("app%2Fdb", invalid),
        ("app/db\0", invalid),
        ("app/db ", invalid),
        ("app/*", invalid),
        (
            "acs:kms:cn-beijing:1234567890123456:secret/app/db",
            Some(ErrorCode::ResourceNotFound),
        ),
        ("acs:kms:cn-hangzhou:9999:secret/app/db", forbidden),
        ("acs:kms:*:*:secret/app/db", invalid),
    ] {
        assert_eq!(read(&stand, &caller, name).await, expected, "{name:?}");
    }
}

/// Without rights one does not learn what there is.
#[tokio::test]
async fn missing_and_forbidden_look_alike() {
    let stand = stand().await;
    let allow = document("Allow", "kms:GetSecretValue", "acs:kms:*:*:secret/free/*");
    let key = stand.person("bob", &[&allow]).await;
    let caller = stand.come_in(&key).await;
    for (name, expected) in [
        ("app/db", ErrorCode::NoPermission),
        ("app/none", ErrorCode::NoPermission),
        ("free/none", ErrorCode::ResourceNotFound),
    ] {
        assert_eq!(read(&stand, &caller, name).await, Some(expected), "{name}");
    }
}
