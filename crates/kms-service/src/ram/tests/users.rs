use kms_store::{DocumentKind, Mode, Page};

use super::*;
use crate::{Principal, stand::account};

#[tokio::test]
async fn a_user_is_what_was_made_of_it() {
    let stand = Stand::new().await;
    let params = [
        ("UserName", "bob.b"),
        ("DisplayName", "Bob"),
        ("MobilePhone", "86-18600008888"),
        ("Email", "bob@example.com"),
        ("Comments", "für die App"),
    ];
    let made = ok(&stand, "CreateUser", &params).await;
    let id = made["User"]["UserId"].as_str().unwrap().to_owned();
    assert!(
        id.len() == 18 && id.bytes().all(|b| b.is_ascii_digit()),
        "{id}"
    );
    let mut expected = json!({"User": {
        "UserId": id,
        "UserName": "bob.b",
        "DisplayName": "Bob",
        "MobilePhone": "86-18600008888",
        "Email": "bob@example.com",
        "Comments": "für die App",
        "CreateDate": NOW,
    }});
    assert_eq!(made, expected);
    assert_eq!(
        stand.call("CreateUser", &params).await,
        Err(ErrorCode::UserExists)
    );

    stand.pass(60);
    let changes = [
        ("UserName", "bob.b"),
        ("NewUserName", "robert"),
        ("NewDisplayName", "Robert"),
        ("NewComments", ""),
    ];
    ok(&stand, "UpdateUser", &changes).await;
    expected["User"]["UserName"] = json!("robert");
    expected["User"]["DisplayName"] = json!("Robert");
    expected["User"]["Comments"] = json!("");
    expected["User"]["UpdateDate"] = json!("2025-01-03T08:00:17Z");
    expected["User"]["LastLoginDate"] = json!("");
    let name = [("UserName", "robert")];
    assert_eq!(ok(&stand, "GetUser", &name).await, expected);
    let old = [("UserName", "bob.b")];
    assert_eq!(
        stand.call("GetUser", &old).await,
        Err(ErrorCode::UserNotFound)
    );
    let taken = [("UserName", "robert"), ("NewUserName", "alice")];
    assert_eq!(
        stand.call("UpdateUser", &taken).await,
        Err(ErrorCode::UserExists)
    );
}

#[tokio::test]
async fn a_user_that_was_set_up_has_an_empty_profile() {
    let stand = Stand::new().await;
    let alice = ok(&stand, "GetUser", &[("UserName", "alice")]).await;
    assert_eq!(alice["User"]["DisplayName"], "");
    assert_eq!(alice["User"]["CreateDate"], NOW);
    assert_eq!(alice["User"]["UpdateDate"], NOW);
    let changes = [("UserName", "alice"), ("NewComments", "the first")];
    ok(&stand, "UpdateUser", &changes).await;
    let alice = ok(&stand, "GetUser", &[("UserName", "alice")]).await;
    assert_eq!(alice["User"]["Comments"], "the first");
}

