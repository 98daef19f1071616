use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::{
    Caller, Principal,
    stand::{ACCOUNT, Scheme, Stand, session_key},
};

const ANYONE: &str = r#"{"RAM":["acs:ram::1234567890123456:root"]}"#;

fn expiration(answer: &Value) -> &str {
    answer["Credentials"]["Expiration"].as_str().unwrap()
}

#[tokio::test]
async fn a_session_signs_in_every_scheme_and_knows_who_it_is() {
    let stand = Stand::new().await;
    let role_id = stand.role("app", ANYONE, &[]).await;
    let answer = stand.assume(&stand.caller, "app", &[]).await.unwrap();
    assert_eq!(
        answer["AssumedRoleUser"],
        json!({
            "Arn": "acs:ram::1234567890123456:role/app/me@host",
            "AssumedRoleId": format!("{role_id}:me@host"),
        })
    );
    assert_eq!(expiration(&answer), "2025-01-03T08:59:17Z");
    let key = session_key(&answer);
    assert!(key.access_key_id.as_str().starts_with("STS."));
    for scheme in [Scheme::V1, Scheme::V3, Scheme::V4] {
        let claim = stand.claim(scheme, &key, &format!("{scheme:?}"));
        let principal = stand.service.authenticate(&claim).await.unwrap();
        assert_eq!(
            principal,
            Principal::Role {
                account: ACCOUNT.parse().unwrap(),
                role_id: role_id.clone(),
                role_name: "app".to_owned(),
                session_name: "me@host".to_owned(),
                access_key_id: key.access_key_id.clone(),
                rights: std::sync::Arc::new(crate::Rights::all()),
                policy: None,
            },
            "{scheme:?}"
        );
    }
    let session = stand.session(&answer).await;
    let identity = stand.call_as(&session, "GetCallerIdentity", &[]).await;
    assert_eq!(
        identity.unwrap(),
        json!({
            "IdentityType": "AssumedRoleUser",
            "AccountId": ACCOUNT,
            "PrincipalId": format!("{role_id}:me@host"),
            "UserId": "",
            "RoleId": role_id,
            "Arn": "acs:ram::1234567890123456:role/app/me@host",
        })
    );
    // Two sessions have nothing in common.
    let other = session_key(&stand.assume(&stand.caller, "app", &[]).await.unwrap());
    assert_ne!(other.access_key_id, key.access_key_id);
    assert_ne!(
        other.access_key_secret.expose(),
        key.access_key_secret.expose()
    );
}

#[tokio::test]
async fn a_session_lasts_as_long_as_asked_and_allowed() {
    let stand = Stand::new().await;
    stand.role("short", ANYONE, &[]).await;
    stand
        .role("long", ANYONE, &[("MaxSessionDuration", "43200")])
        .await;
    for (role, seconds, expected) in [
        ("short", "900", Ok("2025-01-03T08:14:17Z")),
        ("short", "3600", Ok("2025-01-03T08:59:17Z")),
        ("short", "3601", Err(ErrorCode::SessionDuration)),
        ("long", "3601", Ok("2025-01-03T08:59:18Z")),
        ("long", "43200", Ok("2025-01-03T19:59:17Z")),
        ("long", "43201", Err(ErrorCode::InvalidParameter)),
        ("long", "899", Err(ErrorCode::InvalidParameter)),
    ] {
        let answer = stand
            .assume(&stand.caller, role, &[("DurationSeconds", seconds)])
            .await;
        let got = answer.as_ref().map(expiration).map_err(|code| *code);
        assert_eq!(got, expected, "{role} {seconds}");
    }
    // From session to session an hour is the most, whatever the role says.
    let session = stand.assume(&stand.caller, "short", &[]).await.unwrap();
    let session = stand.session(&session).await;
    for (seconds, expected) in [
        ("3600", Ok("2025-01-03T08:59:17Z")),
        ("3601", Err(ErrorCode::SessionDuration)),
    ] {
        let answer = stand
            .assume(&session, "long", &[("DurationSeconds", seconds)])
            .await;
        let got = answer.as_ref().map(expiration).map_err(|code| *code);
        assert_eq!(got, expected, "{seconds}");
    }
}

