use kms_types::ErrorCode;
use serde_json::json;

use crate::stand::Stand;

const KST: &str = "kst-here";
const SECRET_USER: &str = r#"["RbacPermission/Template/SecretUser"]"#;

/// As Terraform's template writes it (reference accesskey §2.2).
const HEREDOC: &str = "  {\n    \"NetworkRules\": [\"office\", \"home\"]\n  }\n";

/// Two rules and an instance.
async fn with_rules() -> Stand {
    let stand = Stand::new().await;
    stand.instance(KST).await;
    for name in ["office", "home"] {
        let params = [("Name", name), ("Type", "Private")];
        stand.call("CreateNetworkRule", &params).await.unwrap();
    }
    stand
}

fn policy<'a>(name: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut params = more.to_vec();
    for default in [
        ("Name", name),
        ("KmsInstance", "shared"),
        ("Permissions", SECRET_USER),
        ("Resources", r#"["secret/*"]"#),
    ] {
        if !more.iter().any(|(name, _)| *name == default.0) {
            params.push(default);
        }
    }
    params
}

#[tokio::test]
async fn a_policy_is_made_and_told() {
    let stand = with_rules().await;
    let permissions = r#"["RbacPermission/Template/CryptoServiceKeyUser","RbacPermission/Template/CryptoServiceSecretUser"]"#;
    let resources = r#"["secret/app/db","secret/acs/ram/user/*","key/*"]"#;
    let params = [
        ("KmsInstance", KST),
        ("Permissions", permissions),
        ("Resources", resources),
        ("AccessControlRules", HEREDOC),
        ("Description", "readers"),
    ];
    let arn = "acs:kms:cn-hangzhou:1234567890123456:policy/reader";
    assert_eq!(
        stand.call("CreatePolicy", &policy("reader", &params)).await,
        Ok(json!({
            "Arn": arn,
            "Name": "reader",
            "KmsInstance": KST,
            "Permissions": permissions,
            "Resources": resources,
            "AccessControlRules": HEREDOC,
            "Description": "readers",
        }))
    );
    assert_eq!(
        stand.call("DescribePolicy", &[("Name", "reader")]).await,
        Ok(json!({
            "Arn": arn,
            "Name": "reader",
            "KmsInstance": KST,
            "Permissions": [
                "RbacPermission/Template/CryptoServiceKeyUser",
                "RbacPermission/Template/CryptoServiceSecretUser",
            ],
            "Resources": ["secret/app/db", "secret/acs/ram/user/*", "key/*"],
            "AccessControlRules": HEREDOC,
            "Description": "readers",
        }))
    );
}

