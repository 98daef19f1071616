//! How far associations come, and what ends them.

use super::*;

const ASSOCIATE: &str = "AssociateResourceShare";
const DISASSOCIATE: &str = "DisassociateResourceShare";

fn target<'a>(share: &'a str, id: &'a str) -> [(&'a str, &'a str); 2] {
    [("ResourceShareId", share), ("Targets.1", id)]
}

async fn stand(limit: u32) -> Stand {
    let stand = Stand::new().await;
    stand.directory().await;
    stand.member(APP, None).await;
    stand.member(OTHER, None).await;
    limited(&stand, KST, limit).await;
    stand
}

#[tokio::test]
async fn an_account_works_in_an_instance_from_when_it_is_shared_until_it_is_not() {
    let stand = stand(2).await;
    let app = stand.stranger(APP, "admin").await;
    let other = stand.stranger(OTHER, "admin").await;
    let gone = Some(ErrorCode::InstanceNotFound);
    assert_eq!(create(&stand, &app, "early").await, gone);
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    let resource = association(&stand, &share, "Resource", KST).await;
    assert_eq!(
        resource,
        json!({
            "ResourceShareId": share,
            "ResourceShareName": "share",
            "AssociationType": "Resource",
            "EntityId": KST,
            "EntityType": "KMSInstance",
            "ResourceArn": format!("acs:kms:cn-hangzhou:{}:keystore/{KST}", account()),
            "AssociationStatus": "Associated",
            "External": false,
            "CreateTime": "2025-01-03T07:59:17Z",
            "UpdateTime": "2025-01-03T07:59:17Z",
        })
    );
    let found = association(&stand, &share, "Target", APP).await;
    assert_eq!(found["EntityType"], "Account");
    assert_eq!(found["AssociationStatus"], "Associated");
    assert_eq!(found.get("ResourceArn"), None);
    assert_eq!(create(&stand, &app, "app/db").await, None);
    assert_eq!(create(&stand, &other, "other/db").await, gone);
    // What lives there is the account's own: the owner of the instance does not see it.
    let seen = stand
        .call("DescribeSecret", &[("SecretName", "app/db")])
        .await;
    assert_eq!(seen, Err(ErrorCode::ResourceNotFound));

    // Taken out, at once (I25).
    stand.pass(60);
    let out = stand
        .call(DISASSOCIATE, &target(&share, APP))
        .await
        .unwrap();
    let out = &out["ResourceShareAssociations"][0];
    assert_eq!(out["EntityId"], APP);
    assert_eq!(out["AssociationStatus"], "Disassociated");
    assert_eq!(create(&stand, &app, "late").await, gone);
    assert_eq!(used(&stand, KST).await, 0);
    let listed = association(&stand, &share, "Target", APP).await;
    assert_eq!(listed["AssociationStatus"], "Disassociated");
    assert_eq!(listed["CreateTime"], "2025-01-03T07:59:17Z");
    assert_eq!(listed["UpdateTime"], "2025-01-03T08:00:17Z");
    // Not twice; and it may come back, as a new one.
    let again = stand.call(DISASSOCIATE, &target(&share, APP)).await;
    assert_eq!(again, Err(ErrorCode::DisassociateInvalid));
    stand.call(ASSOCIATE, &target(&share, APP)).await.unwrap();
    let listed = association(&stand, &share, "Target", APP).await;
    assert_eq!(listed["AssociationStatus"], "Associated");
    assert_eq!(listed["CreateTime"], "2025-01-03T08:00:17Z");
    assert_eq!(create(&stand, &app, "back").await, None);

    // And with the share, all that it has.
    let id = [("ResourceShareId", share.as_str())];
    stand.call("DeleteResourceShare", &id).await.unwrap();
    assert_eq!(create(&stand, &app, "last").await, gone);
    for (kind, entity) in [("Resource", KST), ("Target", APP)] {
        let found = association(&stand, &share, kind, entity).await;
        assert_eq!(found["AssociationStatus"], "Disassociated", "{kind}");
    }
    for action in [ASSOCIATE, DISASSOCIATE] {
        let late = stand.call(action, &target(&share, APP)).await;
        assert_eq!(late, Err(ErrorCode::ShareNotFound), "{action}");
    }
    for action in ["DeleteResourceShare", "UpdateResourceShare"] {
        let late = stand.call(action, &id).await;
        assert_eq!(late, Err(ErrorCode::ShareNotFound), "{action}");
    }
}

