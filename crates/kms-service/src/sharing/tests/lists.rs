//! What is told, to whom, in which parts, and for how long.

use super::*;

fn ids(answer: &Value, list: &str, field: &str) -> Vec<String> {
    let all = answer[list].as_array().unwrap().iter();
    all.map(|one| one[field].as_str().unwrap().to_owned())
        .collect()
}

async fn stand() -> (Stand, Caller) {
    let stand = Stand::new().await;
    stand.directory().await;
    let app = stand.member(APP, None).await;
    stand.member(OTHER, None).await;
    limited(&stand, KST, 5).await;
    (stand, app)
}

#[tokio::test]
async fn each_side_sees_its_own_of_a_share() {
    let (stand, app) = stand().await;
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    let hidden = stand
        .share(&stand.caller, ("KMSInstance", KST), OTHER)
        .await;
    let mut both = vec![share.clone(), hidden];
    both.sort();
    for (caller, owner, expected) in [
        (&stand.caller, "Self", both),
        (&stand.caller, "OtherAccounts", vec![]),
        (&app, "Self", vec![]),
        (&app, "OtherAccounts", vec![share.clone()]),
    ] {
        let params = [("ResourceOwner", owner)];
        let listed = stand.call_as(caller, "ListResourceShares", &params).await;
        let listed = listed.unwrap();
        assert_eq!(ids(&listed, "ResourceShares", "ResourceShareId"), expected);
    }
    let others = [
        ("ResourceOwner", "OtherAccounts"),
        ("ResourceType", "KMSInstance"),
    ];
    let seen = stand.call_as(&app, "ListSharedResources", &others).await;
    assert_eq!(
        seen.unwrap()["SharedResources"],
        json!([{
            "ResourceShareId": share,
            "ResourceId": KST,
            "ResourceType": "KMSInstance",
            "ResourceArn": format!("acs:kms:cn-hangzhou:{}:keystore/{KST}", account()),
            "ResourceStatus": "Available",
            "CreateTime": "2025-01-03T07:59:17Z",
            "UpdateTime": "2025-01-03T07:59:17Z",
        }])
    );
    let seen = stand.call_as(&app, "ListSharedTargets", &others).await;
    let seen = seen.unwrap();
    assert_eq!(
        ids(&seen, "SharedTargets", "TargetId"),
        [account().as_str()],
        "the owner"
    );
    let own = [("ResourceOwner", "Self"), ("ResourceId", KST)];
    let mut targets = ids(
        &stand.call("ListSharedTargets", &own).await.unwrap(),
        "SharedTargets",
        "TargetId",
    );
    targets.sort();
    assert_eq!(targets, [APP, OTHER]);
    let with = [("ResourceOwner", "Self"), ("Target", APP)];
    let with = stand.call("ListSharedResources", &with).await.unwrap();
    assert_eq!(ids(&with, "SharedResources", "ResourceShareId"), [share]);
}

#[tokio::test]
async fn lists_come_in_parts_that_miss_and_repeat_nothing() {
    let (stand, _) = stand().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(stand.share(&stand.caller, ("KMSInstance", KST), APP).await);
    }
    made.sort();
    let mut seen = Vec::new();
    let mut token = None::<String>;
    for part in 0.. {
        let mut params = vec![("ResourceOwner", "Self"), ("MaxResults", "2")];
        params.extend(token.as_deref().map(|token| ("NextToken", token)));
        let listed = stand.call("ListResourceShares", &params).await.unwrap();
        seen.extend(ids(&listed, "ResourceShares", "ResourceShareId"));
        token = listed["NextToken"].as_str().map(str::to_owned);
        if token.is_none() {
            assert_eq!(part, 2);
            break;
        }
    }
    assert_eq!(seen, made);
    // Nothing comes after what fills a part.
    let all = [("ResourceOwner", "Self"), ("MaxResults", "5")];
    let all = stand.call("ListResourceShares", &all).await.unwrap();
    assert_eq!(all["NextToken"], Value::Null);
    let wrong = [("ResourceOwner", "Self"), ("NextToken", "mine")];
    let wrong = stand.call("ListResourceShares", &wrong).await;
    assert_eq!(wrong, Err(ErrorCode::InvalidParameter));
}

