use kms_types::Secret;
use kms_wire::request::RoleSession;
use serde::Deserialize;
use serde_json::{Value, json};

use super::*;
use crate::{
    KeySet, Principal,
    stand::{ACCOUNT, Stand, session_key},
};

mod leaks;
mod rights;

const JWKS: &str = include_str!("../../../tests/oidc/jwks.json");
const PROVIDER: &str = "acs:ram::1234567890123456:oidc-provider/c1";
const ROLE: &str = "acs:ram::1234567890123456:role/pod";
const TRUSTED: &str = r#"{"Federated":["acs:ram::1234567890123456:oidc-provider/c1"]}"#;

/// The file `tests/oidc/cases.json`.
#[derive(Deserialize)]
struct Golden {
    now: Moment,
    issuer: String,
    clients: Vec<String>,
    subject: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    token: String,
    answer: String,
    #[serde(default)]
    later: i64,
}

/// A moment as text.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Moment(Timestamp);

impl TryFrom<String> for Moment {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, jiff::Error> {
        text.parse().map(Self)
    }
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("../../../tests/oidc/cases.json")).unwrap()
}

/// A stand with the provider of the golden cases, and a role that trusts it.
async fn stand(golden: &Golden) -> Stand {
    let stand = Stand::new().await;
    let clients = golden.clients.join(",");
    let provider = [
        ("OIDCProviderName", "c1"),
        ("IssuerUrl", golden.issuer.as_str()),
        ("ClientIds", clients.as_str()),
    ];
    stand.call("CreateOIDCProvider", &provider).await.unwrap();
    stand.role("pod", TRUSTED, &[]).await;
    stand
        .issuers
        .say(&golden.issuer, Ok(KeySet::parse(JWKS.as_bytes()).unwrap()));
    stand
}

fn wish(role_arn: &str, provider_arn: &str, token: &str) -> AssumeRoleWithOIDC {
    AssumeRoleWithOIDC {
        session: RoleSession {
            role_arn: role_arn.to_owned(),
            name: "pod-1".to_owned(),
            duration_seconds: None,
            policy: None,
        },
        oidc_provider_arn: provider_arn.to_owned(),
        oidc_token: Secret::from(token),
    }
}

/// What somebody unknown gets for it.
async fn exchange(stand: &Stand, wish: AssumeRoleWithOIDC) -> Result<Value, ApiError> {
    let nobody = Caller {
        principal: Principal::Anonymous,
        ..stand.caller.clone()
    };
    let call = kms_wire::Request::AssumeRoleWithOIDC(wish);
    let answer = stand.service.call(&nobody, call).await?;
    Ok(serde_json::to_value(answer).unwrap())
}

fn good(golden: &Golden) -> &str {
    let case = golden.cases.iter().find(|case| case.answer == "ok");
    &case.unwrap().token
}

#[tokio::test]
async fn tokens_are_believed_or_not_as_the_cases_say() {
    let golden = golden();
    let stand = stand(&golden).await;
    let mut wrong = Vec::new();
    for case in &golden.cases {
        let at = golden.now.0 + SignedDuration::from_secs(case.later);
        stand.clock.jump_to(at);
        let answer = exchange(&stand, wish(ROLE, PROVIDER, &case.token)).await;
        let got = match &answer {
            Ok(answer) => {
                assert_eq!(answer["OIDCTokenInfo"]["Subject"], golden.subject);
                "ok"
            }
            Err(why) => {
                let shown = format!("{why} {why:?}");
                for part in case.token.split('.').filter(|part| part.len() > 6) {
                    assert!(!shown.contains(part), "{}", case.name);
                }
                why.code.as_str()
            }
        };
        if got != case.answer {
            wrong.push(format!("{}: {got} for {}", case.name, case.answer));
        }
    }
    assert!(golden.cases.len() > 140);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_token_opens_a_session() {
    let golden = golden();
    let stand = stand(&golden).await;
    let answer = exchange(&stand, wish(ROLE, PROVIDER, good(&golden))).await;
    let answer = answer.unwrap();
    assert_eq!(
        answer["OIDCTokenInfo"],
        json!({
            "Subject": "system:serviceaccount:default:app",
            "Issuer": "https://issuer.example/c1",
            "ClientIds": "sts.aliyuncs.com",
            "ExpirationTime": "2025-01-03T08:58:17Z",
            "IssuanceTime": "2025-01-03T07:58:17Z",
            "VerificationInfo": "Success",
        })
    );
    assert_eq!(
        answer["AssumedRoleUser"]["Arn"],
        "acs:ram::1234567890123456:role/pod/pod-1"
    );
    assert_eq!(answer["Credentials"]["Expiration"], "2025-01-03T08:59:17Z");
    stand.create("app/db", "value").await;
    let session = stand.session(&answer).await;
    let read = stand
        .call_as(&session, "GetSecretValue", &[("SecretName", "app/db")])
        .await;
    assert_eq!(read.unwrap()["SecretData"], "value");

    // The session is the role's, not the provider's.
    let name = [("OIDCProviderName", "c1")];
    stand.call("DeleteOIDCProvider", &name).await.unwrap();
    stand.session(&answer).await;
    let refused = exchange(&stand, wish(ROLE, PROVIDER, good(&golden))).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::OidcForbidden);
}