/// Reference accesskey §1, row 11.
#[tokio::test]
async fn what_failed_stays_so_until_it_is_made_anew() {
    let stand = stand(1).await;
    let other = stand.stranger(OTHER, "admin").await;
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    let answer = stand.call(ASSOCIATE, &target(&share, OTHER)).await.unwrap();
    let found = association(&stand, &share, "Target", OTHER).await;
    assert_eq!(answer["ResourceShareAssociations"], json!([found]));
    assert_eq!(found["AssociationStatus"], "Failed");
    assert_eq!(found["AssociationStatusMessage"], "LimitExceeded");
    let details = &found["AssociationFailedDetails"][0];
    assert_eq!(details["FailureReason"], "LimitExceeded");
    assert_eq!(details["EntityId"], KST);
    assert_eq!(details["OperationType"], "Associate");
    assert_eq!(status(&stand, &share, APP).await, "Associated");
    assert_eq!(used(&stand, KST).await, 1);
    let gone = Some(ErrorCode::InstanceNotFound);
    assert_eq!(create(&stand, &other, "x").await, gone);

    // Bought more: it is Failed still, and asking once more changes nothing.
    limited(&stand, KST, 5).await;
    assert_eq!(status(&stand, &share, OTHER).await, "Failed");
    assert_eq!(create(&stand, &other, "x").await, gone);
    stand.call(ASSOCIATE, &target(&share, OTHER)).await.unwrap();
    assert_eq!(status(&stand, &share, OTHER).await, "Failed");

    let out = stand.call(DISASSOCIATE, &target(&share, OTHER)).await;
    let out = &out.unwrap()["ResourceShareAssociations"][0];
    assert_eq!(out["AssociationStatus"], "Disassociated");
    assert_eq!(out.get("AssociationStatusMessage"), None);
    stand.call(ASSOCIATE, &target(&share, OTHER)).await.unwrap();
    assert_eq!(status(&stand, &share, OTHER).await, "Associated");
    assert_eq!(create(&stand, &other, "x").await, None);
    assert_eq!(used(&stand, KST).await, 2);
}

#[tokio::test]
async fn a_failure_is_an_event() {
    let stand = stand(1).await;
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    stand.call(ASSOCIATE, &target(&share, OTHER)).await.unwrap();
    let account = &account();
    let events = stand
        .service
        .tx(Mode::Read, |mut tx| {
            Box::pin(async move { documents::all::<Event>(&mut *tx, account).await })
        })
        .await
        .unwrap();
    let of_share: Vec<_> = events
        .iter()
        .filter(|event| event.body.resource == format!("resourceshare/{share}"))
        .collect();
    assert_eq!(of_share.len(), 1);
    assert_eq!(of_share[0].body.name, "ResourceShare:Associate:Failed");
    assert_eq!(of_share[0].body.content["EntityId"], OTHER);
}

/// What shares and folders use of the quota is told of as what networks use is.
#[tokio::test]
async fn the_quota_that_shares_use_is_told_of_once_each_time_that_it_is_reached() {
    let stand = stand(2).await;
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    assert_eq!(told(&stand).await, Vec::<String>::new(), "half is used");
    stand.call(ASSOCIATE, &target(&share, OTHER)).await.unwrap();
    let both = ["Instance:AccessQuota:70", "Instance:AccessQuota:90"];
    assert_eq!(told(&stand).await, both);
    // What is not let in changes nothing.
    stand.call(ASSOCIATE, &target(&share, OTHER)).await.unwrap();
    assert_eq!(told(&stand).await, both);
    // Freed and used again, it is reached again.
    stand
        .call(DISASSOCIATE, &target(&share, OTHER))
        .await
        .unwrap();
    stand.pass(1);
    stand.call(ASSOCIATE, &target(&share, OTHER)).await.unwrap();
    assert_eq!(told(&stand).await, [both, both].concat());
    let all = [("ResourceShareId", share.as_str())];
    stand.call("DeleteResourceShare", &all).await.unwrap();
    stand.pass(1);
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    stand.call(ASSOCIATE, &target(&share, OTHER)).await.unwrap();
    assert_eq!(told(&stand).await.len(), 6);
}

/// The resource may come after the targets; then it is the resource that fails.
#[tokio::test]
async fn a_resource_fails_that_has_no_room_for_the_targets() {
    let stand = stand(1).await;
    let made = [
        ("ResourceShareName", "two"),
        ("Targets.1", APP),
        ("Targets.2", OTHER),
    ];
    let made = stand.call("CreateResourceShare", &made).await.unwrap();
    let share = made["ResourceShare"]["ResourceShareId"].as_str().unwrap();
    let resource = [
        ("ResourceShareId", share),
        ("Resources.1.ResourceId", KST),
        ("Resources.1.ResourceType", "KMSInstance"),
    ];
    stand.call(ASSOCIATE, &resource).await.unwrap();
    let found = association(&stand, share, "Resource", KST).await;
    assert_eq!(found["AssociationStatus"], "Failed");
    assert_eq!(used(&stand, KST).await, 0);
    for target in [APP, OTHER] {
        assert_eq!(status(&stand, share, target).await, "Associated");
    }
}