#[tokio::test]
async fn a_user_goes_when_nothing_is_left_of_it() {
    let stand = Stand::new().await;
    user(&stand, "bob").await;
    group(&stand, "ops").await;
    let bob = [("UserName", "bob")];
    let member = [("UserName", "bob"), ("GroupName", "ops")];
    let admin = of("System", "AdministratorAccess", "UserName", "bob");
    let made = ok(&stand, "CreateAccessKey", &bob).await;
    ok(&stand, "AddUserToGroup", &member).await;
    ok(&stand, "AttachPolicyToUser", &admin).await;

    let refused = stand.call("DeleteUser", &bob).await;
    assert_eq!(refused, Err(ErrorCode::UserHasKeys));
    let id = made["AccessKey"]["AccessKeyId"].as_str().unwrap();
    let key = [("UserName", "bob"), ("UserAccessKeyId", id)];
    ok(&stand, "DeleteAccessKey", &key).await;
    let refused = stand.call("DeleteUser", &bob).await;
    assert_eq!(refused, Err(ErrorCode::UserInGroup));
    ok(&stand, "RemoveUserFromGroup", &member).await;
    let refused = stand.call("DeleteUser", &bob).await;
    assert_eq!(refused, Err(ErrorCode::UserHasPolicies));
    ok(&stand, "DetachPolicyFromUser", &admin).await;
    assert_eq!(ok(&stand, "DeleteUser", &bob).await, json!({}));
    let gone = stand.call("DeleteUser", &bob).await;
    assert_eq!(gone, Err(ErrorCode::UserNotFound));

    let mut tx = stand.parts.store.begin(Mode::Read).await.unwrap();
    let page = Page {
        number: 1,
        size: 100,
    };
    let kind = DocumentKind::UserProfile;
    let (profiles, _) = tx.documents().list(&account(), kind, page).await.unwrap();
    let Principal::User { user_id, .. } = &stand.caller.principal else {
        panic!("a user");
    };
    let left: Vec<_> = profiles.iter().map(|profile| &profile.name).collect();
    assert_eq!(left, [user_id], "its profile is gone, too");
    drop(tx);

    // Another of that name has nothing of the first.
    let params = [("UserName", "bob"), ("Comments", "another")];
    ok(&stand, "CreateUser", &params).await;
    let groups = ok(&stand, "ListGroupsForUser", &bob).await;
    assert_eq!(groups["Groups"]["Group"], json!([]));
}

#[tokio::test]
async fn users_are_listed_by_name_and_page() {
    let stand = Stand::new().await;
    for name in ["dave", "bob", "carol"] {
        user(&stand, name).await;
    }
    let first = ok(&stand, "ListUsers", &[("MaxItems", "2")]).await;
    assert_eq!(names(&first["Users"]["User"], "UserName"), ["alice", "bob"]);
    assert_eq!(first["IsTruncated"], true);
    // What goes between two pages moves nothing.
    ok(&stand, "DeleteUser", &[("UserName", "bob")]).await;
    let marker = first["Marker"].as_str().unwrap();
    let second = [("MaxItems", "2"), ("Marker", marker)];
    let second = ok(&stand, "ListUsers", &second).await;
    assert_eq!(
        names(&second["Users"]["User"], "UserName"),
        ["carol", "dave"]
    );
    assert_eq!(second["IsTruncated"], false);
    assert!(second.get("Marker").is_none());
}

/// What Terraform's provider takes away before it deletes a user.
#[tokio::test]
async fn nobody_logs_on_to_a_console() {
    let stand = Stand::new().await;
    user(&stand, "bob").await;
    let profile = ErrorCode::LoginProfileNotFound;
    let device = ErrorCode::MfaDeviceNotFound;
    for (action, code) in [
        ("DeleteLoginProfile", profile),
        ("GetLoginProfile", profile),
        ("GetUserMFAInfo", device),
        ("UnbindMFADevice", device),
    ] {
        let done = stand.call(action, &[("UserName", "bob")]).await;
        assert_eq!(done, Err(code), "{action}");
        let done = stand.call(action, &[("UserName", "nobody")]).await;
        assert_eq!(done, Err(ErrorCode::UserNotFound), "{action}");
    }
    let wire = [profile, device].map(|code| (code.as_str(), code.status()));
    assert_eq!(
        wire,
        [
            ("EntityNotExist.User.LoginProfile", 404),
            ("EntityNotExist.User.MFADevice", 404),
        ]
    );
}

/// Terraform's provider asks for the tags of each role and policy that it reads.
#[tokio::test]
async fn no_role_or_policy_has_tags() {
    let stand = Stand::new().await;
    for kind in ["role", "policy"] {
        let asked = [("ResourceType", kind), ("ResourceNames", r#"["some"]"#)];
        let found = ok(&stand, "RamListTagResources", &asked).await;
        assert_eq!(found["TagResources"], serde_json::json!([]), "{kind}");
    }
    for wrong in [
        &[("ResourceType", "user")][..],
        &[("ResourceType", "role"), ("ResourceNames", "some")],
    ] {
        let done = stand.call("RamListTagResources", wrong).await;
        assert_eq!(done, Err(ErrorCode::InvalidParameter), "{wrong:?}");
    }
}
