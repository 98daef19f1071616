//! A ClientKey on both gateways, and ACS4.

use std::{fs, path::Path, sync::Arc, time::Duration};

use kms_credentials::{ClientKey, ClientKeyFile, ClientKeyPassword, ExchangeError};
use kms_testkit::MockClock;
use kms_types::Secret;
use kms_wire::request::ListSecrets;
use tokio::time::Instant;

use super::{Answer, Counted, Keys, Script, Stage, value};
use crate::{CallError, Client, Signature};

const DIR: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../kms-credentials/tests/client_key"
);
const INSTANCE: &str = "kst-hzz1.cryptoservice.kms.aliyuncs.com";
const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
const JSON: (&str, &str) = ("content-type", "application/json;charset=utf-8");

/// `SecretName=app/db, SecretData=v3, SecretDataType=text, VersionStages=[ACSCurrent],
/// VersionId=v1, RequestId=r1`, by the field numbers of reference kms-api §5.2.
const VALUE: &str = "\x0a\x06app/db\x1a\x02v3\x22\x04text\x2a\x0aACSCurrent\x32\x02v1\x42\x02r1";

/// `StatusCode=401, ErrorCode=SignatureNotMatch, ErrorMessage=m, RequestId=r1`. Field 1 is
/// the varint 0x91 0x03, which is no UTF-8, so it is left out.
const REFUSAL: &str = "\x12\x11SignatureNotMatch\x1a\x01m\x22\x02r1";

fn stage(endpoint: &str, now: &str, answers: Vec<Answer>) -> Stage {
    let key = ClientKey::read(
        &Path::new(DIR).join("legacy.json"),
        &ClientKeyPassword::Value(Secret::from("Canary-Passw0rd")),
    )
    .unwrap();
    let script = Arc::new(Script::new(answers));
    let client = Client::builder(endpoint.parse().unwrap(), key, script.clone())
        .clock(Arc::new(MockClock::at(now.parse().unwrap())))
        .chance(Arc::new(Counted::default()))
        .build();
    Stage { client, script }
}

fn signature(file: &str) -> String {
    let text = fs::read_to_string(Path::new(DIR).join(file)).unwrap();
    text.trim().to_owned()
}

const NOW: &str = "2026-11-25T10:00:00Z";

#[tokio::test(start_paused = true)]
async fn on_the_shared_gateway_it_signs_the_parameters() {
    let stage = stage("kms.cn-hangzhou.aliyuncs.com", NOW, vec![value()]);
    assert_eq!(stage.read().await.unwrap(), "v3");
    let url = stage.script.asked.lock().unwrap()[0].1.url.clone();
    let encoded = signature("signature.txt")
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    for part in [
        "https://kms.cn-hangzhou.aliyuncs.com/?".to_owned(),
        "SignatureMethod=SHA256withRSA&".to_owned(),
        "SignatureType=PRIVATEKEY&".to_owned(),
        format!("Signature={encoded}&"),
    ] {
        assert!(url.contains(&part), "{part} is not in {url}");
    }
}

#[tokio::test(start_paused = true)]
async fn on_an_instance_it_signs_the_message() {
    let stage = stage(
        INSTANCE,
        NOW,
        vec![Answer::Http(200, vec![PROTOBUF], VALUE)],
    );
    let value = stage.value().await.unwrap();
    assert_eq!(value.secret_data.expose(), "v3");
    assert_eq!(value.version_stages.version_stage, ["ACSCurrent"]);
    assert_eq!((&*value.version_id, &*value.request_id), ("v1", "r1"));
    let asked = stage.script.asked.lock().unwrap();
    assert_eq!(asked[0].1.url, format!("https://{INSTANCE}/"));
    assert_eq!(asked[0].1.body, b"\x0a\x06app/db");
    drop(asked);
    let bearer = format!("Bearer {}", signature("instance-signature.txt"));
    for (name, value) in [
        ("authorization", &*bearer),
        ("host", INSTANCE),
        ("x-kms-apiname", "GetSecretValue"),
        ("date", "Wed, 25 Nov 2026 10:00:00 GMT"),
    ] {
        assert_eq!(stage.header(0, name), value);
    }
}

