use kms_types::Clock;
use kms_wire::request::PolicyType;

use super::*;
use crate::ram::{Attachment, PolicyRef};

const HOLDERS: [(&str, &str, &str); 3] = [
    ("User", "UserName", "bob"),
    ("Group", "GroupName", "ops"),
    ("Role", "RoleName", "app"),
];

async fn stand() -> Stand {
    let stand = Stand::new().await;
    user(&stand, "bob").await;
    group(&stand, "ops").await;
    let everybody = format!(r#"{{"RAM":["acs:ram::{ACCOUNT}:root"]}}"#);
    let trust = format!(
        r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{everybody}}}]}}"#
    );
    let role = [("RoleName", "app"), ("AssumeRolePolicyDocument", &trust)];
    ok(&stand, "CreateRole", &role).await;
    policy(&stand, "read", READ).await;
    stand
}

fn attach(kind: &str) -> String {
    format!("AttachPolicyTo{kind}")
}

fn detach(kind: &str) -> String {
    format!("DetachPolicyFrom{kind}")
}

#[tokio::test]
async fn policies_are_attached_listed_and_detached() {
    let stand = stand().await;
    let codes = [
        (
            ErrorCode::UserPolicyExists,
            ErrorCode::UserPolicyNotFound,
            ErrorCode::UserNotFound,
        ),
        (
            ErrorCode::GroupPolicyExists,
            ErrorCode::GroupPolicyNotFound,
            ErrorCode::GroupNotFound,
        ),
        (
            ErrorCode::RolePolicyExists,
            ErrorCode::RolePolicyNotFound,
            ErrorCode::RoleNotFound,
        ),
    ];
    for ((kind, field, name), (exists, missing, nobody)) in HOLDERS.into_iter().zip(codes) {
        let (attach, detach) = (attach(kind), detach(kind));
        let read = of("Custom", "read", field, name);
        ok(&stand, &attach, &read).await;
        let again = stand.call(&attach, &read).await;
        assert_eq!(again, Err(exists), "{kind}");
        stand.pass(60);
        ok(
            &stand,
            &attach,
            &of("System", "AdministratorAccess", field, name),
        )
        .await;
        let list = format!("ListPoliciesFor{kind}");
        let listed = ok(&stand, &list, &[(field, name)]).await;
        let listed = &listed["Policies"]["Policy"];
        assert_eq!(
            names(listed, "PolicyName"),
            ["read", "AdministratorAccess"],
            "{kind}"
        );
        assert_eq!(names(listed, "PolicyType"), ["Custom", "System"]);
        assert_eq!(names(listed, "DefaultVersion"), ["v1", "v1"]);
        ok(
            &stand,
            &detach,
            &of("System", "AdministratorAccess", field, name),
        )
        .await;
        let again = stand
            .call(&detach, &of("System", "AdministratorAccess", field, name))
            .await;
        assert_eq!(again, Err(missing), "{kind}");

        for action in [&attach, &detach] {
            let unknown = of("Custom", "none", field, name);
            let done = stand.call(action, &unknown).await;
            assert_eq!(done, Err(ErrorCode::PolicyNotFound), "{kind}");
            let unknown = of("Custom", "read", field, "none");
            assert_eq!(stand.call(action, &unknown).await, Err(nobody), "{kind}");
        }
    }

    let named = [("PolicyType", "Custom"), ("PolicyName", "read")];
    let have_it = ok(&stand, "ListEntitiesForPolicy", &named).await;
    for (list, item, field, name) in [
        ("Users", "User", "UserName", "bob"),
        ("Groups", "Group", "GroupName", "ops"),
        ("Roles", "Role", "RoleName", "app"),
    ] {
        assert_eq!(names(&have_it[list][item], field), [name]);
    }
    assert_eq!(
        have_it["Roles"]["Role"][0]["Arn"],
        format!("acs:ram::{ACCOUNT}:role/app")
    );
    let read = ok(&stand, "GetPolicy", &named).await;
    assert_eq!(read["Policy"]["AttachmentCount"], 3);
}

#[tokio::test]
async fn a_policy_in_use_stays_unless_it_is_to_go_everywhere() {
    let stand = stand().await;
    let read = [("PolicyName", "read")];
    let codes = [
        ErrorCode::PolicyHasUsers,
        ErrorCode::PolicyHasGroups,
        ErrorCode::PolicyHasRoles,
    ];
    for ((kind, field, name), code) in HOLDERS.into_iter().zip(codes) {
        let params = of("Custom", "read", field, name);
        ok(&stand, &attach(kind), &params).await;
        let done = stand.call("RamDeletePolicy", &read).await;
        assert_eq!(done, Err(code), "{kind}");
        ok(&stand, &detach(kind), &params).await;
    }
    for (kind, field, name) in HOLDERS {
        let params = of("Custom", "read", field, name);
        ok(&stand, &attach(kind), &params).await;
    }
    let add = [read[0], ("PolicyDocument", WRITE)];
    ok(&stand, "CreatePolicyVersion", &add).await;
    let all = [read[0], ("CascadingDelete", "true")];
    ok(&stand, "RamDeletePolicy", &all).await;
    for (kind, field, name) in HOLDERS {
        let list = format!("ListPoliciesFor{kind}");
        let listed = ok(&stand, &list, &[(field, name)]).await;
        assert_eq!(listed["Policies"]["Policy"], json!([]), "{kind}");
    }
}

#[tokio::test]
async fn a_role_with_policies_stays() {
    let stand = stand().await;
    let params = of("Custom", "read", "RoleName", "app");
    ok(&stand, "AttachPolicyToRole", &params).await;
    let name = [("RoleName", "app")];
    let refused = stand.call("DeleteRole", &name).await;
    assert_eq!(refused, Err(ErrorCode::RoleHasPolicies));
    // What else is changed about it leaves its policies alone.
    ok(&stand, "UpdateRole", &name).await;
    let listed = ok(&stand, "ListPoliciesForRole", &name).await;
    assert_eq!(names(&listed["Policies"]["Policy"], "PolicyName"), ["read"]);
    ok(&stand, "DetachPolicyFromRole", &params).await;
    assert_eq!(ok(&stand, "DeleteRole", &name).await, json!({}));
}

#[tokio::test]
async fn ten_policies_of_ones_own_and_twenty_of_the_systems() {
    let stand = stand().await;
    for number in 0..11 {
        let name = format!("p{number}");
        policy(&stand, &name, READ).await;
        let params = of("Custom", &name, "UserName", "bob");
        let done = stand.call("AttachPolicyToUser", &params).await;
        let expected = if number < 10 {
            Ok(json!({}))
        } else {
            Err(ErrorCode::UserPolicyLimit)
        };
        assert_eq!(done, expected, "{name}");
    }
    // The other type has room of its own.
    let admin = of("System", "AdministratorAccess", "UserName", "bob");
    ok(&stand, "AttachPolicyToUser", &admin).await;
}

#[tokio::test]
async fn policies_of_the_two_types_are_not_mistaken_for_each_other() {
    let stand = Stand::new().await;
    let name = "read".parse().unwrap();
    let own = Attachment::new(PolicyType::Custom, &name, stand.clock.now());
    assert!(own.is(PolicyRef::new(PolicyType::Custom, &name)));
    assert!(!own.is(PolicyRef::new(PolicyType::System, &name)));
    let other = "write".parse().unwrap();
    assert!(!own.is(PolicyRef::new(PolicyType::Custom, &other)));
}
