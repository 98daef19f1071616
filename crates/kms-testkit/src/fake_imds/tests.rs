use serde_json::Value;

use super::{FakeImds, ImdsMode, RoleCredentials};
use crate::{Exchange, RawResponse};

fn start() -> FakeImds {
    let credentials = RoleCredentials {
        access_key_id: "STS.id".to_owned(),
        security_token: "token".to_owned(),
        ..RoleCredentials::default()
    };
    FakeImds::start("EcsRole", credentials).unwrap()
}

/// A request line, and after ` + ` a header.
fn ask(imds: &FakeImds, request: &str) -> RawResponse {
    let (line, header) = request.split_once(" + ").unwrap_or((request, "a: b"));
    let request = format!("{line} HTTP/1.1\r\nhost: x\r\n{header}\r\n\r\n");
    let mut exchange = Exchange::run(imds.address, request.as_bytes(), 1, false).unwrap();
    exchange.responses.remove(0)
}

#[test]
fn a_token_opens_the_way_to_the_roles_credentials() {
    let imds = start();
    imds.set_mode(ImdsMode::OnlyVersion2);
    let roles = "GET /latest/meta-data/ram/security-credentials/";
    assert_eq!(ask(&imds, roles).status, 403);
    let token = ask(
        &imds,
        "PUT /latest/api/token + X-aliyun-ecs-metadata-token-ttl-seconds: 21600",
    );
    let with = format!(" + X-aliyun-ecs-metadata-token: {}", token.text());
    assert_eq!(ask(&imds, &format!("{roles}{with}")).text(), "EcsRole");
    let answer = ask(&imds, &format!("{roles}EcsRole{with}"));
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer["Code"], "Success");
    assert_eq!(answer["AccessKeyId"], "STS.id");
    assert_eq!(imds.handed_out(), 1);
    assert_eq!(ask(&imds, &format!("{roles}Other{with}")).status, 404);
    assert_eq!(
        ask(&imds, &format!("{roles} + X-aliyun-ecs-metadata-token: no")).status,
        403
    );
}

#[test]
fn a_token_needs_a_put_and_a_life() {
    let imds = start();
    for request in [
        "GET /latest/api/token + X-aliyun-ecs-metadata-token-ttl-seconds: 60",
        "PUT /latest/api/token",
        "PUT /latest/api/token + X-aliyun-ecs-metadata-token-ttl-seconds: 21601",
    ] {
        assert_eq!(ask(&imds, request).status, 400, "{request}");
    }
}

#[test]
fn the_first_version_and_the_fall() {
    let imds = start();
    imds.set_mode(ImdsMode::OnlyVersion1);
    let token = "PUT /latest/api/token + X-aliyun-ecs-metadata-token-ttl-seconds: 60";
    assert_eq!(ask(&imds, token).status, 404);
    let role = "GET /latest/meta-data/ram/security-credentials/EcsRole";
    assert_eq!(ask(&imds, role).status, 200);
    imds.set_down(true);
    assert_eq!(ask(&imds, role).status, 503);
}
