use super::*;
use crate::{
    policy::{Document, Kind},
    ram::system,
};

#[tokio::test]
async fn a_policy_is_what_was_made_of_it() {
    let stand = Stand::new().await;
    let params = [
        ("PolicyName", "read"),
        ("PolicyDocument", READ),
        ("Description", "für die App"),
    ];
    let made = ok(&stand, "RamCreatePolicy", &params).await;
    let mut expected = json!({
        "PolicyName": "read",
        "PolicyType": "Custom",
        "Description": "für die App",
        "DefaultVersion": "v1",
        "CreateDate": NOW,
    });
    assert_eq!(made, json!({"Policy": expected}));
    let again = stand.call("RamCreatePolicy", &params).await;
    assert_eq!(again, Err(ErrorCode::PolicyExists));
    expected["UpdateDate"] = json!(NOW);
    expected["AttachmentCount"] = json!(0);
    let name = [("PolicyType", "Custom"), ("PolicyName", "read")];
    assert_eq!(
        ok(&stand, "GetPolicy", &name).await,
        json!({
            "Policy": expected,
            "DefaultPolicyVersion": {
                "VersionId": "v1",
                "IsDefaultVersion": true,
                "PolicyDocument": READ,
                "CreateDate": NOW,
            },
        })
    );
    let system = [("PolicyType", "System"), ("PolicyName", "read")];
    let other = stand.call("GetPolicy", &system).await;
    assert_eq!(other, Err(ErrorCode::PolicyNotFound));
    let trust = crate::roles::tests::TRUST;
    for bad in ["{}", "not JSON", trust] {
        let params = [("PolicyName", "bad"), ("PolicyDocument", bad)];
        let done = stand.call("RamCreatePolicy", &params).await;
        assert_eq!(done, Err(ErrorCode::PolicyMalformed), "{bad}");
        let params = [("PolicyName", "read"), ("PolicyDocument", bad)];
        let done = stand.call("CreatePolicyVersion", &params).await;
        assert_eq!(done, Err(ErrorCode::PolicyMalformed), "{bad}");
    }
}

#[tokio::test]
async fn five_versions_and_one_that_counts() {
    let stand = Stand::new().await;
    policy(&stand, "app", READ).await;
    let app = ("PolicyName", "app");
    let add = [app, ("PolicyDocument", WRITE)];
    for number in 2..=5 {
        let made = ok(&stand, "CreatePolicyVersion", &add).await;
        assert_eq!(made["PolicyVersion"]["VersionId"], format!("v{number}"));
        assert_eq!(made["PolicyVersion"]["IsDefaultVersion"], false);
    }
    let sixth = stand.call("CreatePolicyVersion", &add).await;
    assert_eq!(sixth, Err(ErrorCode::PolicyVersionLimit));

    let custom = ("PolicyType", "Custom");
    let third = [app, ("VersionId", "v3")];
    ok(&stand, "SetDefaultPolicyVersion", &third).await;
    let read = ok(&stand, "GetPolicy", &[custom, app]).await;
    assert_eq!(read["Policy"]["DefaultVersion"], "v3");
    assert_eq!(read["DefaultPolicyVersion"]["PolicyDocument"], WRITE);
    let refused = stand.call("DeletePolicyVersion", &third).await;
    assert_eq!(refused, Err(ErrorCode::PolicyVersionDefault));

    // The last number is not given out again.
    ok(&stand, "DeletePolicyVersion", &[app, ("VersionId", "v5")]).await;
    let made = ok(&stand, "CreatePolicyVersion", &add).await;
    assert_eq!(made["PolicyVersion"]["VersionId"], "v6");
    let rotate = [
        add[0],
        add[1],
        ("SetAsDefault", "true"),
        (
            "RotateStrategy",
            "DeleteOldestNonDefaultVersionWhenLimitExceeded",
        ),
    ];
    let made = ok(&stand, "CreatePolicyVersion", &rotate).await;
    assert_eq!(made["PolicyVersion"]["IsDefaultVersion"], true);
    let versions = ok(&stand, "ListPolicyVersions", &[custom, app]).await;
    let versions = &versions["PolicyVersions"]["PolicyVersion"];
    assert_eq!(
        names(versions, "VersionId"),
        ["v7", "v6", "v4", "v3", "v2"],
        "v1 was the oldest"
    );
    for action in [
        "GetPolicyVersion",
        "DeletePolicyVersion",
        "SetDefaultPolicyVersion",
    ] {
        let done = stand
            .call(action, &[custom, app, ("VersionId", "v1")])
            .await;
        assert_eq!(done, Err(ErrorCode::PolicyVersionNotFound), "{action}");
    }
    let second = [custom, app, ("VersionId", "v2")];
    let second = ok(&stand, "GetPolicyVersion", &second).await;
    assert_eq!(second["PolicyVersion"]["PolicyDocument"], WRITE);

    let refused = stand.call("RamDeletePolicy", &[app]).await;
    assert_eq!(refused, Err(ErrorCode::PolicyHasVersions));
    for version in ["v2", "v3", "v4", "v6"] {
        ok(
            &stand,
            "DeletePolicyVersion",
            &[app, ("VersionId", version)],
        )
        .await;
    }
    assert_eq!(ok(&stand, "RamDeletePolicy", &[app]).await, json!({}));
}

