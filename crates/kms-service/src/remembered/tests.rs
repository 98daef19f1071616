//! Calls that were made before touch no database, and yet know of each change.

use std::sync::Arc;

use kms_store::{Area, Mode, Tx};
use kms_types::{ErrorCode, RequestId};
use kms_wire::sign::SigningKey;
use serde_json::Value;

use super::Remembered;
use crate::{
    Caller,
    stand::{ACCOUNT, Scheme, Stand, document, servers, session_key},
};

const READ: [(&str, &str); 1] = [("SecretName", "app/db")];

/// Comes in with the key and calls.
async fn call(
    stand: &Stand,
    key: &SigningKey,
    action: &str,
    params: &[(&str, &str)],
) -> Result<Value, ErrorCode> {
    let claim = stand.claim(Scheme::V3, key, &RequestId::random().to_string());
    let known = stand.service.identify(&claim).await;
    let (principal, moment) = known.map_err(|error| error.code)?;
    let caller = Caller {
        principal,
        moment,
        ..stand.caller.clone()
    };
    stand.call_as(&caller, action, params).await
}

async fn read(stand: &Stand, key: &SigningKey) -> Result<String, ErrorCode> {
    let answer = call(stand, key, "GetSecretValue", &READ).await?;
    Ok(answer["SecretData"].as_str().unwrap().to_owned())
}