#[tokio::test]
async fn what_ended_is_listed_for_two_days() {
    let (stand, app) = stand().await;
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    let out = [("ResourceShareId", share.as_str()), ("Targets.1", APP)];
    stand.call("DisassociateResourceShare", &out).await.unwrap();
    let gone = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    let id = [("ResourceShareId", gone.as_str())];
    stand.call("DeleteResourceShare", &id).await.unwrap();
    let of = [
        ("ResourceOwner", "Self"),
        ("ResourceShareIds.1", gone.as_str()),
    ];
    let associations = [
        ("AssociationType", "Target"),
        ("ResourceShareIds.1", share.as_str()),
    ];
    stand.pass(48 * 3600);
    let listed = stand.call("ListResourceShares", &of).await.unwrap();
    assert_eq!(
        listed["ResourceShares"][0]["ResourceShareStatus"],
        "Deleted"
    );
    assert_eq!(status(&stand, &share, APP).await, "Disassociated");
    let active = [of[0], of[1], ("ResourceShareStatus", "Active")];
    let active = stand.call("ListResourceShares", &active).await.unwrap();
    assert_eq!(active["ResourceShares"], json!([]));
    let others = [("ResourceOwner", "OtherAccounts")];
    let others = stand.call_as(&app, "ListResourceShares", &others).await;
    assert_eq!(others.unwrap()["ResourceShares"], json!([]));
    stand.pass(1);
    let listed = stand.call("ListResourceShares", &of).await.unwrap();
    assert_eq!(listed["ResourceShares"], json!([]));
    let listed = stand
        .call("ListResourceShareAssociations", &associations)
        .await
        .unwrap();
    assert_eq!(listed["ResourceShareAssociations"], json!([]));
}

#[tokio::test]
async fn a_filter_for_the_other_side_is_refused() {
    let (stand, _) = stand().await;
    for params in [
        [("AssociationType", "Resource"), ("Target", APP)],
        [("AssociationType", "Target"), ("ResourceId", KST)],
    ] {
        let listed = stand.call("ListResourceShareAssociations", &params).await;
        assert_eq!(listed, Err(ErrorCode::AssociationTypeConflict));
    }
}

#[tokio::test]
async fn a_share_gives_the_permission_of_each_kind_that_is_in_it() {
    let (stand, app) = stand().await;
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    let name = "AliyunRSDefaultPermissionKMSInstance";
    for (caller, owner) in [(&stand.caller, "Self"), (&app, "OtherAccounts")] {
        let params = [
            ("ResourceShareId", share.as_str()),
            ("ResourceOwner", owner),
        ];
        let listed = stand
            .call_as(caller, "ListResourceSharePermissions", &params)
            .await
            .unwrap();
        assert_eq!(ids(&listed, "Permissions", "PermissionName"), [name]);
    }
    let all = stand.call("ListPermissions", &[]).await.unwrap();
    assert_eq!(
        ids(&all, "Permissions", "PermissionName"),
        [name, "AliyunRSDefaultPermissionVSwitch"]
    );
    let one = stand
        .call("GetPermission", &[("PermissionName", name)])
        .await;
    let one = one.unwrap();
    assert_eq!(one["Permission"]["ResourceType"], "KMSInstance");
    let document = one["Permission"]["Permission"].as_str().unwrap();
    assert!(serde_json::from_str::<Value>(document).is_ok());
    for params in [
        [("PermissionName", "Mine"), ("PermissionVersion", "v1")],
        [("PermissionName", name), ("PermissionVersion", "v2")],
    ] {
        let unknown = stand.call("GetPermission", &params).await;
        assert_eq!(unknown, Err(ErrorCode::InvalidParameter));
    }
    let by = |name| [("ResourceOwner", "Self"), ("PermissionName", name)];
    for (name, expected) in [(name, 1), ("AliyunRSDefaultPermissionVSwitch", 0)] {
        let listed = stand.call("ListResourceShares", &by(name)).await.unwrap();
        assert_eq!(listed["ResourceShares"].as_array().unwrap().len(), expected);
    }
    let wrong = [("ResourceShareName", "s"), ("PermissionNames.1", "Mine")];
    let wrong = stand.call("CreateResourceShare", &wrong).await;
    assert_eq!(wrong, Err(ErrorCode::InvalidParameter));
}

#[tokio::test]
async fn a_share_is_renamed_and_counted() {
    let (stand, _) = stand().await;
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    stand.pass(1);
    let params = [
        ("ResourceShareId", share.as_str()),
        ("ResourceShareName", "renamed"),
    ];
    let renamed = stand.call("UpdateResourceShare", &params).await.unwrap();
    assert_eq!(
        renamed["ResourceShare"],
        json!({
            "ResourceShareId": share,
            "ResourceShareName": "renamed",
            "ResourceShareOwner": account().as_str(),
            "ResourceShareStatus": "Active",
            "AllowExternalTargets": false,
            "CreateTime": "2025-01-03T07:59:17Z",
            "UpdateTime": "2025-01-03T07:59:18Z",
        })
    );
    for _ in 1..100 {
        let made = [("ResourceShareName", "more")];
        stand.call("CreateResourceShare", &made).await.unwrap();
    }
    let more = [("ResourceShareName", "more")];
    let refused = stand.call("CreateResourceShare", &more).await;
    assert_eq!(refused, Err(ErrorCode::ShareLimit));
    let id = [("ResourceShareId", share.as_str())];
    stand.call("DeleteResourceShare", &id).await.unwrap();
    stand.call("CreateResourceShare", &more).await.unwrap();
}
