//! The real program under each identity in turn, and through an expiry of each.

use std::{fs, path::Path};

use jiff::{SignedDuration, Timestamp};
use kms_testkit::{
    Call, FakeImds, FakeKms, LOCAL_NAMES, Reply, RoleCredentials, TestCa,
    agent::{AgentSetup, RunningAgent, VALUE},
};

use crate::{PROGRAM, eventually};

const SECRET: &str = "canary-role-secret-7d1f";
const KEYS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../kms-credentials/tests/client_key"
);

/// An agent that asks KMS each time, without an AccessKey in its environment.
fn setup(kms: &FakeKms) -> AgentSetup {
    kms.set("foo", Reply::Text(VALUE.to_owned()));
    AgentSetup::new(PROGRAM, &kms.url())
        .config("Cache", "TtlSeconds = 0")
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", None)
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", None)
}

#[track_caller]
fn read(agent: &RunningAgent) {
    let response = agent.get("/v1/foo");
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(response.header("x-cache"), Some("MISS"));
}

/// Who made the last call for `foo`.
fn caller(kms: &FakeKms) -> Call {
    let calls = kms.calls();
    calls
        .iter()
        .rfind(|call| call.secret == "foo")
        .unwrap()
        .clone()
}

#[track_caller]
fn read_as(agent: &RunningAgent, kms: &FakeKms, access_key_id: &str, token: Option<&str>) {
    read(agent);
    let caller = caller(kms);
    assert_eq!(caller.access_key_id.as_deref(), Some(access_key_id));
    assert_eq!(caller.security_token.as_deref(), token);
}

#[track_caller]
fn ends_clean(agent: RunningAgent) {
    let ended = agent.stop_clean();
    let all = format!("{}{}", ended.output, ended.log());
    assert!(!all.contains("canary-role"), "{all}");
}

fn in_seconds(seconds: i64) -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the real program has the real time"
    )]
    let now = Timestamp::now();
    let moment = now + SignedDuration::from_secs(seconds);
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn role(name: &str, seconds: i64) -> RoleCredentials {
    RoleCredentials {
        access_key_id: format!("STS.{name}"),
        access_key_secret: SECRET.to_owned(),
        security_token: format!("canary-role-token-{name}"),
        expiration: in_seconds(seconds),
    }
}

