//! What botocore 1.44.8 sends; `tests/delivery/generate.py` wrote it down.

use std::{collections::BTreeMap, fs, path::Path};

use kms_types::Secret;
use serde::Deserialize;

use super::PutObject;
use crate::sign::SigningKey;

#[derive(Deserialize)]
struct Case {
    name: String,
    host: String,
    path: String,
    bucket: Option<String>,
    region: String,
    key: String,
    token: Option<String>,
    encryption: Option<String>,
    body: String,
    headers: BTreeMap<String, String>,
}

#[test]
fn objects_are_signed_as_botocore_signs_them() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/delivery/s3.json");
    let cases: Vec<Case> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let body = hex::decode(&case.body).unwrap();
        let put = PutObject {
            region: &case.region,
            host: &case.host,
            bucket: case.bucket.as_deref(),
            key: &case.key,
            content_type: "application/json",
            encryption: case.encryption.as_deref(),
            body: &body,
            now: "2026-11-29T04:05:06Z".parse().unwrap(),
        };
        let key = SigningKey {
            access_key_id: "ExampleS3".parse().unwrap(),
            access_key_secret: Secret::from("s3-example-secret"),
            security_token: case.token.as_deref().map(Secret::from),
        };
        assert_eq!(put.path(), case.path, "{}", case.name);
        let headers: BTreeMap<String, String> = put.headers(&key).into_iter().collect();
        assert_eq!(headers, case.headers, "{}", case.name);
    }
}
