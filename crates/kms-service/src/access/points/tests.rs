use kms_types::ErrorCode;
use serde_json::json;

use crate::stand::Stand;

/// Policies `one` to `four`.
async fn with_policies() -> Stand {
    let stand = Stand::new().await;
    for name in ["one", "two", "three", "four"] {
        let params = [
            ("Name", name),
            ("KmsInstance", "shared"),
            ("Permissions", r#"["RbacPermission/Template/SecretUser"]"#),
            ("Resources", r#"["secret/*"]"#),
        ];
        stand.call("CreatePolicy", &params).await.unwrap();
    }
    stand
}

#[tokio::test]
async fn an_access_point_is_made_told_and_changed() {
    let stand = with_policies().await;
    let params = [
        ("Name", "app"),
        ("AuthenticationMethod", "ClientKey"),
        ("Policies", r#"[ "two", "one" ]"#),
        ("Description", "the shop"),
    ];
    let told = json!({
        "Arn": "acs:kms:cn-hangzhou:1234567890123456:applicationaccesspoint/app",
        "Name": "app",
        "AuthenticationMethod": "ClientKey",
        "Policies": r#"["two","one"]"#,
        "Description": "the shop",
    });
    let made = stand.call("CreateApplicationAccessPoint", &params).await;
    assert_eq!(made, Ok(told.clone()));
    let name = ("Name", "app");
    let described = stand.call("DescribeApplicationAccessPoint", &[name]).await;
    assert_eq!(described, Ok(told));
    for (change, field, expected) in [
        (("Policies", r#"["three"]"#), "Policies", r#"["three"]"#),
        (("Description", ""), "Description", ""),
    ] {
        let done = stand
            .call("UpdateApplicationAccessPoint", &[name, change])
            .await;
        assert_eq!(done, Ok(json!({})));
        let told = stand.call("DescribeApplicationAccessPoint", &[name]).await;
        assert_eq!(told.unwrap()[field], expected);
    }
    assert_eq!(
        stand.call("ListApplicationAccessPoints", &[]).await,
        Ok(json!({
            "ApplicationAccessPoints": {"ApplicationAccessPoint": [
                {"Name": "app", "AuthenticationMethod": "ClientKey"},
            ]},
            "PageNumber": 1,
            "PageSize": 20,
            "TotalCount": 1,
        }))
    );
}

#[tokio::test]
async fn an_access_point_has_one_to_three_policies_that_exist() {
    let stand = with_policies().await;
    let point = [("Name", "there"), ("Policies", r#"["one"]"#)];
    stand
        .call("CreateApplicationAccessPoint", &point)
        .await
        .unwrap();
    for (policies, code) in [
        ("", ErrorCode::MissingParameter),
        ("[]", ErrorCode::InvalidParameter),
        (r#"["one","one"]"#, ErrorCode::InvalidParameter),
        (
            r#"["one","two","three","four"]"#,
            ErrorCode::InvalidParameter,
        ),
        (r#"["one","gone"]"#, ErrorCode::ResourceNotFound),
    ] {
        let params = [("Name", "app"), ("Policies", policies)];
        let made = stand.call("CreateApplicationAccessPoint", &params).await;
        assert_eq!(made, Err(code), "{policies}");
        if !policies.is_empty() {
            let params = [("Name", "there"), ("Policies", policies)];
            let changed = stand.call("UpdateApplicationAccessPoint", &params).await;
            assert_eq!(changed, Err(code), "{policies}");
        }
    }
    let three = [("Name", "app"), ("Policies", r#"["one","two","three"]"#)];
    stand
        .call("CreateApplicationAccessPoint", &three)
        .await
        .unwrap();
    let again = stand.call("CreateApplicationAccessPoint", &three).await;
    assert_eq!(again, Err(ErrorCode::ResourceExist));
    let role = [
        ("Name", "role"),
        ("AuthenticationMethod", "RAMRole"),
        ("Policies", r#"["one"]"#),
    ];
    let made = stand.call("CreateApplicationAccessPoint", &role).await;
    assert_eq!(made, Err(ErrorCode::InvalidParameter));
}

#[tokio::test]
async fn an_access_point_takes_its_keys_with_it() {
    let stand = with_policies().await;
    let mut keys = Vec::new();
    for name in ["app", "other"] {
        let point = [("Name", name), ("Policies", r#"["one"]"#)];
        stand
            .call("CreateApplicationAccessPoint", &point)
            .await
            .unwrap();
        keys.push(stand.client_key(name).await.key_id().to_string());
    }
    let name = [("Name", "app")];
    let done = stand.call("DeleteApplicationAccessPoint", &name).await;
    assert_eq!(done, Ok(json!({})));
    let gone = Err(ErrorCode::ResourceNotFound);
    for action in [
        "DescribeApplicationAccessPoint",
        "UpdateApplicationAccessPoint",
        "DeleteApplicationAccessPoint",
    ] {
        assert_eq!(stand.call(action, &name).await, gone, "{action}");
    }
    let key = [("ClientKeyId", keys[0].as_str())];
    assert_eq!(stand.call("GetClientKey", &key).await, gone);
    let left = stand.call("ListClientKeys", &[]).await.unwrap();
    assert_eq!(left["ClientKeys"].as_array().unwrap().len(), 1);
    assert_eq!(left["ClientKeys"][0]["ClientKeyId"], keys[1].as_str());
}
