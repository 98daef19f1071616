//! STS over the wire: temporary credentials in each way to call, and the one call that
//! nobody signs.

use axum::body::Body;
use http::Request;
use kms_types::{Clock, Secret};
use kms_wire::sign::SigningKey;

use crate::world::{Answer, HOST, KMS, NAME, STS, Way, World, with_secret};

const RAM: &str = "2015-05-01";
const IMS: &str = "2019-08-15";
const ROLE: &str = "acs:ram::1000000000000001:role/app";
const PROVIDER: &str = "acs:ram::1000000000000001:oidc-provider/cluster";

/// A world with a secret and a role that its account trusts, and that may do everything.
async fn with_role() -> World {
    let mut world = with_secret("one").await;
    let trust = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1000000000000001:root"]}}]}"#;
    let params = [("RoleName", "app"), ("AssumeRolePolicyDocument", trust)];
    world.call(Way::V3, RAM, "CreateRole", &params).await.ok();
    let policy = [
        ("RoleName", "app"),
        ("PolicyType", "System"),
        ("PolicyName", "AdministratorAccess"),
    ];
    let way = Way::V3;
    world
        .call(way, RAM, "AttachPolicyToRole", &policy)
        .await
        .ok();
    world
}

/// What AssumeRole gives the user.
async fn assume(world: &mut World, way: Way) -> SigningKey {
    let params = [("RoleArn", ROLE), ("RoleSessionName", "me")];
    let answer = world.call(way, STS, "AssumeRole", &params).await;
    assert_eq!(answer.status, 200, "{way:?}: {}", answer.body);
    let answer = answer.json();
    let field = |name: &str| answer["Credentials"][name].as_str().unwrap();
    SigningKey {
        access_key_id: field("AccessKeyId").parse().unwrap(),
        access_key_secret: Secret::from(field("AccessKeySecret")),
        security_token: Some(Secret::from(field("SecurityToken"))),
    }
}

#[tokio::test]
async fn temporary_credentials_read_in_every_way() {
    for way in [Way::V3, Way::V1Query, Way::V1Get, Way::V1Form, Way::V1Split] {
        let mut world = with_role().await;
        let session = assume(&mut world, way).await;
        world.key = session.clone();
        let token = session.security_token.as_ref().unwrap().expose();
        let v1 = [("SecretName", NAME), ("SecurityToken", token.as_str())];
        let params = match way {
            // In a header, by the signer.
            Way::V3 => &v1[..1],
            _ => &v1[..],
        };
        let answer = world.call(way, KMS, "GetSecretValue", params).await;
        assert_eq!(answer.status, 200, "{way:?}: {}", answer.body);
        assert_eq!(answer.json()["SecretData"], "one", "{way:?}");

        world.clock.advance(std::time::Duration::from_hours(1));
        let answer = world.call(way, KMS, "GetSecretValue", params).await;
        let expired = (400, "InvalidSecurityToken.Expired".to_owned());
        assert_eq!(answer.refusal(), expired, "{way:?}");

        world.key.security_token = None;
        let answer = world.call(way, KMS, "GetSecretValue", &v1[..1]).await;
        let missing = (400, "MissingSecurityToken".to_owned());
        assert_eq!(answer.refusal(), missing, "{way:?}");
    }
}

/// As the SDKs send it: nothing of a signature, and all in the query.
async fn unsigned(world: &World, version: &str, action: &str, params: &[(&str, &str)]) -> Answer {
    let timestamp = world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut query = vec![
        ("Action", action),
        ("Version", version),
        ("Format", "JSON"),
        ("Timestamp", &timestamp),
    ];
    query.extend(params);
    let pairs: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{name}={}", value.replace('/', "%2F")))
        .collect();
    let request = Request::get(format!("/?{}", pairs.join("&")))
        .header("host", HOST)
        .body(Body::empty())
        .unwrap();
    world.send(request).await
}

#[tokio::test]
async fn one_call_needs_no_signature() {
    let mut world = with_role().await;
    let params = [
        ("OIDCProviderName", "cluster"),
        ("IssuerUrl", "https://issuer.example"),
        ("ClientIds", "sts.aliyuncs.com"),
    ];
    let made = world
        .call(Way::V3, IMS, "CreateOIDCProvider", &params)
        .await;
    made.ok();
    // Longest that STS takes, and one more.
    for (length, status, code) in [
        (20_000, 401, "AuthenticationFail.OIDCToken.Invalid"),
        (20_001, 400, "InvalidParameter"),
    ] {
        let token = "t".repeat(length);
        let params = [
            ("RoleArn", ROLE),
            ("OIDCProviderArn", PROVIDER),
            ("RoleSessionName", "me"),
            ("OIDCToken", token.as_str()),
        ];
        let answer = unsigned(&world, STS, "AssumeRoleWithOIDC", &params).await;
        assert_eq!(answer.refusal(), (status, code.to_owned()));
        assert!(!answer.body.contains("tttt"));
    }
    // Nothing else goes unsigned.
    let role = [("RoleArn", ROLE), ("RoleSessionName", "me")];
    for (version, action, params) in [
        (STS, "AssumeRole", &role[..]),
        (STS, "GetCallerIdentity", &[]),
        (RAM, "ListRoles", &[]),
        (IMS, "ListOIDCProviders", &[]),
        (KMS, "GetSecretValue", &[("SecretName", NAME)]),
        (KMS, "AssumeRoleWithOIDC", &[]),
    ] {
        let answer = unsigned(&world, version, action, params).await;
        let missing = (400, "MissingParameter".to_owned());
        assert_eq!(answer.refusal(), missing, "{action}");
    }
}