#[tokio::test(start_paused = true)]
async fn an_instance_refuses_in_its_own_words() {
    let stage = stage(
        INSTANCE,
        NOW,
        vec![Answer::Http(401, vec![PROTOBUF], REFUSAL)],
    );
    let refused = stage.read().await.unwrap_err();
    assert!(
        matches!(&refused, CallError::Service { status: 401, code, message, request_id }
            if code == "SignatureNotMatch" && message == "m" && request_id == "r1"),
        "{refused:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_is_busy_is_asked_again() {
    let stage = stage(
        INSTANCE,
        NOW,
        vec![
            Answer::Http(503, vec![PROTOBUF], REFUSAL),
            Answer::Fails(ExchangeError::Transport {
                reason: "connection reset".to_owned(),
            }),
            Answer::Http(200, vec![PROTOBUF], VALUE),
        ],
    );
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert_eq!(stage.times(), [0, 200, 600]);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_protobuf_is_not_taken_for_a_value() {
    let stage = stage(
        INSTANCE,
        NOW,
        vec![Answer::Http(200, vec![PROTOBUF], "canary")],
    );
    let failed = stage.read().await.unwrap_err();
    let text = format!("{failed} {failed:?}");
    assert!(
        text.contains("it is no GetSecretValueResponse in protobuf"),
        "{text}"
    );
    assert!(!text.contains("canary"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn behind_another_name_the_first_answer_tells_which_gateway_it_is() {
    let missing = r#"{"Code":"MissingParameter","Message":"m"}"#;
    let shared = || Answer::Http(200, vec![JSON], super::VALUE);
    let stage = stage(
        "https://localhost:9471",
        NOW,
        vec![Answer::Http(400, vec![JSON], missing), shared(), shared()],
    );
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert_eq!(stage.times(), [0, 0, 0]);

    let value = || Answer::Http(200, vec![PROTOBUF], VALUE);
    let stage = self::stage("https://localhost:9472", NOW, vec![value(), value()]);
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert_eq!(stage.read().await.unwrap(), "v3");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_learnt_from_a_gateway_that_is_out_of_order() {
    let stage = stage(
        "https://localhost:9472",
        NOW,
        vec![
            Answer::Http(502, vec![("content-type", "text/html")], "<html/>"),
            Answer::Http(200, vec![PROTOBUF], VALUE),
        ],
    );
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert_eq!(stage.times(), [0, 200]);
}

#[tokio::test(start_paused = true)]
async fn other_actions_are_refused_on_an_instance_before_they_are_sent() {
    let stage = stage(INSTANCE, NOW, vec![]);
    let list = ListSecrets {
        filters: Vec::new(),
        fetch_tags: false,
        page_number: 1,
        page_size: 10,
    };
    let refused = stage.client.call(&list).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "ListSecrets cannot be called: a ClientKey reads values and nothing else"
    );
    assert!(!refused.is_transient());
}

#[tokio::test(start_paused = true)]
async fn an_expired_key_is_told_and_not_sent() {
    let stage = stage(INSTANCE, "2031-11-24T10:00:00Z", vec![]);
    let CallError::Credentials(reason) = stage.read().await.unwrap_err() else {
        panic!("another error");
    };
    assert_eq!(
        reason.to_string(),
        "client_key: the client key KAAP.5a7dcd1c-8b13-4f1d-9a2f-000000000001 has expired on \
         2031-11-24T10:00:00Z; create another one"
    );
}

/// A key file `KAAP.1` on an instance, and its clock.
fn stage_with_file(dir: &Path, answers: Vec<Answer>) -> (Stage, MockClock) {
    write_key(dir, "KAAP.1");
    let clock = MockClock::at(NOW.parse().unwrap());
    let key = ClientKeyFile::open(
        dir.join("key.json"),
        ClientKeyPassword::Value(Secret::from("Canary-Passw0rd")),
        Arc::new(clock.clone()),
    )
    .unwrap();
    let script = Arc::new(Script::new(answers));
    let client = Client::builder(INSTANCE.parse().unwrap(), key, script.clone())
        .clock(Arc::new(clock.clone()))
        .chance(Arc::new(Counted::default()))
        .build();
    (Stage { client, script }, clock)
}

/// The golden key under another id, put into its place at once.
fn write_key(dir: &Path, id: &str) {
    let golden = fs::read_to_string(Path::new(DIR).join("legacy.json")).unwrap();
    let mut file: serde_json::Value = serde_json::from_str(&golden).unwrap();
    file["KeyId"] = id.into();
    fs::write(dir.join("fresh"), file.to_string()).unwrap();
    fs::rename(dir.join("fresh"), dir.join("key.json")).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_key_that_was_replaced_signs_the_next_call() {
    let dir = tempfile::tempdir().unwrap();
    let good = || Answer::Http(200, vec![PROTOBUF], VALUE);
    let (stage, clock) = stage_with_file(dir.path(), vec![good(), good()]);
    stage.read().await.unwrap();
    write_key(dir.path(), "KAAP.2");
    clock.advance(Duration::from_secs(1));
    stage.read().await.unwrap();
    assert_eq!(stage.header(0, "x-kms-acccesskeyid"), "KAAP.1");
    assert_eq!(stage.header(1, "x-kms-acccesskeyid"), "KAAP.2");
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_is_replaced_within_the_call_if_there_is_another() {
    let dir = tempfile::tempdir().unwrap();
    let answers = vec![
        Answer::Http(200, vec![PROTOBUF], VALUE),
        Answer::Http(401, vec![PROTOBUF], REFUSAL),
        Answer::Http(200, vec![PROTOBUF], VALUE),
        Answer::Http(401, vec![PROTOBUF], REFUSAL),
    ];
    let (stage, _clock) = stage_with_file(dir.path(), answers);
    stage.read().await.unwrap();
    write_key(dir.path(), "KAAP.2");
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert_eq!(stage.header(1, "x-kms-acccesskeyid"), "KAAP.1");
    assert_eq!(stage.header(2, "x-kms-acccesskeyid"), "KAAP.2");
    // Without another one a refusal is the answer.
    assert!(stage.read().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn what_keeps_an_ended_key_from_being_replaced_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let (stage, clock) = stage_with_file(dir.path(), vec![]);
    clock.jump_to("2031-11-24T10:00:00Z".parse().unwrap());
    fs::write(dir.path().join("key.json"), "{").unwrap();
    let CallError::Credentials(reason) = stage.read().await.unwrap_err() else {
        panic!("another error");
    };
    let path = dir.path().join("key.json");
    assert_eq!(
        reason.to_string(),
        format!(
            "client_key: {}: is no JSON with the texts KeyId and PrivateKeyData",
            path.display()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn acs4_is_signed_on_request() {
    let script = Arc::new(Script::new(vec![value()]));
    let client = Client::builder(
        "kms.cn-hangzhou.aliyuncs.com".parse().unwrap(),
        Arc::new(Keys::new(&["LTAI1"])),
        script.clone(),
    )
    .clock(Arc::new(MockClock::at(NOW.parse().unwrap())))
    .signature(Signature::V4 {
        region: "cn-hangzhou".parse().unwrap(),
    })
    .build();
    let started = Instant::now();
    let stage = Stage { client, script };
    assert_eq!(stage.read().await.unwrap(), "v3");
    assert_eq!(started.elapsed().as_millis(), 0);
    let authorization = stage.header(0, "authorization");
    let expected = "ACS4-HMAC-SHA256 Credential=LTAI1/20261125/cn-hangzhou/Kms/aliyun_v4_request,";
    assert!(authorization.starts_with(expected), "{authorization}");
}
