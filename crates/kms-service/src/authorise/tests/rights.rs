//! Whose policies are asked: those that are attached now, with those of the groups.

use super::*;
use crate::stand::{document, session_key};

const READ: [(&str, &str); 1] = [("SecretName", "app/db")];

async fn stand() -> Stand {
    let stand = Stand::new().await;
    stand.create("app/db", "value").await;
    stand
}

/// What comes of reading the secret with the key, now.
async fn read(stand: &Stand, key: &kms_wire::sign::SigningKey) -> Option<ErrorCode> {
    let caller = stand.come_in(key).await;
    let done = stand.call_as(&caller, "GetSecretValue", &READ).await;
    done.err()
}

#[tokio::test]
async fn what_nobody_allows_is_denied_with_each_products_own_code() {
    let stand = stand().await;
    let key = stand.person("bob", &[]).await;
    let caller = stand.come_in(&key).await;
    for action in Action::ALL {
        let code = code(&stand, &caller, *action).await;
        let expected = match (action, action.product()) {
            // Need no right, but the last, which says so of each secret.
            (
                Action::GetCallerIdentity | Action::DescribeRegions | Action::BatchGetSecretValue,
                _,
            ) => None,
            // Its token is the proof.
            (Action::AssumeRoleWithOIDC, _) => continue,
            (_, Product::Kms) => Some(ErrorCode::NoPermission),
            _ => Some(ErrorCode::RamForbidden),
        };
        if code != Some(ErrorCode::UnsupportedOperation) {
            assert_eq!(code, expected, "{action:?}");
        }
    }
    let error = stand
        .service
        .call(&caller, request(Action::ListUsers))
        .await;
    let error = error.unwrap_err();
    assert_eq!(error.code.as_str(), "NoPermission");
    assert!(error.message.ends_with("acs:ram::1234567890123456:user/*."));
    let list = request(Action::ListSecrets);
    let error = stand.service.call(&caller, list).await.unwrap_err();
    assert_eq!(error.code.as_str(), "Forbidden.NoPermission");
    let on = " for acs:kms:cn-hangzhou:1234567890123456:secret is ";
    assert!(error.message.contains(on), "{}", error.message);
}

#[tokio::test]
async fn a_group_gives_and_takes_and_a_denial_wins() {
    let stand = stand().await;
    let (denied, admin) = (Some(ErrorCode::NoPermission), &stand.caller);
    let key = stand.person("bob", &[]).await;
    for name in ["readers", "banned"] {
        let group = [("GroupName", name)];
        stand.call("CreateGroup", &group).await.unwrap();
    }
    let allow = document("Allow", "kms:GetSecretValue", "*");
    stand
        .grant(admin, ("Group", "readers"), "read", &allow)
        .await;
    let deny = document("Deny", "kms:*", "acs:kms:*:*:secret/app/*");
    stand.grant(admin, ("Group", "banned"), "ban", &deny).await;
    assert_eq!(read(&stand, &key).await, denied);
    for (action, group, expected) in [
        ("AddUserToGroup", "readers", None),
        ("AddUserToGroup", "banned", denied),
        ("RemoveUserFromGroup", "banned", None),
        ("RemoveUserFromGroup", "readers", denied),
    ] {
        let params = [("UserName", "bob"), ("GroupName", group)];
        stand.call(action, &params).await.unwrap();
        assert_eq!(read(&stand, &key).await, expected, "{action} {group}");
    }
}

#[tokio::test]
async fn the_default_version_counts_from_its_first_call_on() {
    let stand = stand().await;
    let denied = Some(ErrorCode::NoPermission);
    let allow = document("Allow", "kms:GetSecretValue", "*");
    let key = stand.person("bob", &[&allow]).await;
    assert_eq!(read(&stand, &key).await, None);
    let none = document("Allow", "kms:PutSecretValue", "*");
    let version = [("PolicyName", "bob-0"), ("PolicyDocument", &none)];
    stand.call("CreatePolicyVersion", &version).await.unwrap();
    assert_eq!(read(&stand, &key).await, None);
    for (version, expected) in [("v2", denied), ("v1", None)] {
        let default = [("PolicyName", "bob-0"), ("VersionId", version)];
        let set = stand.call("SetDefaultPolicyVersion", &default).await;
        set.unwrap();
        assert_eq!(read(&stand, &key).await, expected, "{version}");
    }
    let policy = [
        ("UserName", "bob"),
        ("PolicyType", "Custom"),
        ("PolicyName", "bob-0"),
    ];
    stand.call("DetachPolicyFromUser", &policy).await.unwrap();
    assert_eq!(read(&stand, &key).await, denied);
}

