//! Tags of users.

use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::stand::Stand;

async fn user(stand: &Stand, name: &str) -> String {
    let made = stand.call("CreateUser", &[("UserName", name)]).await;
    made.unwrap()["User"]["UserId"].as_str().unwrap().to_owned()
}

async fn tag(stand: &Stand, id: &str, key: &str, value: &str) {
    let params = [
        ("ResourceId.1", id),
        ("Tag.1.Key", key),
        ("Tag.1.Value", value),
    ];
    stand.call("ImsTagResources", &params).await.unwrap();
}

/// Key and value of each tag that is listed.
async fn listed(stand: &Stand, params: &[(&str, &str)]) -> Vec<(String, String)> {
    let listed = stand.call("ImsListTagResources", params).await.unwrap();
    let all = listed["TagResources"]["TagResource"].as_array().unwrap();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    all.iter()
        .map(|one| (text(one, "TagKey"), text(one, "TagValue")))
        .collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn tags_are_given_changed_listed_and_taken() {
    let stand = Stand::new().await;
    let bob = user(&stand, "bob").await;
    let named = [("ResourceId.1", bob.as_str())];
    tag(&stand, &bob, "env", "test").await;
    tag(&stand, &bob, "env", "prod").await;
    tag(&stand, &bob, "team", "").await;
    let both = pairs(&[("env", "prod"), ("team", "")]);
    assert_eq!(listed(&stand, &named).await, both);
    let by_name = [(
        "ResourcePrincipalName.1",
        "bob@1234567890123456.onaliyun.com",
    )];
    assert_eq!(listed(&stand, &by_name).await, both);
    let all = stand.call("ImsListTagResources", &named).await.unwrap();
    assert_eq!(
        all,
        json!({
            "IsTruncated": false,
            "TagResources": {"TagResource": [
                {"ResourceId": bob, "ResourceType": "user", "TagKey": "env", "TagValue": "prod"},
                {"ResourceId": bob, "ResourceType": "user", "TagKey": "team", "TagValue": ""},
            ]},
        })
    );
    let one = [named[0], ("TagKey.1", "env"), ("All", "true")];
    stand.call("ImsUntagResources", &one).await.unwrap();
    assert_eq!(listed(&stand, &named).await, pairs(&[("team", "")]));
    let rest = [named[0], ("All", "true")];
    stand.call("ImsUntagResources", &rest).await.unwrap();
    assert_eq!(listed(&stand, &named).await, []);
}

#[tokio::test]
async fn users_are_found_by_their_tags_in_pages() {
    let stand = Stand::new().await;
    let mut ids = vec![user(&stand, "b").await, user(&stand, "c").await];
    for id in &ids {
        tag(&stand, id, "env", "prod").await;
    }
    tag(&stand, &ids[1], "team", "x").await;
    let env = ("Tag.1.Key", "env");
    let with_value = [env, ("Tag.1.Value", "test")];
    assert_eq!(listed(&stand, &with_value).await, []);
    let both = [env, ("Tag.2.Key", "team")];
    assert_eq!(
        listed(&stand, &both).await,
        pairs(&[("env", "prod"), ("team", "x")])
    );
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let mut params = vec![env, ("PageSize", "2")];
        if !token.is_empty() {
            params.push(("NextToken", &token));
        }
        let page = stand.call("ImsListTagResources", &params).await.unwrap();
        for one in page["TagResources"]["TagResource"].as_array().unwrap() {
            seen.push(one["ResourceId"].as_str().unwrap().to_owned());
        }
        match page["NextToken"].as_str() {
            Some(next) => next.clone_into(&mut token),
            None => break,
        }
        assert_eq!(page["IsTruncated"], true);
    }
    let last = ids[1].clone();
    ids.push(last);
    ids.sort();
    assert_eq!(seen, ids);
}

#[tokio::test]
async fn no_more_than_twenty_and_none_on_whom_there_is_not() {
    let stand = Stand::new().await;
    let bob = user(&stand, "bob").await;
    for number in 0..20 {
        tag(&stand, &bob, &format!("k{number}"), "").await;
    }
    let more = [("ResourceId.1", bob.as_str()), ("Tag.1.Key", "one more")];
    let refused = stand.call("ImsTagResources", &more).await;
    assert_eq!(refused, Err(ErrorCode::LimitExceeded));
    // All or none.
    let both = [
        ("ResourcePrincipalName.1", "bob"),
        ("ResourcePrincipalName.2", "nobody"),
        ("Tag.1.Key", "k0"),
        ("Tag.1.Value", "new"),
    ];
    let refused = stand.call("ImsTagResources", &both).await;
    assert_eq!(refused, Err(ErrorCode::UserNotFound));
    let named = [("ResourceId.1", bob.as_str())];
    let tags = listed(&stand, &named).await;
    assert_eq!(tags.len(), 20);
    assert!(tags.contains(&("k0".to_owned(), String::new())));
    // Whose user it is counts.
    let eve = stand.stranger("2222222222222222", "eve").await;
    let refused = stand.call_as(&eve, "ImsListTagResources", &named).await;
    assert_eq!(refused, Err(ErrorCode::UserNotFound));
    // A user that is deleted takes its tags with it.
    stand
        .call("DeleteUser", &[("UserName", "bob")])
        .await
        .unwrap();
    assert_eq!(listed(&stand, &[("Tag.1.Key", "k0")]).await, []);
}

#[tokio::test]
async fn who_may_is_said_by_policies_of_ram_user_by_user() {
    let stand = Stand::new().await;
    user(&stand, "bob").await;
    user(&stand, "app").await;
    let policy = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:TagResources","Resource":"acs:ram:*:*:user/app","Condition":{"StringEquals":{"acs:RequestTag/env":"test"}}}]}"#;
    let key = stand.person("carol", &[policy]).await;
    let carol = stand.come_in(&key).await;
    let tagged = async |user: &str, value: &str| {
        let params = [
            ("ResourcePrincipalName.1", user),
            ("Tag.1.Key", "env"),
            ("Tag.1.Value", value),
        ];
        stand
            .call_as(&carol, "ImsTagResources", &params)
            .await
            .err()
    };
    assert_eq!(tagged("app", "test").await, None);
    assert_eq!(tagged("app", "prod").await, Some(ErrorCode::RamForbidden));
    assert_eq!(tagged("bob", "test").await, Some(ErrorCode::RamForbidden));
    // Who may not does not learn who there is.
    assert_eq!(
        tagged("nobody", "test").await,
        Some(ErrorCode::RamForbidden)
    );
}
