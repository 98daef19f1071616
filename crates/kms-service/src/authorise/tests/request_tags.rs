//! Who may give which tags: `acs:RequestTag/<tag>` in every call that gives some.

use super::*;

const POLICY: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:CreateKey","kms:CreateSecret","kms:TagResource","kms:TagResources"],"Resource":"*","Condition":{"StringEquals":{"acs:RequestTag/team":"web"}}}]}"#;
const WEB: &str = r#"[{"TagKey":"team","TagValue":"web"},{"TagKey":"id","TagValue":"1"}]"#;
const DB: &str = r#"[{"TagKey":"team","TagValue":"db"}]"#;
const OTHER: &str = r#"[{"TagKey":"Team","TagValue":"web"}]"#;

/// A secret and a key of the administrator's, and somebody with that policy alone.
async fn stand() -> (Stand, Caller, String) {
    let stand = Stand::new().await;
    stand.create("app/db", "value").await;
    let key = stand.call("CreateKey", &[]).await.unwrap();
    let id = key["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    let bob = stand.person("bob", &[POLICY]).await;
    let bob = stand.come_in(&bob).await;
    (stand, bob, id)
}

#[tokio::test]
async fn the_old_action_gives_what_the_policy_says_and_nothing_else() {
    let (stand, bob, id) = stand().await;
    for resource in [("SecretName", "app/db"), ("KeyId", id.as_str())] {
        for (tags, expected) in [
            (WEB, None),
            (DB, Some(ErrorCode::NoPermission)),
            (OTHER, Some(ErrorCode::NoPermission)),
        ] {
            let params = [resource, ("Tags", tags)];
            let done = stand.call_as(&bob, "TagResource", &params).await;
            assert_eq!(done.err(), expected, "{params:?}");
        }
    }
}

#[tokio::test]
async fn so_does_the_new_one() {
    let (stand, bob, id) = stand().await;
    for resource in [("secret", "app/db"), ("key", id.as_str())] {
        for (value, expected) in [("web", None), ("db", Some(ErrorCode::NoPermission))] {
            let params = [
                ("ResourceType", resource.0),
                ("ResourceId.1", resource.1),
                ("Tag.1.Key", "team"),
                ("Tag.1.Value", value),
                ("RegionId", "cn-hangzhou"),
            ];
            let done = stand.call_as(&bob, "TagResources", &params).await;
            assert_eq!(done.err(), expected, "{params:?}");
        }
    }
}

#[tokio::test]
async fn what_is_made_has_them_from_the_beginning() {
    let (stand, bob, _) = stand().await;
    let secret = [
        ("SecretName", "app/new"),
        ("VersionId", "v1"),
        ("SecretData", "x"),
    ];
    for (action, given) in [("CreateKey", &[][..]), ("CreateSecret", &secret)] {
        let none = stand.call_as(&bob, action, given).await;
        assert_eq!(none, Err(ErrorCode::NoPermission), "{action}");
        for (tags, expected) in [(DB, Some(ErrorCode::NoPermission)), (WEB, None)] {
            let params = [given, &[("Tags", tags)]].concat();
            let done = stand.call_as(&bob, action, &params).await;
            assert_eq!(done.err(), expected, "{action} {tags}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_to_those_who_could_tag_it() {
    let (stand, bob, _) = stand().await;
    let (no_key, no_secret) = (ErrorCode::KeyNotFound, ErrorCode::ResourceNotFound);
    for (resource, missing) in [
        (("SecretName", "none"), no_secret),
        (("KeyId", "key-hzz00000000000000000000"), no_key),
        (("KeyId", "alias/none"), ErrorCode::AliasNotFound),
    ] {
        for (tags, expected) in [(WEB, missing), (DB, ErrorCode::NoPermission)] {
            let params = [resource, ("Tags", tags)];
            let done = stand.call_as(&bob, "TagResource", &params).await;
            assert_eq!(done, Err(expected), "{params:?}");
        }
    }
}