#[tokio::test]
async fn a_session_has_its_roles_rights_and_not_its_openers() {
    let stand = stand().await;
    let trust = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}"#;
    let role = [("RoleName", "app"), ("AssumeRolePolicyDocument", trust)];
    stand.call("CreateRole", &role).await.unwrap();
    let opened = stand.assume(&stand.caller, "app", &[]).await.unwrap();
    let key = session_key(&opened);
    assert_eq!(read(&stand, &key).await, Some(ErrorCode::NoPermission));
    let allow = document("Allow", "kms:GetSecretValue", "*");
    stand
        .grant(&stand.caller, ("Role", "app"), "read", &allow)
        .await;
    assert_eq!(read(&stand, &key).await, None);
    // Sessions of a role do not have each other's policies either.
    let put = [
        ("SecretName", "app/db"),
        ("VersionId", "v2"),
        ("SecretData", "x"),
    ];
    let caller = stand.come_in(&key).await;
    let done = stand.call_as(&caller, "PutSecretValue", &put).await;
    assert_eq!(done, Err(ErrorCode::NoPermission));
}

#[tokio::test]
async fn a_role_is_assumed_with_a_right_to_and_with_its_trust() {
    let stand = stand().await;
    let everybody = r#"{"RAM":["acs:ram::1234567890123456:root"]}"#;
    stand.role("open", everybody, &[]).await;
    stand
        .role("closed", r#"{"Service":["ecs.aliyuncs.com"]}"#, &[])
        .await;
    let allow = document("Allow", "sts:AssumeRole", "acs:ram:*:*:role/open");
    let able = stand.person("able", &[&allow]).await;
    let able = stand.come_in(&able).await;
    let unable = stand.person("unable", &[]).await;
    let unable = stand.come_in(&unable).await;
    let no = Some(ErrorCode::RamForbidden);
    for (caller, role, expected) in [
        (&able, "open", None),
        (&able, "closed", no),
        (&unable, "open", no),
        (&unable, "closed", no),
    ] {
        let done = stand.assume(caller, role, &[]).await;
        assert_eq!(done.err(), expected, "{role}");
    }
}

#[tokio::test]
async fn system_policies_allow_what_they_are_called() {
    let stand = stand().await;
    let new = [
        ("SecretName", "new"),
        ("VersionId", "v1"),
        ("SecretData", "x"),
    ];
    let calls: [(&str, &[(&str, &str)]); 8] = [
        ("ListSecrets", &[]),
        ("DescribeSecret", &READ),
        ("GetSecretValue", &READ),
        ("CreateSecret", &new),
        ("GetRandomPassword", &[]),
        ("ListUsers", &[]),
        ("GetUser", &[("UserName", "alice")]),
        ("CreateGroup", &[("GroupName", "g")]),
    ];
    for (policy, may) in [
        ("AliyunKMSFullAccess", &[0, 1, 2, 3, 4][..]),
        ("AliyunKMSSecretAdminAccess", &[0, 1, 2, 3, 4]),
        ("AliyunKMSSecretUserAccess", &[1, 2]),
        ("AliyunKMSReadOnlyAccess", &[0, 1]),
        ("AliyunKMSCryptoAdminAccess", &[]),
        ("AliyunKMSCryptoUserAccess", &[]),
        ("AliyunRAMReadOnlyAccess", &[5, 6]),
        ("AliyunSTSAssumeRoleAccess", &[]),
        ("AdministratorAccess", &[0, 1, 2, 3, 4, 5, 6, 7]),
    ] {
        let key = stand.person(policy, &[]).await;
        let attached = [
            ("UserName", policy),
            ("PolicyType", "System"),
            ("PolicyName", policy),
        ];
        stand.call("AttachPolicyToUser", &attached).await.unwrap();
        let caller = stand.come_in(&key).await;
        for (number, (action, params)) in calls.iter().enumerate() {
            let done = stand.call_as(&caller, action, params).await;
            let is_denied = matches!(done, Err(ErrorCode::NoPermission | ErrorCode::RamForbidden));
            assert_eq!(!is_denied, may.contains(&number), "{policy} {action}");
        }
        if policy == "AliyunKMSFullAccess" || policy == "AliyunKMSSecretAdminAccess" {
            let gone = [
                ("SecretName", "new"),
                ("ForceDeleteWithoutRecovery", "true"),
            ];
            stand.call("DeleteSecret", &gone).await.unwrap();
        }
    }
}

#[tokio::test]
async fn conditions_look_at_where_when_and_how() {
    let stand = stand().await;
    for (number, (condition, near, far, later, over_tls)) in [
        (
            r#"{"IpAddress":{"acs:SourceIp":"127.0.0.0/8"}}"#,
            true,
            false,
            true,
            true,
        ),
        (
            r#"{"NotIpAddress":{"acs:SourceIp":["127.0.0.1"]}}"#,
            false,
            true,
            false,
            false,
        ),
        (
            r#"{"Bool":{"acs:SecureTransport":"true"}}"#,
            false,
            false,
            false,
            true,
        ),
        (
            r#"{"DateLessThan":{"acs:CurrentTime":"2025-01-03T16:00:00+08:00"}}"#,
            true,
            true,
            false,
            true,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let policy = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{condition}}}]}}"#
        );
        let key = stand.person(&format!("user-{number}"), &[&policy]).await;
        let caller = stand.come_in(&key).await;
        let away = Caller {
            source: "192.0.2.7".parse().unwrap(),
            ..caller.clone()
        };
        let tls = Caller {
            secure_transport: true,
            ..caller.clone()
        };
        let may = async |caller: &Caller| {
            let done = stand.call_as(caller, "GetSecretValue", &READ).await;
            done.is_ok()
        };
        assert_eq!(may(&caller).await, near, "{condition}");
        assert_eq!(may(&away).await, far, "{condition}");
        assert_eq!(may(&tls).await, over_tls, "{condition}");
        let start = kms_types::Clock::now(&stand.clock);
        stand.pass(60);
        assert_eq!(may(&caller).await, later, "{condition}");
        stand.clock.jump_to(start);
    }
}

