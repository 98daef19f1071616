//! What is written down of a call, and what is not.

use kms_testkit::LeakCheck;
use serde_json::json;

use crate::world::{KMS, NAME, STS, Way, with_secret};

const CANARY: &str = "canary-value-密-9e41c2d8b6057f3a";

#[tokio::test]
async fn a_call_is_told_with_who_what_and_how() {
    let mut world = with_secret(CANARY).await;
    let read = world.kms("GetSecretValue", &[("SecretName", NAME)]).await;
    let id = read.request_id.clone();
    read.ok();
    let calls = world.audited();
    let mut line = calls.last().unwrap().clone();
    let put = calls[calls.len() - 2].clone();
    let line = line.as_object_mut().unwrap();
    for made_up in ["seq", "mac", "micros", "valueHmac"] {
        assert!(line.remove(made_up).is_some(), "{made_up}");
    }
    assert_eq!(
        *line,
        *json!({
            "time": "2025-01-03T07:59:17.000000000Z",
            "kind": "call",
            "server": "test",
            "requestId": id,
            "principal": "acs:ram::1000000000000001:user/dev",
            "account": "1000000000000001",
            "accessKeyId": world.key.access_key_id.as_str(),
            "source": "0.0.0.0:0",
            "gateway": "shared",
            "tls": false,
            "protocol": "openapi",
            "product": "Kms",
            "action": "GetSecretValue",
            "resources": ["secret/app/db"],
            "version": "v1",
            "code": "OK",
            "status": 200,
            "build": concat!("kms-server/", env!("CARGO_PKG_VERSION")),
        })
        .as_object()
        .unwrap()
    );
    // What was written and what was read is the same, and can be told without a look at it.
    let read = calls.last().unwrap();
    assert_eq!(put["action"], "CreateSecret");
    assert_eq!(put["valueHmac"], read["valueHmac"]);
    assert_eq!(put["valueHmac"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn refusals_are_told_as_far_as_they_came() {
    let mut world = with_secret("x").await;
    world.kms("GetSecretValue", &[("SecretName", "none")]).await;
    let line = world.audited().pop().unwrap();
    assert_eq!(line["code"], "Forbidden.ResourceNotFound");
    assert_eq!(line["resources"], json!(["secret/none"]));
    assert_eq!(line["status"], 404);

    let mut forged = world.sign(Way::V3, KMS, "DescribeSecret", &[("SecretName", NAME)]);
    *forged.uri_mut() = "/?SecretName=other".parse().unwrap();
    world.send(forged).await;
    let line = world.audited().pop().unwrap();
    assert_eq!(line["code"], "SignatureDoesNotMatch");
    assert_eq!(line["action"], "DescribeSecret");
    // Who it claims to be, and neither that it was, nor of what it spoke.
    assert_eq!(line["accessKeyId"], world.key.access_key_id.as_str());
    for absent in ["principal", "account", "resources"] {
        assert!(line.get(absent).is_none(), "{absent}");
    }

    world
        .send(http::Request::new(axum::body::Body::empty()))
        .await;
    let line = world.audited().pop().unwrap();
    assert_eq!(line["status"], 400);
    assert!(line.get("action").is_none());
}

#[tokio::test]
async fn no_value_no_token_and_no_signature_is_in_it() {
    let mut world = with_secret(CANARY).await;
    let mut leaks = LeakCheck::default()
        .with("the value", CANARY.as_bytes())
        .with(
            "the AccessKey",
            world.key.access_key_secret.expose().as_bytes(),
        );
    world
        .kms("GetSecretValue", &[("SecretName", NAME)])
        .await
        .ok();
    let trust = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1000000000000001:root"]}}]}"#;
    let role = [("RoleName", "reader"), ("AssumeRolePolicyDocument", trust)];
    world
        .call(Way::V3, "2015-05-01", "CreateRole", &role)
        .await
        .ok();
    let assume = [
        ("RoleArn", "acs:ram::1000000000000001:role/reader"),
        ("RoleSessionName", "canary"),
    ];
    let session = world.call(Way::V3, STS, "AssumeRole", &assume).await.ok();
    let credentials = &session["Credentials"];
    for name in ["SecurityToken", "AccessKeySecret"] {
        leaks = leaks.with(name, credentials[name].as_str().unwrap().as_bytes());
    }
    world.key = kms_wire::sign::SigningKey {
        access_key_id: credentials["AccessKeyId"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap(),
        access_key_secret: credentials["AccessKeySecret"].as_str().unwrap().into(),
        security_token: Some(credentials["SecurityToken"].as_str().unwrap().into()),
    };
    for way in [Way::V3, Way::V1Query, Way::V1Form] {
        let request = world.sign(way, KMS, "GetSecretValue", &[("SecretName", NAME)]);
        if let Some(authorization) = request.headers().get("authorization") {
            let signature = authorization.to_str().unwrap().rsplit('=').next().unwrap();
            leaks = leaks.with("a signature", signature.as_bytes());
        }
        world.send(request).await;
    }
    // A value where a name belongs, refused as one.
    for wrong in [("SecretName", CANARY), ("VersionId", CANARY)] {
        world.kms("GetSecretValue", &[wrong]).await;
    }
    let log = world.audit_log();
    leaks.assert_clean("the audit log", log.as_bytes());
    let calls = world.audited();
    let issued = calls
        .iter()
        .find(|line| line["action"] == "AssumeRole")
        .unwrap();
    let used = calls
        .iter()
        .find(|line| line.get("tokenHmac").is_some())
        .unwrap();
    assert_eq!(issued["issuedTokenHmac"], used["tokenHmac"]);
    assert_eq!(
        used["principal"],
        "acs:ram::1000000000000001:role/reader/canary"
    );
}