#[tokio::test]
async fn the_trust_policy_says_who() {
    let stand = Stand::new().await;
    let bob = stand.stranger(ACCOUNT, "bob").await;
    let mallory = stand.stranger("9999", "mallory").await;
    stand.role("door", ANYONE, &[]).await;
    let door = stand.assume(&stand.caller, "door", &[]).await.unwrap();
    let door = stand.session(&door).await;
    let who: [(&str, &Caller); 4] = [
        ("alice", &stand.caller),
        ("bob", &bob),
        ("mallory", &mallory),
        ("door", &door),
    ];
    for (role, principal, trusted) in [
        ("everyone", ANYONE, &["alice", "bob", "door"][..]),
        (
            "bobs",
            r#"{"RAM":["acs:ram::1234567890123456:user/bob"]}"#,
            &["bob"],
        ),
        (
            "behind",
            r#"{"RAM":"acs:ram::1234567890123456:role/door"}"#,
            &["door"],
        ),
        ("theirs", r#"{"RAM":["acs:ram::9999:root"]}"#, &["mallory"]),
        (
            "theirs-too",
            r#"{"RAM":["acs:ram::9999:user/mallory","acs:ram::1234567890123456:user/alice"]}"#,
            &["alice", "mallory"],
        ),
        ("machines", r#"{"Service":["ecs.aliyuncs.com"]}"#, &[]),
        (
            "tokens",
            r#"{"Federated":["acs:ram::1234567890123456:oidc-provider/p"]}"#,
            &[],
        ),
    ] {
        stand.role(role, principal, &[]).await;
        for (name, caller) in who {
            let answer = stand.assume(caller, role, &[]).await;
            let expected = if trusted.contains(&name) {
                Ok("2025-01-03T08:59:17Z")
            } else {
                Err(ErrorCode::RamForbidden)
            };
            let got = answer.as_ref().map(expiration).map_err(|code| *code);
            assert_eq!(got, expected, "{name} {role}");
        }
    }
}

#[tokio::test]
async fn conditions_are_looked_at() {
    let stand = Stand::new().await;
    let trust = |condition: &str| {
        format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{ANYONE},"Condition":{condition}}}]}}"#
        )
    };
    for (name, condition) in [
        ("agreed", r#"{"StringEquals":{"sts:ExternalId":["word"]}}"#),
        ("near", r#"{"IpAddress":{"acs:SourceIp":["127.0.0.0/8"]}}"#),
        ("far", r#"{"IpAddress":{"acs:SourceIp":["10.0.0.0/8"]}}"#),
        ("tls", r#"{"Bool":{"acs:SecureTransport":["true"]}}"#),
    ] {
        let params = [
            ("RoleName", name),
            ("AssumeRolePolicyDocument", &trust(condition)),
        ];
        stand.call("CreateRole", &params).await.unwrap();
    }
    let mut over_tls = stand.caller.clone();
    over_tls.secure_transport = true;
    for (caller, role, more, may) in [
        (&stand.caller, "agreed", &[("ExternalId", "word")][..], true),
        (&stand.caller, "agreed", &[("ExternalId", "Word")], false),
        (&stand.caller, "agreed", &[], false),
        (&stand.caller, "near", &[], true),
        (&stand.caller, "far", &[], false),
        (&stand.caller, "tls", &[], false),
        (&over_tls, "tls", &[], true),
    ] {
        let answer = stand.assume(caller, role, more).await;
        assert_eq!(answer.is_ok(), may, "{role} {more:?}");
        if !may {
            assert_eq!(answer, Err(ErrorCode::RamForbidden));
        }
    }
}

#[tokio::test]
async fn nobody_learns_which_roles_others_have() {
    let stand = Stand::new().await;
    stand.role("app", ANYONE, &[]).await;
    let mallory = stand.stranger("9999", "mallory").await;
    let ask = async |caller: &Caller, arn: &str| {
        let params = kms_wire::request::AssumeRole {
            session: kms_wire::request::RoleSession {
                role_arn: arn.to_owned(),
                name: "me".to_owned(),
                duration_seconds: None,
                policy: None,
            },
            external_id: None,
        };
        let call = kms_wire::Request::AssumeRole(params);
        stand.service.call(caller, call).await.unwrap_err()
    };
    let there = ask(&mallory, "acs:ram::1234567890123456:role/app").await;
    assert_eq!(there.code, ErrorCode::RamForbidden);
    for not_there in [
        "acs:ram::1234567890123456:role/none",
        "acs:ram::7777777777777777:role/app",
    ] {
        assert_eq!(ask(&mallory, not_there).await, there, "{not_there}");
    }
    // Its own account may know.
    let own = ask(&stand.caller, "acs:ram::1234567890123456:role/none").await;
    assert_eq!(own.code, ErrorCode::RoleNotFound);
    for bad in [
        "app",
        "acs:ram::1234567890123456:user/alice",
        "acs:ram::x:role/app",
    ] {
        let why = ask(&stand.caller, bad).await;
        assert_eq!(why.code, ErrorCode::RoleArnInvalid, "{bad}");
    }
    let nobody = Caller {
        principal: Principal::Anonymous,
        ..stand.caller.clone()
    };
    assert_eq!(
        ask(&nobody, "acs:ram::1234567890123456:role/app").await,
        there
    );
}

#[tokio::test]
async fn a_session_policy_only_takes_away() {
    let stand = Stand::new().await;
    stand.role("app", ANYONE, &[]).await;
    stand.role("next", ANYONE, &[]).await;
    stand.create("app/one", "1").await;
    stand.create("app/two", "2").await;
    stand.create("other", "3").await;
    let policy = r#"{"Version":"1","Statement":[
        {"Effect":"Allow","Action":["kms:GetSecretValue","kms:ListSecrets"],"Resource":["acs:kms:*:*:secret/app/*"]},
        {"Effect":"Allow","Action":"kms:CreateSecret","Resource":["acs:kms:*:*:secret"]},
        {"Effect":"Deny","Action":"kms:GetSecretValue","Resource":"acs:kms:*:*:secret/app/two"},
        {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"acs:ram:*:*:role/next"}]}"#;
    let narrow = stand
        .assume(&stand.caller, "app", &[("Policy", policy)])
        .await
        .unwrap();
    let narrow = stand.session(&narrow).await;
    let wide = stand.assume(&stand.caller, "app", &[]).await.unwrap();
    let wide = stand.session(&wide).await;
    let new = [
        ("SecretName", "new"),
        ("VersionId", "v1"),
        ("SecretData", "x"),
    ];
    for (action, params, may) in [
        ("GetSecretValue", &[("SecretName", "app/one")][..], true),
        ("GetSecretValue", &[("SecretName", "app/two")], false),
        ("GetSecretValue", &[("SecretName", "other")], false),
        ("DescribeSecret", &[("SecretName", "app/one")], false),
        // Lists and what is not there yet are of all secrets.
        ("ListSecrets", &[], false),
        ("CreateSecret", &new, true),
        ("ListRoles", &[], false),
        ("GetRole", &[("RoleName", "app")], false),
        // Needs no right.
        ("GetCallerIdentity", &[], true),
    ] {
        let answer = stand.call_as(&narrow, action, params).await;
        assert_eq!(answer.is_ok(), may, "{action} {params:?}");
        let denied = match action {
            "ListRoles" | "GetRole" => ErrorCode::RamForbidden,
            _ => ErrorCode::NoPermission,
        };
        if !may {
            assert_eq!(answer, Err(denied), "{action}");
        }
        if action != "CreateSecret" {
            assert!(
                stand.call_as(&wide, action, params).await.is_ok(),
                "{action}"
            );
        }
    }
    assert!(stand.assume(&narrow, "next", &[]).await.is_ok());
    assert_eq!(
        stand.assume(&narrow, "app", &[]).await,
        Err(ErrorCode::RamForbidden)
    );
    // It adds nothing: other accounts' secrets stay theirs.
    let all = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let all = stand
        .assume(&stand.caller, "app", &[("Policy", all)])
        .await
        .unwrap();
    let all = stand.session(&all).await;
    let foreign = [("SecretName", "acs:kms:cn-hangzhou:9999:secret/x")];
    assert_eq!(
        stand.call_as(&all, "GetSecretValue", &foreign).await,
        Err(ErrorCode::NoPermission)
    );
    let own = [("SecretName", "other")];
    assert!(stand.call_as(&all, "GetSecretValue", &own).await.is_ok());
}

#[tokio::test]
async fn conditions_know_a_session_by_its_roles_name() {
    let stand = Stand::new().await;
    stand.role("app", ANYONE, &[]).await;
    for (name, may) in [("app", true), ("ap", false), ("app/*", false)] {
        let policy = format!(
            r#"{{"Version":"1","Statement":{{"Effect":"Allow","Action":"*","Resource":"*",
            "Condition":{{"StringLike":{{"acs:PrincipalARN":"acs:ram:*:*:role/{name}"}}}}}}}}"#
        );
        let session = stand
            .assume(&stand.caller, "app", &[("Policy", &policy)])
            .await
            .unwrap();
        let session = stand.session(&session).await;
        let answer = stand.call_as(&session, "ListSecrets", &[]).await;
        assert_eq!(answer.is_ok(), may, "{name}");
    }
}

#[tokio::test]
async fn a_session_policy_has_to_be_one() {
    let stand = Stand::new().await;
    stand.role("app", ANYONE, &[]).await;
    for bad in [
        "{}",
        "null",
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:root"]}}]}"#,
    ] {
        assert_eq!(
            stand.assume(&stand.caller, "app", &[("Policy", bad)]).await,
            Err(ErrorCode::PolicyGrammar),
            "{bad}"
        );
    }
}
