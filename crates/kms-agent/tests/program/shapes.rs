//! The three answers of seed 002, and Vault's routes, as bytes.

use kms_testkit::{
    FakeKms, Reply,
    agent::{AgentSetup, RunningAgent},
};
use serde_json::{Value, json};

use crate::PROGRAM;

/// The secret of seed 002's samples.
fn agent(response_type: u8, more: &str) -> (FakeKms, RunningAgent) {
    let kms = FakeKms::start().unwrap();
    kms.set("agent-test", Reply::Text(r#"{"k3":"v3"}"#.to_owned()));
    kms.set("bin", Reply::Binary("AAECAw==".to_owned()));
    kms.set("no", Reply::forbidden());
    let setup = AgentSetup::new(PROGRAM, &kms.url())
        .config("Server", &format!("ResponseType = {response_type}"))
        .config("Server", more);
    (kms, setup.start())
}

#[track_caller]
fn body(agent: &RunningAgent, target: &str, status: u16) -> Value {
    let response = agent.get(target);
    assert_eq!(response.status, status, "{target}: {}", response.text());
    assert_eq!(response.header("content-type"), Some("application/json"));
    serde_json::from_slice(&response.body).unwrap()
}

const ROUTES: [&str; 2] = ["/v1/", "/secretsmanager/get?secretId="];

#[test]
fn kms() {
    let (_kms, agent) = agent(0, "");
    for route in ROUTES {
        let mut answer = body(&agent, &format!("{route}agent-test"), 200);
        let id = answer.as_object_mut().unwrap().remove("RequestId").unwrap();
        assert!(id.as_str().unwrap().starts_with("00000000-"));
        assert_eq!(
            answer,
            json!({
                "CreateTime": "2025-01-03T07:59:17Z", "SecretData": "{\"k3\":\"v3\"}",
                "SecretDataType": "text", "SecretName": "agent-test", "SecretType": "Generic",
                "VersionId": "v2", "VersionStages": {"VersionStage": ["ACSCurrent"]}
            })
        );
        let answer = body(&agent, &format!("{route}bin"), 200);
        assert_eq!(answer["SecretData"], "AAECAw==");
        assert_eq!(answer["SecretDataType"], "binary");
        let error = body(&agent, &format!("{route}gone"), 404);
        assert_eq!(error["Code"], "Forbidden.ResourceNotFound");
        assert!(
            error["RequestId"]
                .as_str()
                .unwrap()
                .starts_with("00000000-")
        );
        assert_eq!(
            body(&agent, &format!("{route}no"), 403)["Code"],
            "Forbidden.NoPermission"
        );
    }
    agent.stop_clean();
}

#[test]
fn aws() {
    let (_kms, agent) = agent(1, "");
    for route in ROUTES {
        assert_eq!(
            body(&agent, &format!("{route}agent-test"), 200),
            json!({
                "ARN": "", "Name": "agent-test", "VersionId": "v2",
                "SecretString": "{\"k3\":\"v3\"}", "VersionStages": ["ACSCurrent"],
                "CreatedDate": "2025-01-03T07:59:17Z"
            })
        );
        let answer = body(&agent, &format!("{route}bin"), 200);
        assert_eq!(answer["SecretBinary"], "AAECAw==");
        assert!(answer["SecretString"].is_null());
        let error = body(&agent, &format!("{route}gone"), 404);
        assert_eq!(error["__type"], "ResourceNotFoundException");
        assert!(error["message"].is_string());
    }
    agent.stop_clean();
}

#[test]
fn vault() {
    let (kms, agent) = agent(2, "VaultMounts = { secret = 2, kv = 1 }");
    for target in [
        "/v1/agent-test",
        "/v1/kv/agent-test",
        "/v1/secret/agent-test",
        "/secretsmanager/get?secretId=agent-test",
    ] {
        let mut answer = body(&agent, target, 200);
        answer
            .as_object_mut()
            .unwrap()
            .remove("request_id")
            .unwrap();
        assert_eq!(
            answer,
            json!({
                "lease_id": "", "renewable": false, "lease_duration": 300,
                "data": {"k3": "v3"}, "wrap_info": null, "warnings": null, "auth": null
            }),
            "{target}"
        );
    }
    let answer = body(&agent, "/v1/secret/data/agent-test", 200);
    assert_eq!(answer["data"]["data"], json!({"k3": "v3"}));
    assert_eq!(answer["data"]["metadata"]["version"], 2);
    assert_eq!(
        kms.calls_of("agent-test"),
        1,
        "one secret, however it is named"
    );
    assert_eq!(
        body(&agent, "/v1/bin", 200)["data"],
        json!({"value": "AAECAw=="})
    );
    assert_eq!(body(&agent, "/v1/gone", 404), json!({"errors": []}));
    let error = body(&agent, "/v1/no", 403);
    assert!(
        error["errors"][0]
            .as_str()
            .unwrap()
            .starts_with("Forbidden.NoPermission")
    );
    agent.stop_clean();
}

#[test]
fn vaults_own_routes_ask_nobody() {
    let (kms, agent) = agent(2, "VaultMounts = { secret = 2, kv = 1 }");
    let calls = kms.calls().len();
    let own = body(&agent, "/v1/auth/token/lookup-self", 200);
    assert_eq!(own["data"]["id"], "agent", "never the token");
    assert_eq!(own["data"]["renewable"], false);
    let mount = body(&agent, "/v1/sys/internal/ui/mounts/secret/agent-test", 200);
    assert_eq!(mount["data"]["path"], "secret/");
    assert_eq!(mount["data"]["options"]["version"], "2");
    body(&agent, "/v1/sys/internal/ui/mounts/other", 403);
    let mounts = body(&agent, "/v1/sys/internal/ui/mounts", 200);
    assert_eq!(mounts["data"]["secret"]["kv/"]["options"]["version"], "1");
    assert_eq!(body(&agent, "/v1/sys/health", 200)["sealed"], false);
    body(&agent, "/v1/auth/token/lookup", 404);
    body(&agent, "/v1/sys/policies", 404);
    assert_eq!(
        body(&agent, "/v1/secret/metadata?list=true", 405)["errors"],
        json!(["list: list is not supported"])
    );
    // Probes for clients that have no token yet.
    let anonymous = b"GET /v1/sys/health HTTP/1.1\r\nHost: localhost\r\nX-Vault-Namespace:\r\n\r\n";
    assert_eq!(agent.send(anonymous, 1, false).statuses(), [200]);
    let anonymous = b"GET /v1/auth/token/lookup-self HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_eq!(agent.send(anonymous, 1, false).statuses(), [403]);
    for (method, target, status) in [
        ("POST", "/v1/auth/token/renew-self", 400),
        ("PUT", "/v1/auth/token/revoke-self", 204),
        ("HEAD", "/v1/sys/health", 200),
        ("POST", "/v1/secret/data/agent-test", 405),
        ("LIST", "/v1/secret/metadata", 405),
        ("DELETE", "/v1/agent-test", 405),
    ] {
        let request = agent.request(target).replacen("GET", method, 1);
        let exchange = agent.send(request.as_bytes(), 1, false);
        assert_eq!(exchange.statuses(), [status], "{method} {target}");
    }
    assert_eq!(kms.calls().len(), calls);
    agent.stop_clean();
}

#[test]
fn only_with_response_type_2_are_vaults_routes_special() {
    for response_type in [0, 1] {
        let (kms, agent) = agent(response_type, "");
        body(&agent, "/v1/sys/health", 404);
        body(&agent, "/v1/auth/token/lookup-self", 404);
        assert_eq!(kms.calls_of("sys/health"), 1, "a secret like any other");
        agent.stop_clean();
    }
}