#[tokio::test]
async fn duration_and_session_policy_are_as_in_assume_role() {
    let golden = golden();
    let stand = stand(&golden).await;
    let mut long = wish(ROLE, PROVIDER, good(&golden));
    long.session.duration_seconds = Some(3_601);
    let refused = exchange(&stand, long).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SessionDuration);

    let mut narrow = wish(ROLE, PROVIDER, good(&golden));
    narrow.session.duration_seconds = Some(900);
    narrow.session.policy = Some(
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:ListSecrets","Resource":"*"}]}"#
            .to_owned(),
    );
    let answer = exchange(&stand, narrow).await.unwrap();
    assert_eq!(answer["Credentials"]["Expiration"], "2025-01-03T08:14:17Z");
    let key = session_key(&answer);
    let session = stand.session(&answer).await;
    assert_eq!(session.principal.access_key_id(), Some(&key.access_key_id));
    assert!(stand.call_as(&session, "ListSecrets", &[]).await.is_ok());
    assert_eq!(
        stand.call_as(&session, "ListRoles", &[]).await,
        Err(ErrorCode::RamForbidden)
    );
}

#[tokio::test]
async fn the_trust_policy_looks_at_issuer_audience_and_subject() {
    let golden = golden();
    let stand = stand(&golden).await;
    let two_clients = golden
        .cases
        .iter()
        .find(|case| case.name == "one of two clients");
    let two_clients = &two_clients.unwrap().token;
    for (condition, one, two) in [
        (
            r#"{"StringEquals":{"oidc:sub":"system:serviceaccount:default:app"}}"#,
            true,
            true,
        ),
        (
            r#"{"StringEquals":{"oidc:sub":"system:serviceaccount:default:other"}}"#,
            false,
            false,
        ),
        (
            r#"{"StringLike":{"oidc:sub":"system:serviceaccount:default:*"}}"#,
            true,
            true,
        ),
        (
            r#"{"StringLike":{"oidc:sub":"system:serviceaccount:kube-system:*"}}"#,
            false,
            false,
        ),
        (
            r#"{"StringEquals":{"oidc:iss":"https://issuer.example/c1"}}"#,
            true,
            true,
        ),
        (
            r#"{"StringEquals":{"oidc:iss":"https://issuer.example/c2"}}"#,
            false,
            false,
        ),
        (
            r#"{"StringEquals":{"oidc:aud":"sts.aliyuncs.com"}}"#,
            true,
            false,
        ),
        (
            r#"{"StringEquals":{"oidc:aud":["sts.aliyuncs.com","app"]}}"#,
            true,
            true,
        ),
        // Of a token's audience, the provider's clients alone count.
        (r#"{"StringEquals":{"oidc:aud":"someone"}}"#, false, false),
        (r#"{"IpAddress":{"acs:SourceIp":"127.0.0.1"}}"#, true, true),
        (
            r#"{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}"#,
            false,
            false,
        ),
        (
            r#"{"StringEquals":{"oidc:sub":"system:serviceaccount:default:app","oidc:aud":"app"}}"#,
            false,
            true,
        ),
    ] {
        let trust = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{TRUSTED},"Condition":{condition}}}]}}"#
        );
        let params = [("RoleName", "pod"), ("NewAssumeRolePolicyDocument", &trust)];
        stand.call("UpdateRole", &params).await.unwrap();
        for (token, may) in [(good(&golden), one), (two_clients, two)] {
            let answer = exchange(&stand, wish(ROLE, PROVIDER, token)).await;
            let code = answer.map(drop).map_err(|why| why.code);
            let expected = if may {
                Ok(())
            } else {
                Err(ErrorCode::OidcForbidden)
            };
            assert_eq!(code, expected, "{condition} {token}");
        }
    }
}