/// What STS answers with.
fn assumed(name: &str, seconds: i64) -> Reply {
    let role = role(name, seconds);
    let body = serde_json::json!({
        "Credentials": {
            "AccessKeyId": role.access_key_id,
            "AccessKeySecret": role.access_key_secret,
            "SecurityToken": role.security_token,
            "Expiration": role.expiration,
        },
        "RequestId": "1",
    });
    Reply::Body(200, body.to_string().into_bytes())
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

#[test]
fn the_environment_with_an_sts_token() {
    let kms = FakeKms::start().unwrap();
    let agent = setup(&kms)
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", Some("STS.env"))
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", Some(SECRET))
        .env(
            "ALIBABA_CLOUD_SECURITY_TOKEN",
            Some("canary-role-token-env"),
        )
        .start();
    read_as(&agent, &kms, "STS.env", Some("canary-role-token-env"));
    ends_clean(agent);
}

#[test]
fn a_profile_whose_key_is_replaced_while_the_agent_runs() {
    let kms = FakeKms::start().unwrap();
    let setup = setup(&kms);
    let home = setup.dir().to_owned();
    let config = home.join(".aliyun/config.json");
    let profile = |id: &str| {
        format!(
            r#"{{"current":"p","profiles":[{{"name":"p","mode":"AK","access_key_id":"{id}","access_key_secret":"{SECRET}"}}]}}"#
        )
    };
    write(&config, &profile("LTAIold"));
    let agent = setup.env("HOME", home.to_str()).start();
    read_as(&agent, &kms, "LTAIold", None);

    write(&config, &profile("LTAInew"));
    let gone = Reply::Error {
        status: 404,
        code: "InvalidAccessKeyId.NotFound",
        message: "The Access Key ID provided does not exist in our records.".to_owned(),
    };
    kms.set("foo", Reply::in_turn([gone, Reply::Text(VALUE.to_owned())]));
    read_as(&agent, &kms, "LTAInew", None);
    ends_clean(agent);
}

#[test]
fn the_role_of_an_ecs_machine_through_its_expiry() {
    let kms = FakeKms::start().unwrap();
    let imds = FakeImds::start("agent-role", role("first", 8)).unwrap();
    let agent = setup(&kms)
        .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", None)
        .env("KMS_IMDS_ENDPOINT", Some(&imds.url()))
        .start();
    read_as(&agent, &kms, "STS.first", Some("canary-role-token-first"));
    imds.set_credentials(role("second", 3_600));
    eventually("the role has new credentials", || {
        read(&agent);
        caller(&kms).access_key_id.as_deref() == Some("STS.second")
    });
    // The service's failure means nothing while what it gave is good.
    imds.set_down(true);
    read_as(&agent, &kms, "STS.second", Some("canary-role-token-second"));
    assert!(imds.handed_out() >= 2);
    ends_clean(agent);
}

#[test]
fn rrsa_through_an_expiry_and_a_new_token_file() {
    let kms = FakeKms::start().unwrap();
    let setup = setup(&kms);
    let token_file = setup.dir().join("oidc/token");
    write(&token_file, "eyJ.first.sig");
    // STS is the same server; its calls name no secret.
    kms.set(
        "",
        Reply::in_turn([assumed("first", 8), assumed("second", 3_600)]),
    );
    let agent = setup
        .env("KMS_STS_ENDPOINT", Some(&kms.url()))
        .env(
            "ALIBABA_CLOUD_ROLE_ARN",
            Some("acs:ram::1234567890123456:role/agent"),
        )
        .env(
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
            Some("acs:ram::1234567890123456:oidc-provider/ack-rrsa-c1"),
        )
        .env("ALIBABA_CLOUD_OIDC_TOKEN_FILE", token_file.to_str())
        .start();
    read_as(&agent, &kms, "STS.first", Some("canary-role-token-first"));
    write(&token_file, "eyJ.second.sig");
    eventually("STS gave new credentials", || {
        read(&agent);
        caller(&kms).access_key_id.as_deref() == Some("STS.second")
    });
    let tokens: Vec<_> = kms
        .calls()
        .into_iter()
        .filter(|call| call.action == "AssumeRoleWithOIDC")
        .map(|call| (call.access_key_id, call.oidc_token.unwrap()))
        .collect();
    assert_eq!(
        tokens,
        [
            (None, "eyJ.first.sig".to_owned()),
            (None, "eyJ.second.sig".to_owned())
        ]
    );
    ends_clean(agent);
}

#[test]
fn a_client_key_on_the_shared_gateway() {
    let kms = FakeKms::start().unwrap();
    let agent = setup(&kms)
        .config("Kms", &format!("ClientKeyFile = \"{KEYS}/legacy.json\""))
        .env("KMS_CLIENT_KEY_PASSWORD", Some("Canary-Passw0rd"))
        .start();
    let key_id = "KAAP.5a7dcd1c-8b13-4f1d-9a2f-000000000001";
    read_as(&agent, &kms, key_id, None);
    let ended = agent.stop_clean();
    let all = format!("{}{}", ended.output, ended.log());
    assert!(!all.contains("Canary-Passw0rd"), "{all}");
}

#[test]
fn a_client_key_on_an_instances_gateway_over_tls() {
    let ca = TestCa::new();
    let kms = FakeKms::start_tls(&ca.issue(&LOCAL_NAMES)).unwrap();
    // A GetSecretValueResponse; the numbers are those of reference kms-api §5.2.
    let message = b"\x0a\x03foo\x1a\x0fcanary-instance\x22\x04text\x2a\x0aACSCurrent\x32\x02v7";
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: {}\r\n\r\n",
        message.len()
    );
    kms.set("", Reply::Wire([head.as_bytes(), message].concat()));
    let setup = AgentSetup::new(PROGRAM, &kms.url());
    let ca_file = setup.dir().join("ca.pem");
    write(&ca_file, &ca.pem());
    let password = setup.dir().join("password.json");
    write(&password, r#"{"ClientKeyPassword":"Canary-Passw0rd"}"#);
    let agent = setup
        .config("Kms", &format!("ClientKeyFile = \"{KEYS}/modern.json\""))
        .config(
            "Kms",
            &format!("ClientKeyPasswordFile = \"{}\"", password.display()),
        )
        .config("Kms", &format!("CaFile = \"{}\"", ca_file.display()))
        .start();
    let response = agent.get("/v1/foo");
    assert_eq!(response.status, 200, "{}", response.text());
    let text = response.text();
    assert!(
        text.contains("canary-instance") && text.contains("v7"),
        "{text}"
    );
    let ended = agent.stop_clean();
    assert!(!ended.log().contains("canary-instance"));
}

#[test]
fn nobody_at_all_ends_with_77_and_says_what_was_tried() {
    let kms = FakeKms::start().unwrap();
    let Err(ended) = setup(&kms).try_start() else {
        panic!("an agent without an identity runs");
    };
    assert_eq!(ended.status.code(), Some(77));
    for source in [
        "env: ",
        "oidc_role_arn: ",
        "cli_profile: ",
        "profile: ",
        "ecs_ram_role: ",
        "credential_uri: ",
    ] {
        assert!(
            ended.output.contains(source),
            "{source} is not in {}",
            ended.output
        );
    }
    assert!(kms.calls().is_empty());
}
