//! What oss2 2.19.1 sends; `tests/delivery/generate.py` wrote it down.

use std::{collections::BTreeMap, fs, path::Path};

use kms_types::Secret;
use serde::Deserialize;

use super::PutObject;
use crate::sign::SigningKey;

#[derive(Deserialize)]
struct Case {
    name: String,
    bucket: String,
    region: String,
    key: String,
    token: Option<String>,
    encryption: Option<String>,
    body: String,
    headers: BTreeMap<String, String>,
}

#[test]
fn objects_are_signed_as_the_official_sdk_signs_them() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/delivery/oss.json");
    let cases: Vec<Case> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let body = hex::decode(&case.body).unwrap();
        let put = PutObject {
            region: &case.region,
            bucket: &case.bucket,
            key: &case.key,
            content_type: "application/json",
            encryption: case.encryption.as_deref(),
            body: &body,
            now: "2026-11-29T04:05:06Z".parse().unwrap(),
        };
        let key = SigningKey {
            access_key_id: "LTAI5tExampleOss".parse().unwrap(),
            access_key_secret: Secret::from("oss-example-secret"),
            security_token: case.token.as_deref().map(Secret::from),
        };
        let headers: BTreeMap<String, String> = put.headers(&key).into_iter().collect();
        assert_eq!(headers, case.headers, "{}", case.name);
    }
}

#[test]
fn names_of_objects_travel_encoded() {
    let put = PutObject {
        region: "cn-hangzhou",
        bucket: "b",
        key: "a b/\u{e4}+%~/c=d&e?#.json",
        content_type: "application/json",
        encryption: None,
        body: b"",
        now: "2026-11-29T04:05:06Z".parse().unwrap(),
    };
    assert_eq!(put.path(), "/a%20b/%C3%A4%2B%25~/c%3Dd%26e%3F%23.json");
}
