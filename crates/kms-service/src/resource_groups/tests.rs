use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::stand::Stand;

async fn group(stand: &Stand, name: &str) -> Result<String, ErrorCode> {
    let params = [("Name", name), ("DisplayName", "For apps")];
    let made = stand.call("CreateResourceGroup", &params).await?;
    Ok(made["ResourceGroup"]["Id"].as_str().unwrap().to_owned())
}

async fn alice(stand: &Stand) -> String {
    let user = [("UserName", "alice")];
    let user = stand.call("GetUser", &user).await.unwrap();
    user["User"]["UserId"].as_str().unwrap().to_owned()
}

async fn put(stand: &Stand, group: &str, user: &str) -> Value {
    let params = [
        ("ResourceGroupId", group),
        ("Resources.1.Service", "ram"),
        ("Resources.1.ResourceType", "user"),
        ("Resources.1.ResourceId", user),
    ];
    let moved = stand.call("MoveResources", &params).await.unwrap();
    moved["Responses"][0].clone()
}

/// The group that the user is in.
async fn of(stand: &Stand, user: &str) -> String {
    let params = [("Service", "ram"), ("ResourceId", user)];
    let listed = stand.call("ListResources", &params).await.unwrap();
    let one = &listed["Resources"]["Resource"][0];
    one["ResourceGroupId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn groups_are_made_read_changed_and_deleted() {
    let stand = Stand::new().await;
    let id = group(&stand, "apps").await.unwrap();
    assert_eq!(
        group(&stand, "apps").await,
        Err(ErrorCode::ResourceGroupExists)
    );
    assert_eq!(
        group(&stand, "default").await,
        Err(ErrorCode::ResourceGroupExists)
    );
    let named = [("ResourceGroupId", id.as_str())];
    let change = [named[0], ("NewDisplayName", "Apps")];
    stand.call("UpdateResourceGroup", &change).await.unwrap();
    let got = stand.call("GetResourceGroup", &named).await.unwrap();
    assert_eq!(
        got["ResourceGroup"],
        json!({
            "Id": id,
            "Name": "apps",
            "DisplayName": "Apps",
            "AccountId": "1234567890123456",
            "Status": "OK",
            "CreateDate": "2025-01-03T15:59:17+08:00",
            "RegionStatuses": {"RegionStatus": [{"RegionId": "cn-hangzhou", "Status": "OK"}]},
        })
    );
    let listed = stand.call("ListResourceGroups", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 2);
    let list = &listed["ResourceGroups"]["ResourceGroup"];
    assert_eq!(list[0]["Name"], "default");
    assert_eq!(list[1]["Name"], "apps");
    let by_name = [("Name", "apps")];
    let listed = stand.call("ListResourceGroups", &by_name).await.unwrap();
    assert_eq!(listed["TotalCount"], 1);

    let user = alice(&stand).await;
    put(&stand, &id, &user).await;
    let refused = stand.call("DeleteResourceGroup", &named).await;
    assert_eq!(refused, Err(ErrorCode::ResourceGroupHasResources));
    let default = list[0]["Id"].as_str().unwrap();
    put(&stand, default, &user).await;
    let gone = stand.call("DeleteResourceGroup", &named).await.unwrap();
    assert_eq!(gone["ResourceGroup"]["Status"], "PendingDelete");
    let missing = Err(ErrorCode::ResourceGroupNotFound);
    assert_eq!(stand.call("GetResourceGroup", &named).await, missing);
    // The default group stays as it is.
    let default = [("ResourceGroupId", default)];
    assert_eq!(stand.call("DeleteResourceGroup", &default).await, missing);
}

#[tokio::test]
async fn what_is_moved_is_in_one_group_and_in_no_other() {
    let stand = Stand::new().await;
    let user = alice(&stand).await;
    let default = of(&stand, &user).await;
    assert!(default.starts_with("rg-acfm"), "{default}");
    let one = group(&stand, "one").await.unwrap();
    let two = group(&stand, "two").await.unwrap();
    assert_eq!(
        put(&stand, &one, &user).await,
        json!({
            "Service": "ram",
            "ResourceType": "user",
            "ResourceId": user,
            "RegionId": "global",
            "Status": "SUCCESS",
        })
    );
    assert_eq!(of(&stand, &user).await, one);
    put(&stand, &two, &user).await;
    assert_eq!(of(&stand, &user).await, two);
    let inside = [("ResourceGroupId", one.as_str())];
    let listed = stand.call("ListResources", &inside).await.unwrap();
    assert_eq!(listed["TotalCount"], 0);
    let failed = put(&stand, &one, "1").await;
    assert_eq!(failed["Status"], "FAIL");
    assert_eq!(failed["ErrorCode"], "EntityNotExists.Resource");
    let nowhere = [
        ("ResourceGroupId", "rg-none"),
        ("Resources.1.Service", "ram"),
        ("Resources.1.ResourceType", "user"),
        ("Resources.1.ResourceId", &user),
    ];
    let refused = stand.call("MoveResources", &nowhere).await;
    assert_eq!(refused, Err(ErrorCode::ResourceGroupNotFound));
}

#[tokio::test]
async fn a_secret_that_takes_the_name_of_another_is_not_in_its_group() {
    let stand = Stand::new().await;
    let apps = group(&stand, "apps").await.unwrap();
    stand.create("db", "x").await;
    let inside = [("ResourceGroupId", apps.as_str())];
    let params = [
        inside[0],
        ("Resources.1.Service", "kms"),
        ("Resources.1.ResourceType", "secret"),
        ("Resources.1.ResourceId", "db"),
        ("Resources.1.RegionId", "cn-hangzhou"),
    ];
    stand.call("MoveResources", &params).await.unwrap();
    let listed = stand.call("ListResources", &inside).await.unwrap();
    assert_eq!(listed["Resources"]["Resource"][0]["ResourceId"], "db");
    let gone = [("SecretName", "db"), ("ForceDeleteWithoutRecovery", "true")];
    stand.call("DeleteSecret", &gone).await.unwrap();
    stand.create("db", "y").await;
    let listed = stand.call("ListResources", &inside).await.unwrap();
    assert_eq!(listed["TotalCount"], 0);
}

#[tokio::test]
async fn groups_and_resources_of_another_account_are_none() {
    let stand = Stand::new().await;
    let apps = group(&stand, "apps").await.unwrap();
    let user = alice(&stand).await;
    let eve = stand.stranger("2222222222222222", "eve").await;
    let named = [("ResourceGroupId", apps.as_str())];
    for action in ["GetResourceGroup", "DeleteResourceGroup"] {
        let refused = stand.call_as(&eve, action, &named).await;
        assert_eq!(refused, Err(ErrorCode::ResourceGroupNotFound), "{action}");
    }
    let made = [("Name", "theirs"), ("DisplayName", "x")];
    let made = stand.call_as(&eve, "CreateResourceGroup", &made).await;
    let theirs = made.unwrap()["ResourceGroup"]["Id"].clone();
    let steal = [
        ("ResourceGroupId", theirs.as_str().unwrap()),
        ("Resources.1.Service", "ram"),
        ("Resources.1.ResourceType", "user"),
        ("Resources.1.ResourceId", &user),
    ];
    let moved = stand.call_as(&eve, "MoveResources", &steal).await.unwrap();
    assert_eq!(moved["Responses"][0]["Status"], "FAIL");
}
