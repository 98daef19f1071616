use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::stand::Stand;

pub(crate) const TRUST: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}"#;

async fn create(stand: &Stand, name: &str) -> Value {
    let params = [("RoleName", name), ("AssumeRolePolicyDocument", TRUST)];
    stand.call("CreateRole", &params).await.unwrap()["Role"].clone()
}

#[tokio::test]
async fn a_role_is_what_was_made_of_it() {
    let stand = Stand::new().await;
    let made = stand
        .call(
            "CreateRole",
            &[
                ("RoleName", "App.one-2"),
                ("AssumeRolePolicyDocument", TRUST),
                ("Description", "for the app"),
                ("MaxSessionDuration", "7200"),
            ],
        )
        .await
        .unwrap();
    let id = made["Role"]["RoleId"].as_str().unwrap().to_owned();
    assert!(
        id.len() == 18 && id.bytes().all(|b| b.is_ascii_digit()),
        "{id}"
    );
    let mut expected = json!({"Role": {
        "RoleId": id,
        "RoleName": "App.one-2",
        "RolePrincipalName": "App.one-2@role.1234567890123456.onaliyunservice.com",
        "Arn": "acs:ram::1234567890123456:role/App.one-2",
        "AssumeRolePolicyDocument": TRUST,
        "Description": "for the app",
        "MaxSessionDuration": 7200,
        "CreateDate": "2025-01-03T07:59:17Z",
        "UpdateDate": "2025-01-03T07:59:17Z",
    }});
    assert_eq!(made, expected);

    stand.pass(60);
    let name = [("RoleName", "App.one-2")];
    assert_eq!(stand.call("GetRole", &name).await.unwrap(), expected);
    // Nothing said, nothing changed, but the moment.
    expected["Role"]["UpdateDate"] = json!("2025-01-03T08:00:17Z");
    assert_eq!(stand.call("UpdateRole", &name).await.unwrap(), expected);

    let other = TRUST.replace(":root", ":user/alice");
    let params = [
        ("RoleName", "App.one-2"),
        ("NewAssumeRolePolicyDocument", other.as_str()),
        ("NewDescription", ""),
        ("NewMaxSessionDuration", "3600"),
    ];
    stand.call("UpdateRole", &params).await.unwrap();
    expected["Role"]["AssumeRolePolicyDocument"] = json!(other);
    expected["Role"]["Description"] = json!("");
    expected["Role"]["MaxSessionDuration"] = json!(3600);
    assert_eq!(stand.call("GetRole", &name).await.unwrap(), expected);
}

#[tokio::test]
async fn a_role_made_anew_is_another() {
    let stand = Stand::new().await;
    let first = create(&stand, "app").await;
    assert_eq!(first["MaxSessionDuration"], 3600);
    let again = [("RoleName", "app"), ("AssumeRolePolicyDocument", TRUST)];
    assert_eq!(
        stand.call("CreateRole", &again).await,
        Err(ErrorCode::RoleExists)
    );
    let name = [("RoleName", "app")];
    assert_eq!(stand.call("DeleteRole", &name).await, Ok(json!({})));
    for action in ["GetRole", "UpdateRole", "DeleteRole"] {
        assert_eq!(
            stand.call(action, &name).await,
            Err(ErrorCode::RoleNotFound),
            "{action}"
        );
    }
    assert_ne!(create(&stand, "app").await["RoleId"], first["RoleId"]);
}

#[tokio::test]
async fn only_a_trust_policy_is_one() {
    let stand = Stand::new().await;
    create(&stand, "app").await;
    let no_principal = TRUST.replace(
        r#""Principal":{"RAM":["acs:ram::1234567890123456:root"]}"#,
        r#""Resource":"*""#,
    );
    for bad in ["{}", "[]", "not JSON", no_principal.as_str()] {
        let params = [("RoleName", "other"), ("AssumeRolePolicyDocument", bad)];
        assert_eq!(
            stand.call("CreateRole", &params).await,
            Err(ErrorCode::PolicyMalformed),
            "{bad}"
        );
        let params = [("RoleName", "app"), ("NewAssumeRolePolicyDocument", bad)];
        assert_eq!(
            stand.call("UpdateRole", &params).await,
            Err(ErrorCode::PolicyMalformed),
            "{bad}"
        );
    }
    let name = [("RoleName", "app")];
    let role = stand.call("GetRole", &name).await.unwrap();
    assert_eq!(role["Role"]["AssumeRolePolicyDocument"], TRUST);
}

#[tokio::test]
async fn roles_are_listed_by_name_and_page() {
    let stand = Stand::new().await;
    assert_eq!(
        stand.call("ListRoles", &[]).await.unwrap(),
        json!({"IsTruncated": false, "Roles": {"Role": []}})
    );
    for name in ["d", "b", "a", "c"] {
        create(&stand, name).await;
    }
    let names = |page: &Value| -> Vec<String> {
        let roles = page["Roles"]["Role"].as_array().unwrap();
        let name = |role: &Value| role["RoleName"].as_str().unwrap().to_owned();
        roles.iter().map(name).collect()
    };
    let all = stand.call("ListRoles", &[]).await.unwrap();
    assert_eq!(names(&all), ["a", "b", "c", "d"]);
    assert!(all.get("Marker").is_none());
    assert!(
        all["Roles"]["Role"][0]
            .get("AssumeRolePolicyDocument")
            .is_none()
    );

    let first = stand.call("ListRoles", &[("MaxItems", "2")]).await.unwrap();
    assert_eq!(names(&first), ["a", "b"]);
    assert_eq!(first["IsTruncated"], true);
    // What goes between two pages moves nothing.
    stand
        .call("DeleteRole", &[("RoleName", "a")])
        .await
        .unwrap();
    let marker = first["Marker"].as_str().unwrap();
    let params = [("MaxItems", "2"), ("Marker", marker)];
    let second = stand.call("ListRoles", &params).await.unwrap();
    assert_eq!(names(&second), ["c", "d"]);
    assert_eq!(second["IsTruncated"], false);
    assert!(second.get("Marker").is_none());
}

#[tokio::test]
async fn accounts_see_their_own_roles_only() {
    let stand = Stand::new().await;
    create(&stand, "app").await;
    let mallory = stand.stranger("9999", "mallory").await;
    let name = [("RoleName", "app")];
    for action in ["GetRole", "UpdateRole", "DeleteRole"] {
        assert_eq!(
            stand.call_as(&mallory, action, &name).await,
            Err(ErrorCode::RoleNotFound)
        );
    }
    let listed = stand.call_as(&mallory, "ListRoles", &[]).await.unwrap();
    assert_eq!(listed["Roles"]["Role"], json!([]));
}