#[tokio::test]
async fn nobody_learns_which_roles_there_are() {
    let golden = golden();
    let stand = stand(&golden).await;
    let users = r#"{"RAM":["acs:ram::1234567890123456:root"]}"#;
    stand.role("users", users, &[]).await;
    let others = TRUSTED.replace("/c1", "/c2");
    stand.role("others", &others, &[]).await;
    let ask = async |role: &str| {
        let arn = format!("acs:ram::{ACCOUNT}:role/{role}");
        exchange(&stand, wish(&arn, PROVIDER, good(&golden))).await
    };
    let refused = ask("none").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::OidcForbidden);
    for role in ["users", "others"] {
        assert_eq!(ask(role).await, Err(refused.clone()), "{role}");
    }
    // Without a token that is right nobody gets as far as the role.
    let forged = golden.cases.iter().find(|case| case.name == "another key");
    for role in [ROLE, "acs:ram::1234567890123456:role/none"] {
        let answer = exchange(&stand, wish(role, PROVIDER, &forged.unwrap().token)).await;
        assert_eq!(answer.unwrap_err().code, ErrorCode::OidcSignature);
    }
}

#[tokio::test]
async fn arns_have_to_be_some() {
    let golden = golden();
    let stand = stand(&golden).await;
    for (role, provider, code) in [
        ("pod", PROVIDER, ErrorCode::RoleArnInvalid),
        (ROLE, "c1", ErrorCode::OidcProviderArnInvalid),
        (ROLE, ROLE, ErrorCode::OidcProviderArnInvalid),
        (
            ROLE,
            "acs:ram::1234567890123456:oidc-provider/c2",
            ErrorCode::OidcForbidden,
        ),
        (
            ROLE,
            "acs:ram::9999:oidc-provider/c1",
            ErrorCode::OidcForbidden,
        ),
    ] {
        let answer = exchange(&stand, wish(role, provider, good(&golden))).await;
        assert_eq!(answer.unwrap_err().code, code, "{role} {provider}");
    }
    assert_eq!(stand.issuers.asked(&golden.issuer), 0);
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_is_no_proof() {
    let golden = golden();
    let stand = stand(&golden).await;
    for (why, code) in [
        (
            IssuerError::Unreachable("connection refused by db.internal".to_owned()),
            ErrorCode::OidcIssuerUnreachable,
        ),
        (IssuerError::Fingerprint, ErrorCode::OidcFingerprint),
        (
            IssuerError::Answer("no key set".to_owned()),
            ErrorCode::OidcIssuerUnreachable,
        ),
    ] {
        stand.issuers.say(&golden.issuer, Err(why));
        stand.pass(11);
        let answer = exchange(&stand, wish(ROLE, PROVIDER, good(&golden))).await;
        let refused = answer.unwrap_err();
        assert_eq!(refused.code, code);
        assert!(!refused.message.contains("internal"));
    }
    // Tokens that say another issuer do not make anybody ask.
    let asked = stand.issuers.asked(&golden.issuer);
    let foreign = golden
        .cases
        .iter()
        .find(|case| case.name == "another issuer");
    stand.pass(11);
    let answer = exchange(&stand, wish(ROLE, PROVIDER, &foreign.unwrap().token)).await;
    assert_eq!(answer.unwrap_err().code, ErrorCode::OidcInvalid);
    assert_eq!(stand.issuers.asked(&golden.issuer), asked);
}