/// All that a program does again and again.
async fn work(stand: &Stand, key: &SigningKey, id: &str, alias: &str) {
    assert_eq!(read(stand, key).await.unwrap(), "first");
    let by_version = [("SecretName", "app/db"), ("VersionId", "v1")];
    call(stand, key, "GetSecretValue", &by_version)
        .await
        .unwrap();
    call(stand, key, "DescribeKey", &[("KeyId", id)])
        .await
        .unwrap();
    for name in [id, alias] {
        let params = [("KeyId", name), ("Plaintext", "aGVsbG8=")];
        let sealed = call(stand, key, "Encrypt", &params).await.unwrap();
        let blob = [("CiphertextBlob", sealed["CiphertextBlob"].as_str().unwrap())];
        let opened = call(stand, key, "Decrypt", &blob).await.unwrap();
        assert_eq!(opened["Plaintext"], "aGVsbG8=");
        let made = [("KeyId", name)];
        call(stand, key, "GenerateDataKey", &made).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_done_before_needs_no_transaction() {
    let stand = Stand::new().await;
    stand.create("app/db", "first").await;
    let made = stand.call("CreateKey", &[]).await.unwrap();
    let id = made["KeyMetadata"]["KeyId"].as_str().unwrap();
    let alias = [("AliasName", "alias/app"), ("KeyId", id)];
    stand.call("CreateAlias", &alias).await.unwrap();
    // Policies of its own and of a group, one of which looks at tags.
    let user = stand
        .person("bob", &[&document("Allow", "kms:*", "*"), TAGGED])
        .await;
    stand
        .role(
            "reader",
            &format!(r#"{{"RAM":["acs:ram::{ACCOUNT}:root"]}}"#),
            &[],
        )
        .await;
    let session = session_key(&stand.assume(&stand.caller, "reader", &[]).await.unwrap());

    for key in [&user, &session] {
        work(&stand, key, id, "alias/app").await;
    }
    // All readers there are; whoever needs one waits ten seconds, and fails.
    let mut taken: Vec<Box<dyn Tx>> = Vec::new();
    for _reader in 0..4 {
        taken.push(stand.parts.store.begin(Mode::Read).await.unwrap());
    }
    for key in [&user, &session] {
        work(&stand, key, id, "alias/app").await;
    }
}

const TAGGED: &str = r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":"kms:GetSecretValue","Resource":"*","Condition":{"StringEquals":{"kms:tag/locked":["yes"]}}}]}"#;

#[tokio::test]
async fn each_change_counts_from_the_next_call_on() {
    let stand = Stand::new().await;
    changes_count_at_once(&stand, &stand).await;
}

#[tokio::test]
async fn each_change_counts_from_the_next_call_on_at_each_server() {
    let [one, other] = servers().await;
    changes_count_at_once(&one, &other).await;
}

/// What is changed at one is so for who reads at the other.
async fn changes_count_at_once(stand: &Stand, other: &Stand) {
    stand.create("app/db", "first").await;
    let allow = document("Allow", "kms:*", "*");
    let user = stand.person("bob", &[&allow, TAGGED]).await;
    let id = user.access_key_id.to_string();
    let ok = |value: &str| Ok(value.to_owned());
    let denied = || Err(ErrorCode::NoPermission);
    let policy = [
        ("PolicyType", "Custom"),
        ("PolicyName", "bob-0"),
        ("UserName", "bob"),
    ];
    let status = |status| {
        [
            ("UserName", "bob"),
            ("UserAccessKeyId", id.as_str()),
            ("Status", status),
        ]
    };
    let tag = [
        ("SecretName", "app/db"),
        ("Tags", r#"[{"TagKey":"locked","TagValue":"yes"}]"#),
    ];
    let untag = [("SecretName", "app/db"), ("TagKeys", r#"["locked"]"#)];
    let second = [
        ("SecretName", "app/db"),
        ("VersionId", "v2"),
        ("SecretData", "second"),
    ];
    let back = [
        ("SecretName", "app/db"),
        ("VersionStage", "ACSCurrent"),
        ("MoveToVersion", "v1"),
        ("RemoveFromVersion", "v2"),
    ];
    let gone = [("SecretName", "app/db"), ("RecoveryWindowInDays", "7")];
    for (action, params, expected) in [
        ("DetachPolicyFromUser", &policy[..], denied()),
        ("AttachPolicyToUser", &policy, ok("first")),
        ("TagResource", &tag, denied()),
        ("UntagResource", &untag, ok("first")),
        ("PutSecretValue", &second, ok("second")),
        ("UpdateSecretVersionStage", &back, ok("first")),
        (
            "DeleteSecret",
            &gone,
            Err(ErrorCode::ResourceInDeleteWindow),
        ),
        ("RestoreSecret", &READ, ok("first")),
        (
            "UpdateAccessKey",
            &status("Inactive"),
            Err(ErrorCode::AccessKeyInactive),
        ),
        ("UpdateAccessKey", &status("Active"), ok("first")),
    ] {
        // So that there is something to remember, and nothing that was read once alone.
        let before = read(other, &user).await;
        assert_eq!(read(other, &user).await, before, "before {action}");
        stand.call(action, params).await.unwrap();
        assert_eq!(read(other, &user).await, expected, "after {action}");
    }
    // What is planned comes by itself, without any change.
    stand.call("DeleteSecret", &gone).await.unwrap();
    assert_eq!(
        read(other, &user).await,
        Err(ErrorCode::ResourceInDeleteWindow)
    );
    stand.pass(7 * 86_400);
    assert_eq!(read(other, &user).await, Err(ErrorCode::ResourceNotFound));
}

#[tokio::test]
async fn a_key_that_is_disabled_or_renamed_is_so_at_once() {
    let stand = Stand::new().await;
    keys_change_at_once(&stand, &stand).await;
    let [one, other] = servers().await;
    keys_change_at_once(&one, &other).await;
}

async fn keys_change_at_once(stand: &Stand, other: &Stand) {
    let mut ids = Vec::new();
    for _key in 0..2 {
        let made = stand.call("CreateKey", &[]).await.unwrap();
        ids.push(made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned());
    }
    let key = &stand.key;
    let alias = [("AliasName", "alias/app"), ("KeyId", ids[0].as_str())];
    stand.call("CreateAlias", &alias).await.unwrap();
    let params = [("KeyId", "alias/app"), ("Plaintext", "aGVsbG8=")];
    let mut sealed = Value::Null;
    for _time in 0..2 {
        sealed = call(other, key, "Encrypt", &params).await.unwrap();
        assert_eq!(sealed["KeyId"], ids[0].as_str());
    }
    let moved = [("AliasName", "alias/app"), ("KeyId", ids[1].as_str())];
    stand.call("UpdateAlias", &moved).await.unwrap();
    let by_second = call(other, key, "Encrypt", &params).await.unwrap();
    assert_eq!(by_second["KeyId"], ids[1].as_str());

    let first = [("KeyId", ids[0].as_str())];
    let blob = [("CiphertextBlob", sealed["CiphertextBlob"].as_str().unwrap())];
    call(other, key, "Decrypt", &blob).await.unwrap();
    stand.call("DisableKey", &first).await.unwrap();
    let disabled = call(other, key, "Decrypt", &blob).await;
    assert_eq!(disabled.unwrap_err(), ErrorCode::KeyDisabled);
    stand.call("EnableKey", &first).await.unwrap();
    call(other, key, "Decrypt", &blob).await.unwrap();
}

#[tokio::test]
async fn a_session_ends_with_its_rights_and_its_role() {
    let stand = Stand::new().await;
    stand.create("app/db", "first").await;
    let trust = format!(r#"{{"RAM":["acs:ram::{ACCOUNT}:root"]}}"#);
    stand.role("reader", &trust, &[]).await;
    let session = session_key(&stand.assume(&stand.caller, "reader", &[]).await.unwrap());
    for _time in 0..2 {
        assert_eq!(read(&stand, &session).await.unwrap(), "first");
    }
    stand.remove_role("reader").await;
    let over = Err(ErrorCode::SecurityTokenExpired);
    assert_eq!(read(&stand, &session).await, over);
    // Another of that name.
    stand.role("reader", &trust, &[]).await;
    assert_eq!(read(&stand, &session).await, over);
}

#[tokio::test]
async fn what_was_found_earlier_does_not_replace_what_was_found_later() {
    let stand = Stand::new().await;
    let store = &stand.parts.store;
    let earlier = store.moment().await.unwrap();
    stand
        .call("CreateUser", &[("UserName", "bob")])
        .await
        .unwrap();
    let later = store.moment().await.unwrap();
    let remembered = Remembered::new(Area::Identity, 2);
    remembered.put(1, later.as_ref(), &Arc::new("later"));
    remembered.put(1, earlier.as_ref(), &Arc::new("earlier"));
    assert_eq!(remembered.at(&1, later.as_ref()).as_deref(), Some(&"later"));
    assert_eq!(remembered.at(&1, earlier.as_ref()), None);
    assert_eq!(remembered.at(&1, None), None, "nobody can tell");
    remembered.put(2, None, &Arc::new("unknown"));
    assert_eq!(remembered.last(&2).map(|last| *last.value()), None);

    remembered.put(2, later.as_ref(), &Arc::new("two"));
    remembered.put(3, later.as_ref(), &Arc::new("three"));
    assert_eq!(remembered.at(&1, later.as_ref()), None, "no room");
}

#[tokio::test]
async fn a_nonce_passes_once_among_all_servers() {
    let [one, other] = servers().await;
    for _time in 0..2 {
        read(&one, &one.key).await.unwrap_err();
    }
    let claim = one.claim(Scheme::V3, &one.key, "n");
    one.service.authenticate(&claim).await.unwrap();
    for server in [&one, &other] {
        let again = server.service.authenticate(&claim).await.unwrap_err();
        assert_eq!(again.code, ErrorCode::SignatureNonceUsed);
    }
    // Of many at once one passes.
    let claim = one.claim(Scheme::V3, &one.key, "m");
    let calls = (0..16).map(|number| {
        let server = if number % 2 == 0 { &one } else { &other };
        server.service.authenticate(&claim)
    });
    let done = futures_util::future::join_all(calls).await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1);
}
