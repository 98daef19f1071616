use kms_types::ErrorCode;
use serde_json::json;

use crate::stand::Stand;

/// A policy over the rule.
async fn policy(stand: &Stand, name: &str, rule: &str) {
    let rules = format!(r#"{{"NetworkRules":["{rule}"]}}"#);
    let params = [
        ("Name", name),
        ("KmsInstance", "shared"),
        ("Permissions", r#"["RbacPermission/Template/SecretUser"]"#),
        ("Resources", r#"["secret/*"]"#),
        ("AccessControlRules", rules.as_str()),
    ];
    stand.call("CreatePolicy", &params).await.unwrap();
}

async fn rule(stand: &Stand, name: &str) {
    let params = [
        ("Name", name),
        ("Type", "Private"),
        ("SourcePrivateIp", r#"["10.0.0.0/8"]"#),
    ];
    stand.call("CreateNetworkRule", &params).await.unwrap();
}

#[tokio::test]
async fn a_rule_is_made_told_changed_and_deleted() {
    let stand = Stand::new().await;
    let params = [
        ("Name", "office"),
        ("Type", "Public"),
        (
            "SourcePrivateIp",
            r#"[ "203.0.113.7", "10.1.0.0/16", "2001:db8::/32" ]"#,
        ),
        ("Description", "where we are"),
    ];
    let arn = "acs:kms:cn-hangzhou:1234567890123456:network/office";
    let sources = r#"["203.0.113.7","10.1.0.0/16","2001:db8::/32"]"#;
    assert_eq!(
        stand.call("CreateNetworkRule", &params).await,
        Ok(json!({
            "Arn": arn,
            "Name": "office",
            "Type": "Public",
            "SourcePrivateIp": sources,
            "Description": "where we are",
        }))
    );
    let name = [("Name", "office")];
    assert_eq!(
        stand.call("DescribeNetworkRule", &name).await,
        Ok(json!({
            "Arn": arn,
            "Type": "Public",
            "SourcePrivateIp": sources,
            "Description": "where we are",
        }))
    );
    for (change, sources, description) in [
        (
            ("SourcePrivateIp", r#"["127.0.0.1"]"#),
            r#"["127.0.0.1"]"#,
            "where we are",
        ),
        (("Description", "home"), r#"["127.0.0.1"]"#, "home"),
        (("Description", ""), r#"["127.0.0.1"]"#, ""),
    ] {
        let done = stand.call("UpdateNetworkRule", &[name[0], change]).await;
        assert_eq!(done, Ok(json!({})));
        let told = stand.call("DescribeNetworkRule", &name).await.unwrap();
        assert_eq!(told["SourcePrivateIp"], sources);
        assert_eq!(told["Description"], description);
    }
    assert_eq!(stand.call("DeleteNetworkRule", &name).await, Ok(json!({})));
    let gone = Err(ErrorCode::ResourceNotFound);
    for action in [
        "DescribeNetworkRule",
        "UpdateNetworkRule",
        "DeleteNetworkRule",
    ] {
        assert_eq!(stand.call(action, &name).await, gone, "{action}");
    }
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let stand = Stand::new().await;
    rule(&stand, "office").await;
    let params = [("Name", "office"), ("Type", "Private")];
    let again = stand.call("CreateNetworkRule", &params).await;
    assert_eq!(again, Err(ErrorCode::ResourceExist));
}

#[tokio::test]
async fn a_rule_that_a_policy_names_stays() {
    let stand = Stand::new().await;
    for name in ["office", "home"] {
        rule(&stand, name).await;
    }
    policy(&stand, "reader", "office").await;
    let name = [("Name", "office")];
    let refused = Err(ErrorCode::ResourceInUse);
    assert_eq!(stand.call("DeleteNetworkRule", &name).await, refused);
    let home = stand.call("DeleteNetworkRule", &[("Name", "home")]).await;
    assert_eq!(home, Ok(json!({})), "nobody names it");

    let other = [
        ("Name", "reader"),
        ("AccessControlRules", r#"{"NetworkRules":[]}"#),
    ];
    stand.call("UpdatePolicy", &other).await.unwrap();
    assert_eq!(stand.call("DeleteNetworkRule", &name).await, Ok(json!({})));
}

#[tokio::test]
async fn rules_are_listed_page_by_page() {
    let stand = Stand::new().await;
    let empty = json!({
        "NetworkRules": {"NetworkRule": []},
        "PageNumber": 1,
        "PageSize": 20,
        "TotalCount": 0,
    });
    assert_eq!(stand.call("ListNetworkRules", &[]).await, Ok(empty));
    for name in ["b", "a", "c"] {
        rule(&stand, name).await;
    }
    let second = [("PageNumber", "2"), ("PageSize", "2")];
    assert_eq!(
        stand.call("ListNetworkRules", &second).await,
        Ok(json!({
            "NetworkRules": {"NetworkRule": [{"Name": "c", "Type": "Private"}]},
            "PageNumber": 2,
            "PageSize": 2,
            "TotalCount": 3,
        }))
    );
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    let stand = Stand::new().await;
    for (name, value) in [
        ("Type", "Dedicated"),
        ("SourcePrivateIp", "10.0.0.1"),
        ("SourcePrivateIp", r#"["10.0.0.0/33"]"#),
        ("SourcePrivateIp", r#"["localhost"]"#),
        ("Name", "a/b"),
    ] {
        let mut params = vec![(name, value)];
        for other in [("Name", "x"), ("Type", "Private")] {
            if other.0 != name {
                params.push(other);
            }
        }
        let made = stand.call("CreateNetworkRule", &params).await;
        assert_eq!(made, Err(ErrorCode::InvalidParameter), "{name}={value}");
    }
    let listed = stand.call("ListNetworkRules", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 0);
}
