use kms_types::ErrorCode;
use serde_json::{Value, json};

use super::token;
use crate::stand::Stand;

async fn tagged() -> Stand {
    let stand = Stand::new().await;
    for name in ["a", "b", "c"] {
        stand.create(name, "x").await;
    }
    stand
}

async fn tags(stand: &Stand, name: &str) -> Value {
    let params = [("SecretName", name), ("FetchTags", "true")];
    let told = stand.call("DescribeSecret", &params).await.unwrap();
    told["Tags"]["Tag"].clone()
}

#[tokio::test]
async fn one_secret_is_tagged_by_the_old_actions() {
    let stand = tagged().await;
    let list = r#"[{"TagKey":"team","TagValue":"red"},{"TagKey":"env","TagValue":"test"}]"#;
    let params = [("SecretName", "a"), ("Tags", list)];
    stand.call("TagResource", &params).await.unwrap();
    let params = [
        ("SecretName", "a"),
        ("Tags", r#"[{"TagKey":"team","TagValue":"blue"}]"#),
    ];
    stand.call("TagResource", &params).await.unwrap();
    assert_eq!(
        tags(&stand, "a").await,
        json!([{"TagKey": "env", "TagValue": "test"}, {"TagKey": "team", "TagValue": "blue"}])
    );
    let params = [("SecretName", "a"), ("TagKeys", r#"["team","none"]"#)];
    stand.call("UntagResource", &params).await.unwrap();
    assert_eq!(
        tags(&stand, "a").await,
        json!([{"TagKey": "env", "TagValue": "test"}])
    );
    assert_eq!(tags(&stand, "b").await, json!([]));
}

#[tokio::test]
async fn several_are_tagged_by_the_new_or_none_is() {
    let stand = tagged().await;
    let params = [
        ("ResourceType", "secret"),
        ("ResourceId.1", "a"),
        ("ResourceId.2", "b"),
        ("Tag.1.Key", "team"),
        ("Tag.1.Value", "red"),
    ];
    stand.call("TagResources", &params).await.unwrap();
    for name in ["a", "b"] {
        assert_eq!(
            tags(&stand, name).await,
            json!([{"TagKey": "team", "TagValue": "red"}])
        );
    }
    let params = [
        ("ResourceType", "secret"),
        ("ResourceId.1", "c"),
        ("ResourceId.2", "missing"),
        ("Tag.1.Key", "team"),
    ];
    assert_eq!(
        stand.call("TagResources", &params).await,
        Err(ErrorCode::ResourceNotFound)
    );
    assert_eq!(tags(&stand, "c").await, json!([]));
    let params = [
        ("ResourceType", "secret"),
        ("ResourceId.1", "a"),
        ("All", "true"),
    ];
    stand.call("UntagResources", &params).await.unwrap();
    assert_eq!(tags(&stand, "a").await, json!([]));
    let params = [
        ("ResourceType", "secret"),
        ("ResourceId.1", "b"),
        ("TagKey.1", "team"),
    ];
    stand.call("UntagResources", &params).await.unwrap();
    assert_eq!(tags(&stand, "b").await, json!([]));
}

#[tokio::test]
async fn a_resource_has_twenty_tags_at_most() {
    let stand = tagged().await;
    let list = |from: u32, to: u32| {
        let tag = |n| json!({"TagKey": format!("k{n:02}"), "TagValue": ""});
        Value::Array((from..to).map(tag).collect()).to_string()
    };
    let params = [("SecretName", "a"), ("Tags", &*list(0, 20))];
    stand.call("TagResource", &params).await.unwrap();
    let params = [("SecretName", "a"), ("Tags", &*list(20, 21))];
    assert_eq!(
        stand.call("TagResource", &params).await,
        Err(ErrorCode::LimitExceeded)
    );
    let params = [("SecretName", "a"), ("Tags", &*list(19, 20))];
    stand.call("TagResource", &params).await.unwrap();
    assert_eq!(tags(&stand, "a").await.as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn they_are_listed_as_terraform_asks() {
    let stand = tagged().await;
    for (name, value) in [("a", "red"), ("b", "blue")] {
        let list = json!([{"TagKey": "team", "TagValue": value}]).to_string();
        let params = [("SecretName", name), ("Tags", &*list)];
        stand.call("TagResource", &params).await.unwrap();
    }
    let one = |name: &str, value: &str| json!({"ResourceId": name, "ResourceType": "secret", "TagKey": "team", "TagValue": value});
    let listed = |more: Vec<(&'static str, &'static str)>| {
        let stand = &stand;
        async move {
            let mut params = vec![("RegionId", "cn-hangzhou"), ("ResourceType", "secret")];
            params.extend(more);
            let listed = stand.call("ListTagResources", &params).await.unwrap();
            assert_eq!(listed["NextToken"], "");
            listed["TagResources"]["TagResource"].clone()
        }
    };
    assert_eq!(
        listed(vec![]).await,
        json!([one("a", "red"), one("b", "blue")])
    );
    assert_eq!(
        listed(vec![("ResourceId.1", "b")]).await,
        json!([one("b", "blue")])
    );
    assert_eq!(listed(vec![("ResourceId.1", "c")]).await, json!([]));
    let tag = vec![("Tag.1.Key", "team"), ("Tag.1.Value", "red")];
    assert_eq!(listed(tag).await, json!([one("a", "red")]));
    assert_eq!(
        listed(vec![("Tag.1.Key", "team")]).await,
        json!([one("a", "red"), one("b", "blue")])
    );
    let params = [("ResourceType", "secret"), ("ResourceId.1", "missing")];
    assert_eq!(
        stand.call("ListTagResources", &params).await,
        Err(ErrorCode::ResourceNotFound)
    );
}

#[tokio::test]
async fn pages_hold_two_hundred_tags_and_join_without_a_gap() {
    let stand = Stand::new().await;
    for name in 0..12 {
        let name = format!("s{name:02}");
        stand.create(&name, "x").await;
        let tag = |n: u32| json!({"TagKey": format!("k{n:02}"), "TagValue": "v"});
        let list = Value::Array((0..20).map(tag).collect()).to_string();
        let params = [("SecretName", &*name), ("Tags", &*list)];
        stand.call("TagResource", &params).await.unwrap();
    }
    let first = stand
        .call("ListTagResources", &[("ResourceType", "secret")])
        .await
        .unwrap();
    let token = first["NextToken"].as_str().unwrap();
    let params = [("ResourceType", "secret"), ("NextToken", token)];
    let second = stand.call("ListTagResources", &params).await.unwrap();
    assert_eq!(second["NextToken"], "");
    let mut seen = Vec::new();
    for (page, length) in [(&first, 200), (&second, 40)] {
        let page = page["TagResources"]["TagResource"].as_array().unwrap();
        assert_eq!(page.len(), length);
        for tag in page {
            seen.push((tag["ResourceId"].to_string(), tag["TagKey"].to_string()));
        }
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(seen, sorted);
    assert_eq!(seen.len(), 240);
}

#[tokio::test]
async fn a_token_of_somebody_else_is_refused() {
    let stand = tagged().await;
    for token in ["x", "!!", "WyJhIl0", "bnVsbA"] {
        let params = [("ResourceType", "secret"), ("NextToken", token)];
        assert_eq!(
            stand.call("ListTagResources", &params).await,
            Err(ErrorCode::InvalidParameter),
            "{token}"
        );
    }
    let written = token::write("app/\u{e4}", "k");
    assert_eq!(
        token::parse(Some(&written)).unwrap(),
        Some(("app/\u{e4}".to_owned(), "k".to_owned()))
    );
}

#[tokio::test]
async fn strangers_neither_tag_nor_learn_what_there_is() {
    let stand = tagged().await;
    let stranger = stand.stranger("9876543210987654", "mallory").await;
    let arn = "acs:kms:cn-hangzhou:1234567890123456:secret/a";
    for (action, params) in [
        (
            "TagResource",
            vec![("SecretName", arn), ("Tags", r#"[{"TagKey":"k"}]"#)],
        ),
        (
            "UntagResource",
            vec![("SecretName", arn), ("TagKeys", r#"["k"]"#)],
        ),
        (
            "ListTagResources",
            vec![("ResourceType", "secret"), ("ResourceId.1", arn)],
        ),
    ] {
        assert_eq!(
            stand.call_as(&stranger, action, &params).await,
            Err(ErrorCode::NoPermission),
            "{action}"
        );
    }
}

#[tokio::test]
async fn keys_are_tagged_as_secrets_are() {
    let stand = Stand::new().await;
    let made = stand.call("CreateKey", &[]).await.unwrap();
    let key = made["KeyMetadata"]["KeyId"].as_str().unwrap();
    let params = [("AliasName", "alias/app"), ("KeyId", key)];
    stand.call("CreateAlias", &params).await.unwrap();
    let list = r#"[{"TagKey":"team","TagValue":"red"},{"TagKey":"env","TagValue":"test"}]"#;
    let params = [("KeyId", "alias/app"), ("Tags", list)];
    stand.call("TagResource", &params).await.unwrap();
    let listed = stand
        .call("ListResourceTags", &[("KeyId", key)])
        .await
        .unwrap();
    assert_eq!(
        listed["Tags"]["Tag"],
        json!([
            {"KeyId": key, "TagKey": "env", "TagValue": "test"},
            {"KeyId": key, "TagKey": "team", "TagValue": "red"},
        ])
    );
    let params = [
        ("ResourceType", "key"),
        ("ResourceId.1", key),
        ("TagKey.1", "env"),
    ];
    stand.call("UntagResources", &params).await.unwrap();
    let listed = stand
        .call("ListTagResources", &[("ResourceType", "key")])
        .await
        .unwrap();
    assert_eq!(
        listed["TagResources"]["TagResource"],
        json!([{"ResourceId": key, "ResourceType": "key", "TagKey": "team", "TagValue": "red"}])
    );
    assert_eq!(
        stand
            .call("ListResourceTags", &[("KeyId", "key-none")])
            .await,
        Err(ErrorCode::KeyNotFound)
    );
}