#[tokio::test]
async fn what_is_not_ones_own_or_not_of_the_directory_is_refused() {
    let stand = Stand::new().await;
    limited(&stand, KST, 5).await;
    let share = |name| [("ResourceShareName", name)];
    let made = stand
        .call("CreateResourceShare", &share("s"))
        .await
        .unwrap();
    let share = made["ResourceShare"]["ResourceShareId"].as_str().unwrap();
    let outside = Err(ErrorCode::AccountNotInDirectory);
    let into = |id: &'static str| target(share, id);
    // No directory; then one whose accounts may not share; then one that lets them.
    assert_eq!(stand.call(ASSOCIATE, &into(APP)).await, outside);
    stand.call("EnableResourceDirectory", &[]).await.unwrap();
    let app = stand.member(APP, None).await;
    let off = Err(ErrorCode::SharingNotEnabled);
    assert_eq!(stand.call(ASSOCIATE, &into(APP)).await, off);
    let switch = "EnableSharingWithResourceDirectory";
    let by_member = stand.call_as(&app, switch, &[]).await;
    assert_eq!(by_member, Err(ErrorCode::ActionNotPermitted));
    let check = "CheckSharingWithResourceDirectoryStatus";
    for expected in [false, true] {
        let checked = stand.call_as(&app, check, &[]).await.unwrap();
        assert_eq!(checked, json!({"EnableSharingWithRd": expected}));
        let done = stand.call(switch, &[]).await;
        let twice = expected.then_some(ErrorCode::SharingAlreadyEnabled);
        assert_eq!(done.err(), twice);
    }
    stand.call(ASSOCIATE, &into(APP)).await.unwrap();
    stand.stranger(OTHER, "admin").await;
    for id in [OTHER, "fd-Nowhere", "rd-Another"] {
        assert_eq!(stand.call(ASSOCIATE, &into(id)).await, outside, "{id}");
    }
    let own = stand
        .call(ASSOCIATE, &target(share, crate::stand::ACCOUNT))
        .await;
    assert_eq!(own, Err(ErrorCode::InvalidParameter));

    // What others own is not to be shared, even if it is shared with oneself.
    stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    for (caller, kind, id, expected) in [
        (&app, "KMSInstance", KST, ErrorCode::InvalidParameter),
        (
            &stand.caller,
            "KMSInstance",
            "kst-gone",
            ErrorCode::InvalidParameter,
        ),
        (
            &stand.caller,
            "VSwitch",
            "vsw-gone",
            ErrorCode::InvalidParameter,
        ),
    ] {
        let params = [
            ("ResourceShareName", "s"),
            ("Resources.1.ResourceId", id),
            ("Resources.1.ResourceType", kind),
        ];
        let made = stand.call_as(caller, "CreateResourceShare", &params).await;
        assert_eq!(made, Err(expected), "{kind} {id}");
    }
    // Another's share is not there.
    let foreign = stand.call_as(&app, ASSOCIATE, &into(APP)).await;
    assert_eq!(foreign, Err(ErrorCode::ShareNotFound));
}

/// Of several in one call, each has its own outcome.
#[tokio::test]
async fn as_many_come_in_as_there_is_room_for() {
    let stand = stand(1).await;
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    stand
        .call(DISASSOCIATE, &target(&share, APP))
        .await
        .unwrap();
    let both = [
        ("ResourceShareId", share.as_str()),
        ("Targets.1", OTHER),
        ("Targets.2", APP),
    ];
    stand.call(ASSOCIATE, &both).await.unwrap();
    assert_eq!(status(&stand, &share, OTHER).await, "Associated");
    assert_eq!(status(&stand, &share, APP).await, "Failed");
    assert_eq!(used(&stand, KST).await, 1);
    // Half of what is to be taken out is not there: nothing is.
    let wrong = [
        ("ResourceShareId", share.as_str()),
        ("Targets.1", OTHER),
        ("Targets.2", "4234567890123456"),
    ];
    let refused = stand.call(DISASSOCIATE, &wrong).await;
    assert_eq!(refused, Err(ErrorCode::DisassociateInvalid));
    assert_eq!(status(&stand, &share, OTHER).await, "Associated");
}