#[tokio::test]
async fn conditions_look_at_tags() {
    let stand = Stand::new().await;
    let tagged = |name, tags| {
        [
            ("SecretName", name),
            ("VersionId", "v1"),
            ("SecretData", "x"),
            ("Tags", tags),
        ]
    };
    let ours = r#"[{"TagKey":"team","TagValue":"blue"}]"#;
    let theirs = r#"[{"TagKey":"team","TagValue":"red"},{"TagKey":"Team","TagValue":"blue"}]"#;
    for (name, tags) in [("ours", ours), ("theirs", theirs)] {
        stand
            .call("CreateSecret", &tagged(name, tags))
            .await
            .unwrap();
    }
    stand.create("bare", "x").await;
    for (number, key) in ["kms:tag/team", "KMS:Tag/team", "acs:ResourceTag/team"]
        .into_iter()
        .enumerate()
    {
        let policy = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{{"StringEquals":{{"{key}":"blue"}}}}}}]}}"#
        );
        let user = stand.person(&format!("user-{number}"), &[&policy]).await;
        let caller = stand.come_in(&user).await;
        for (name, may) in [("ours", true), ("theirs", false), ("bare", false)] {
            let read = [("SecretName", name)];
            let done = stand.call_as(&caller, "GetSecretValue", &read).await;
            assert_eq!(done.is_ok(), may, "{key} {name}");
        }
    }
    let policy = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:CreateSecret","Resource":"*","Condition":{"StringEquals":{"acs:RequestTag/team":"blue"}}}]}"#;
    let user = stand.person("maker", &[policy]).await;
    let caller = stand.come_in(&user).await;
    for (name, tags, may) in [
        ("one", ours, true),
        ("two", theirs, false),
        ("three", "[]", false),
    ] {
        let params = tagged(name, tags);
        let done = stand.call_as(&caller, "CreateSecret", &params).await;
        assert_eq!(done.is_ok(), may, "{tags}");
    }
}

/// No call comes out of a VPC here, and policies that look at that say so of each call.
#[tokio::test]
async fn who_must_come_from_a_vpc_is_not_let_in() {
    let stand = stand().await;
    let statement = |effect: &str, operator: &str| {
        format!(
            r#"{{"Effect":"{effect}","Action":"kms:*","Resource":"*","Condition":{{"{operator}":{{"acs:SourceVpc":"vpc-1"}}}}}}"#
        )
    };
    let all = r#"{"Effect":"Allow","Action":"kms:*","Resource":"*"}"#;
    let denied = Some(ErrorCode::NoPermission);
    for (name, statements, expected) in [
        ("inside", vec![statement("Allow", "StringEquals")], denied),
        ("outside", vec![statement("Allow", "StringNotEquals")], None),
        (
            "fenced",
            vec![all.to_owned(), statement("Deny", "StringNotEquals")],
            denied,
        ),
        (
            "kept-out",
            vec![all.to_owned(), statement("Deny", "StringEquals")],
            None,
        ),
    ] {
        let text = statements.join(",");
        let text = format!(r#"{{"Version":"1","Statement":[{text}]}}"#);
        let key = stand.person(name, &[&text]).await;
        assert_eq!(read(&stand, &key).await, expected, "{name}");
    }
}
