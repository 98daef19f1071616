use kms_types::Secret;
use kms_wire::sign::SigningKey;

use super::*;
use crate::stand::Scheme;

async fn create(stand: &Stand, name: &str) -> Value {
    let made = ok(stand, "CreateAccessKey", &[("UserName", name)]).await;
    made["AccessKey"].clone()
}

fn signing(key: &Value) -> SigningKey {
    SigningKey {
        access_key_id: key["AccessKeyId"].as_str().unwrap().parse().unwrap(),
        access_key_secret: Secret::from(key["AccessKeySecret"].as_str().unwrap()),
        security_token: None,
    }
}

async fn signs(stand: &Stand, key: &Value, nonce: &str) -> Option<ErrorCode> {
    let claim = stand.claim(Scheme::V3, &signing(key), nonce);
    let done = stand.service.authenticate(&claim).await;
    done.err().map(|error| error.code)
}

#[tokio::test]
async fn a_key_signs_until_it_is_switched_off_or_deleted() {
    let stand = Stand::new().await;
    user(&stand, "bob").await;
    let key = create(&stand, "bob").await;
    let id = key["AccessKeyId"].as_str().unwrap();
    assert_eq!(key["Status"], "Active");
    assert_eq!(key["CreateDate"], NOW);
    assert_eq!(key["AccessKeySecret"].as_str().unwrap().len(), 30);
    let named = [("UserName", "bob"), ("UserAccessKeyId", id)];
    let last = ok(&stand, "GetAccessKeyLastUsed", &named).await;
    assert_eq!(last["AccessKeyLastUsed"]["LastUsedDate"], "");

    assert_eq!(signs(&stand, &key, "1").await, None);
    let last = ok(&stand, "GetAccessKeyLastUsed", &named).await;
    assert_eq!(last["AccessKeyLastUsed"]["LastUsedDate"], NOW);

    let off = [named[0], named[1], ("Status", "Inactive")];
    ok(&stand, "UpdateAccessKey", &off).await;
    let refused = signs(&stand, &key, "2").await;
    assert_eq!(refused, Some(ErrorCode::AccessKeyInactive));
    let on = [named[0], named[1], ("Status", "Active")];
    ok(&stand, "UpdateAccessKey", &on).await;
    assert_eq!(signs(&stand, &key, "3").await, None);

    ok(&stand, "DeleteAccessKey", &named).await;
    let refused = signs(&stand, &key, "4").await;
    assert_eq!(refused, Some(ErrorCode::AccessKeyNotFound));
}

#[tokio::test]
async fn a_user_has_two_and_their_secrets_are_shown_once() {
    let stand = Stand::new().await;
    user(&stand, "bob").await;
    let first = create(&stand, "bob").await;
    stand.pass(60);
    let second = create(&stand, "bob").await;
    assert_ne!(first["AccessKeySecret"], second["AccessKeySecret"]);
    let bob = [("UserName", "bob")];
    let third = stand.call("CreateAccessKey", &bob).await;
    assert_eq!(third, Err(ErrorCode::UserKeyLimit));
    // An inactive one counts.
    let id = first["AccessKeyId"].as_str().unwrap();
    let off = [bob[0], ("UserAccessKeyId", id), ("Status", "Inactive")];
    ok(&stand, "UpdateAccessKey", &off).await;
    let third = stand.call("CreateAccessKey", &bob).await;
    assert_eq!(third, Err(ErrorCode::UserKeyLimit));
    let listed = ok(&stand, "ListAccessKeys", &bob).await;
    assert_eq!(
        listed,
        json!({"AccessKeys": {"AccessKey": [
            {"AccessKeyId": id, "Status": "Inactive", "CreateDate": NOW},
            {
                "AccessKeyId": second["AccessKeyId"],
                "Status": "Active",
                "CreateDate": "2025-01-03T08:00:17Z",
            },
        ]}})
    );
}

#[tokio::test]
async fn without_a_name_it_is_the_callers_own() {
    let stand = Stand::new().await;
    user(&stand, "bob").await;
    let bobs = create(&stand, "bob").await;
    let own = ok(&stand, "ListAccessKeys", &[]).await;
    let ids = names(&own["AccessKeys"]["AccessKey"], "AccessKeyId");
    assert_eq!(ids, [stand.key.access_key_id.as_str()]);
    // Another user's key is not the caller's.
    let id = bobs["AccessKeyId"].as_str().unwrap();
    for (action, params) in [
        ("DeleteAccessKey", vec![("UserAccessKeyId", id)]),
        ("GetAccessKeyLastUsed", vec![("UserAccessKeyId", id)]),
        (
            "UpdateAccessKey",
            vec![("UserAccessKeyId", id), ("Status", "Inactive")],
        ),
        (
            "DeleteAccessKey",
            vec![("UserAccessKeyId", id), ("UserName", "alice")],
        ),
    ] {
        let done = stand.call(action, &params).await;
        assert_eq!(done, Err(ErrorCode::UserKeyNotFound), "{action}");
    }
    // A session is nobody's user.
    let everybody = format!(r#"{{"RAM":["acs:ram::{ACCOUNT}:root"]}}"#);
    stand.role("app", &everybody, &[]).await;
    let opened = stand.assume(&stand.caller, "app", &[]).await.unwrap();
    let session = stand.session(&opened).await;
    let done = stand.call_as(&session, "CreateAccessKey", &[]).await;
    assert_eq!(done, Err(ErrorCode::MissingParameter));
}
