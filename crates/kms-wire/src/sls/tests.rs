//! What aliyun-log-python-sdk 0.9.52 sends; `tests/delivery/generate.py` wrote it down.

use std::{collections::BTreeMap, fs, path::Path};

use kms_types::Secret;
use prost::Message as _;
use serde::Deserialize;

use super::{Content, Log, LogGroup, PutLogs};
use crate::sign::SigningKey;

#[derive(Deserialize)]
struct Case {
    name: String,
    url: String,
    topic: String,
    token: Option<String>,
    contents: Vec<(String, String)>,
    body: String,
    headers: BTreeMap<String, String>,
}

#[test]
fn logs_are_written_and_signed_as_the_official_sdk_does() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/delivery/sls.json");
    let cases: Vec<Case> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(cases.len(), 3);
    for mut case in cases {
        let contents = case.contents.into_iter();
        let group = LogGroup {
            logs: vec![Log {
                time: 1_795_925_106,
                contents: contents
                    .map(|(key, value)| Content { key, value })
                    .collect(),
                time_ns: Some(7_000_000),
            }],
            topic: Some(case.topic),
            source: Some("kms-server".to_owned()),
        };
        let body = group.encode_to_vec();
        assert_eq!(hex::encode(&body), case.body, "{}", case.name);
        let put = PutLogs {
            logstore: "findings",
            body: &body,
            now: "2026-11-29T04:05:06Z".parse().unwrap(),
        };
        assert!(case.url.ends_with(&put.path()), "{}", case.name);
        let key = SigningKey {
            access_key_id: "LTAI5tExampleSls".parse().unwrap(),
            access_key_secret: Secret::from("sls-example-secret"),
            security_token: case.token.as_deref().map(Secret::from),
        };
        let headers: BTreeMap<String, String> = put.headers(&key).into_iter().collect();
        assert_eq!(
            case.headers.remove("host").unwrap(),
            "audit.cn-hangzhou.log.aliyuncs.com"
        );
        assert_eq!(headers, case.headers, "{}", case.name);
    }
}