#[tokio::test]
async fn every_account_has_the_system_policies_and_cannot_change_them() {
    let stand = Stand::new().await;
    policy(&stand, "read", READ).await;
    let all = ok(&stand, "RamListPolicies", &[]).await;
    assert_eq!(
        names(&all["Policies"]["Policy"], "PolicyName"),
        [
            "read",
            "AdministratorAccess",
            "AliyunKMSCryptoAdminAccess",
            "AliyunKMSCryptoUserAccess",
            "AliyunKMSFullAccess",
            "AliyunKMSReadOnlyAccess",
            "AliyunKMSSecretAdminAccess",
            "AliyunKMSSecretUserAccess",
            "AliyunRAMReadOnlyAccess",
            "AliyunSTSAssumeRoleAccess",
        ]
    );
    let first = ok(&stand, "RamListPolicies", &[("MaxItems", "1")]).await;
    assert_eq!(first["IsTruncated"], true);
    let second = [
        ("MaxItems", "1"),
        ("Marker", first["Marker"].as_str().unwrap()),
    ];
    let second = ok(&stand, "RamListPolicies", &second).await;
    let second = &second["Policies"]["Policy"];
    assert_eq!(names(second, "PolicyName"), ["AdministratorAccess"]);
    assert_eq!(names(second, "PolicyType"), ["System"]);
    let own = ok(&stand, "RamListPolicies", &[("PolicyType", "Custom")]).await;
    assert_eq!(names(&own["Policies"]["Policy"], "PolicyName"), ["read"]);

    let admin = ("PolicyName", "AdministratorAccess");
    let read = ok(&stand, "GetPolicy", &[("PolicyType", "System"), admin]).await;
    assert_eq!(
        read["DefaultPolicyVersion"]["PolicyDocument"],
        r#"{"Version":"1","Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}]}"#
    );
    for (action, more, code) in [
        ("RamDeletePolicy", admin, ErrorCode::PolicyNotFound),
        (
            "CreatePolicyVersion",
            ("PolicyDocument", READ),
            ErrorCode::PolicyNotFound,
        ),
        (
            "SetDefaultPolicyVersion",
            ("VersionId", "v1"),
            ErrorCode::PolicyNotFound,
        ),
        (
            "RamCreatePolicy",
            ("PolicyDocument", READ),
            ErrorCode::PolicyExists,
        ),
    ] {
        let mut params = vec![admin];
        params.extend((more != admin).then_some(more));
        assert_eq!(stand.call(action, &params).await, Err(code), "{action}");
    }
}

#[test]
fn system_policies_are_policies() {
    assert!(!system::SYSTEM.is_empty());
    for own in system::SYSTEM {
        assert!(
            Document::parse(own.document, Kind::Identity).is_ok(),
            "{}",
            own.name
        );
    }
    let names: Vec<&str> = system::SYSTEM.iter().map(|own| own.name).collect();
    assert!(names.is_sorted());
    assert!(system::all().is_ok(), "all dates are dates");
}

#[tokio::test]
async fn a_description_is_changed_and_nothing_else() {
    let stand = Stand::new().await;
    policy(&stand, "app", READ).await;
    stand.pass(60);
    let app = ("PolicyName", "app");
    let change = [app, ("NewDescription", "für <die> App")];
    let changed = ok(&stand, "UpdatePolicyDescription", &change).await;
    let mut expected = json!({
        "PolicyName": "app",
        "PolicyType": "Custom",
        "Description": "für <die> App",
        "DefaultVersion": "v1",
        "CreateDate": NOW,
        "UpdateDate": "2025-01-03T08:00:17Z",
    });
    assert_eq!(changed, json!({"Policy": expected}));
    expected["AttachmentCount"] = json!(0);
    let read = ok(&stand, "GetPolicy", &[("PolicyType", "Custom"), app]).await;
    assert_eq!(read["Policy"], expected);
    assert_eq!(read["DefaultPolicyVersion"]["PolicyDocument"], READ);
    for name in ["none", "AdministratorAccess"] {
        let change = [("PolicyName", name), ("NewDescription", "x")];
        let done = stand.call("UpdatePolicyDescription", &change).await;
        assert_eq!(done, Err(ErrorCode::PolicyNotFound), "{name}");
    }
}