#[tokio::test]
async fn a_policy_changes_but_for_its_name_and_scope() {
    let stand = with_rules().await;
    let params = policy("reader", &[("Description", "first")]);
    stand.call("CreatePolicy", &params).await.unwrap();
    let name = ("Name", "reader");
    let key_user = "RbacPermission/Template/CryptoServiceKeyUser";
    let permissions = format!(r#"["{key_user}"]"#);
    for (change, field, expected) in [
        (
            ("Permissions", permissions.as_str()),
            "Permissions",
            json!([key_user]),
        ),
        (("Resources", r#"["key/a"]"#), "Resources", json!(["key/a"])),
        (
            ("AccessControlRules", HEREDOC),
            "AccessControlRules",
            json!(HEREDOC),
        ),
        (("Description", ""), "Description", json!("")),
        (("KmsInstance", KST), "KmsInstance", json!("shared")),
    ] {
        stand.call("UpdatePolicy", &[name, change]).await.unwrap();
        let told = stand.call("DescribePolicy", &[name]).await.unwrap();
        assert_eq!(told[field], expected, "{field}");
    }
    let told = stand.call("DescribePolicy", &[name]).await.unwrap();
    assert_eq!(told["Permissions"], json!([key_user]), "left alone");
    let nobody = stand.call("UpdatePolicy", &[("Name", "nobody")]).await;
    assert_eq!(nobody, Err(ErrorCode::ResourceNotFound));
}

#[tokio::test]
async fn what_a_policy_refers_to_has_to_exist() {
    let stand = with_rules().await;
    for (name, value, code) in [
        ("KmsInstance", "", ErrorCode::MissingParameter),
        ("KmsInstance", "Shared", ErrorCode::InvalidParameter),
        ("KmsInstance", "kst-gone", ErrorCode::InstanceNotFound),
        (
            "AccessControlRules",
            r#"{"NetworkRules":["office","gone"]}"#,
            ErrorCode::ResourceNotFound,
        ),
    ] {
        let made = stand
            .call("CreatePolicy", &policy("p", &[(name, value)]))
            .await;
        assert_eq!(made, Err(code), "{name}={value}");
    }
    let gone = Err(ErrorCode::ResourceNotFound);
    assert_eq!(stand.call("DescribePolicy", &[("Name", "p")]).await, gone);
    stand.call("CreatePolicy", &policy("p", &[])).await.unwrap();
    let change = [
        ("Name", "p"),
        ("Description", "changed"),
        ("AccessControlRules", r#"{"NetworkRules":["gone"]}"#),
    ];
    assert_eq!(stand.call("UpdatePolicy", &change).await, gone);
    let told = stand
        .call("DescribePolicy", &[("Name", "p")])
        .await
        .unwrap();
    assert_eq!(told["AccessControlRules"], "", "nothing of it happened");
    assert_eq!(told["Description"], "");
}

#[tokio::test]
async fn a_policy_has_three_rules_at_most() {
    let stand = with_rules().await;
    for name in ["third", "fourth"] {
        let params = [("Name", name), ("Type", "Private")];
        stand.call("CreateNetworkRule", &params).await.unwrap();
    }
    let three = r#"{"NetworkRules":["office","home","third"]}"#;
    let four = r#"{"NetworkRules":["office","home","third","fourth"]}"#;
    let refused = Err(ErrorCode::InvalidParameter);
    let params = policy("p", &[("AccessControlRules", four)]);
    assert_eq!(stand.call("CreatePolicy", &params).await, refused);
    let params = policy("p", &[("AccessControlRules", three)]);
    stand.call("CreatePolicy", &params).await.unwrap();
    let change = [("Name", "p"), ("AccessControlRules", four)];
    assert_eq!(stand.call("UpdatePolicy", &change).await, refused);
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let stand = with_rules().await;
    stand.call("CreatePolicy", &policy("p", &[])).await.unwrap();
    let again = stand.call("CreatePolicy", &policy("p", &[])).await;
    assert_eq!(again, Err(ErrorCode::ResourceExist));
}

#[tokio::test]
async fn a_policy_that_an_access_point_names_stays() {
    let stand = with_rules().await;
    for name in ["one", "two"] {
        stand
            .call("CreatePolicy", &policy(name, &[]))
            .await
            .unwrap();
    }
    let point = [("Name", "app"), ("Policies", r#"["one","two"]"#)];
    stand
        .call("CreateApplicationAccessPoint", &point)
        .await
        .unwrap();
    let two = [("Name", "two")];
    let refused = Err(ErrorCode::ResourceInUse);
    assert_eq!(stand.call("DeletePolicy", &two).await, refused);
    let point = [("Name", "app"), ("Policies", r#"["one"]"#)];
    stand
        .call("UpdateApplicationAccessPoint", &point)
        .await
        .unwrap();
    assert_eq!(stand.call("DeletePolicy", &two).await, Ok(json!({})));
    let gone = Err(ErrorCode::ResourceNotFound);
    assert_eq!(stand.call("DeletePolicy", &two).await, gone);
    assert_eq!(
        stand.call("ListPolicies", &[]).await,
        Ok(json!({
            "Policies": {"Policy": [{"Name": "one"}]},
            "PageNumber": 1,
            "PageSize": 20,
            "TotalCount": 1,
        }))
    );
}
