use super::*;

#[tokio::test]
async fn a_group_is_what_was_made_of_it() {
    let stand = Stand::new().await;
    let params = [("GroupName", "ops"), ("Comments", "für alle")];
    let made = ok(&stand, "CreateGroup", &params).await;
    let id = made["Group"]["GroupId"].clone();
    let mut expected = json!({"Group": {
        "GroupId": id,
        "GroupName": "ops",
        "Comments": "für alle",
        "CreateDate": NOW,
    }});
    assert_eq!(made, expected);
    let again = stand.call("CreateGroup", &params).await;
    assert_eq!(again, Err(ErrorCode::GroupExists));
    expected["Group"]["UpdateDate"] = json!(NOW);
    let name = [("GroupName", "ops")];
    assert_eq!(ok(&stand, "GetGroup", &name).await, expected);

    group(&stand, "dev").await;
    let first = ok(&stand, "ListGroups", &[("MaxItems", "1")]).await;
    assert_eq!(names(&first["Groups"]["Group"], "GroupName"), ["dev"]);
    let second = [("Marker", first["Marker"].as_str().unwrap())];
    let second = ok(&stand, "ListGroups", &second).await;
    assert_eq!(names(&second["Groups"]["Group"], "GroupName"), ["ops"]);
    assert_eq!(second["IsTruncated"], false);
    assert_eq!(ok(&stand, "DeleteGroup", &name).await, json!({}));
    let gone = stand.call("GetGroup", &name).await;
    assert_eq!(gone, Err(ErrorCode::GroupNotFound));
}

#[tokio::test]
async fn users_come_into_groups_and_leave_them() {
    let stand = Stand::new().await;
    for name in ["bob", "carol"] {
        user(&stand, name).await;
    }
    group(&stand, "ops").await;
    let ops = ("GroupName", "ops");
    let bob = [("UserName", "bob"), ops];
    for (params, code) in [
        ([("UserName", "nobody"), ops], ErrorCode::UserNotFound),
        (
            [("UserName", "bob"), ("GroupName", "none")],
            ErrorCode::GroupNotFound,
        ),
    ] {
        for action in ["AddUserToGroup", "RemoveUserFromGroup"] {
            assert_eq!(stand.call(action, &params).await, Err(code));
        }
    }
    let none = stand.call("RemoveUserFromGroup", &bob).await;
    assert_eq!(none, Err(ErrorCode::MembershipNotFound));
    ok(&stand, "AddUserToGroup", &[("UserName", "carol"), ops]).await;
    stand.pass(60);
    ok(&stand, "AddUserToGroup", &bob).await;
    let again = stand.call("AddUserToGroup", &bob).await;
    assert_eq!(again, Err(ErrorCode::MembershipExists));

    let users = ok(&stand, "ListUsersForGroup", &[ops]).await;
    assert_eq!(
        users,
        json!({"IsTruncated": false, "Users": {"User": [
            {"UserName": "bob", "DisplayName": "", "JoinDate": "2025-01-03T08:00:17Z"},
            {"UserName": "carol", "DisplayName": "", "JoinDate": NOW},
        ]}})
    );
    // A user keeps its groups under another name.
    let rename = [("UserName", "bob"), ("NewUserName", "robert")];
    ok(&stand, "UpdateUser", &rename).await;
    let groups = ok(&stand, "ListGroupsForUser", &[("UserName", "robert")]).await;
    assert_eq!(names(&groups["Groups"]["Group"], "GroupName"), ["ops"]);

    let refused = stand.call("DeleteGroup", &[ops]).await;
    assert_eq!(refused, Err(ErrorCode::GroupHasUsers));
    for name in ["robert", "carol"] {
        ok(&stand, "RemoveUserFromGroup", &[("UserName", name), ops]).await;
    }
    let read = of("System", "AliyunKMSReadOnlyAccess", "GroupName", "ops");
    ok(&stand, "AttachPolicyToGroup", &read).await;
    let refused = stand.call("DeleteGroup", &[ops]).await;
    assert_eq!(refused, Err(ErrorCode::GroupHasPolicies));
    ok(&stand, "DetachPolicyFromGroup", &read).await;
    ok(&stand, "DeleteGroup", &[ops]).await;
}

#[tokio::test]
async fn a_user_is_in_ten_groups_at_most() {
    let stand = Stand::new().await;
    for number in 0..11 {
        let name = format!("g{number}");
        group(&stand, &name).await;
        let params = [("UserName", "alice"), ("GroupName", name.as_str())];
        let done = stand.call("AddUserToGroup", &params).await;
        let expected = if number < 10 {
            Ok(json!({}))
        } else {
            Err(ErrorCode::MembershipLimit)
        };
        assert_eq!(done, expected, "{name}");
    }
}

#[tokio::test]
async fn a_group_of_another_name_keeps_its_users_and_policies() {
    let stand = Stand::new().await;
    user(&stand, "bob").await;
    for name in ["ops", "taken"] {
        group(&stand, name).await;
    }
    let made = ok(&stand, "GetGroup", &[("GroupName", "ops")]).await;
    let ops = ("GroupName", "ops");
    ok(&stand, "AddUserToGroup", &[("UserName", "bob"), ops]).await;
    let read = of("System", "AliyunKMSReadOnlyAccess", "GroupName", "ops");
    ok(&stand, "AttachPolicyToGroup", &read).await;

    let taken = [ops, ("NewGroupName", "taken")];
    let refused = stand.call("UpdateGroup", &taken).await;
    assert_eq!(refused, Err(ErrorCode::GroupExists));
    let missing = stand.call("UpdateGroup", &[("GroupName", "none")]).await;
    assert_eq!(missing, Err(ErrorCode::GroupNotFound));

    stand.pass(60);
    let change = [
        ops,
        ("NewGroupName", "night"),
        ("NewComments", "für <alle>"),
    ];
    let changed = ok(&stand, "UpdateGroup", &change).await;
    let expected = json!({"Group": {
        "GroupId": made["Group"]["GroupId"],
        "GroupName": "night",
        "Comments": "für <alle>",
        "CreateDate": NOW,
        "UpdateDate": "2025-01-03T08:00:17Z",
    }});
    assert_eq!(changed, expected);
    let night = ("GroupName", "night");
    assert_eq!(ok(&stand, "GetGroup", &[night]).await, expected);
    let gone = stand.call("GetGroup", &[ops]).await;
    assert_eq!(gone, Err(ErrorCode::GroupNotFound));

    let users = ok(&stand, "ListUsersForGroup", &[night]).await;
    assert_eq!(names(&users["Users"]["User"], "UserName"), ["bob"]);
    let groups = ok(&stand, "ListGroupsForUser", &[("UserName", "bob")]).await;
    assert_eq!(names(&groups["Groups"]["Group"], "GroupName"), ["night"]);
    let policies = ok(&stand, "ListPoliciesForGroup", &[night]).await;
    let policies = names(&policies["Policies"]["Policy"], "PolicyName");
    assert_eq!(policies, ["AliyunKMSReadOnlyAccess"]);

    // Nothing is said, nothing but the date is changed.
    ok(&stand, "UpdateGroup", &[night]).await;
    assert_eq!(ok(&stand, "GetGroup", &[night]).await, expected);
    let bare = [night, ("NewComments", ""), ("NewGroupName", "night")];
    let bare = ok(&stand, "UpdateGroup", &bare).await;
    assert_eq!(bare["Group"]["Comments"], "");
}
