//! What the official SDKs send is taken, and nothing that differs from it.

use std::{fs, path::Path};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{Stored, verify::verify};

fn hex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digit).collect()
}

/// The requests of the goldens of kms-wire, with the AccessKey that signs them.
fn sent() -> Vec<(String, Stored, &'static str, &'static str)> {
    let mut all = Vec::new();
    for (file, id, secret) in [
        ("oss", "LTAI5tExampleOss", "oss-example-secret"),
        ("s3", "ExampleS3", "s3-example-secret"),
        ("sls", "LTAI5tExampleSls", "sls-example-secret"),
    ] {
        let path = format!("../kms-wire/tests/delivery/{file}.json");
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
        for case in cases {
            let headers = case["headers"].as_object().unwrap().iter();
            let mut headers: Vec<(String, String)> = headers
                .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                .collect();
            if let Some(host) = case["host"].as_str() {
                headers.push(("host".to_owned(), host.to_owned()));
            }
            let path = match file {
                "oss" => format!(
                    "/{}/{}",
                    case["bucket"].as_str().unwrap(),
                    case["key"].as_str().unwrap()
                ),
                "s3" => case["path"].as_str().unwrap().to_owned(),
                _ => "/logstores/findings/shards/lb".to_owned(),
            };
            // What is no URL here is one after it was decoded and encoded again.
            let path = match file {
                "oss" => path.replace('%', "%25"),
                _ => path,
            };
            assert!(percent_decode_str(&path).decode_utf8().is_ok());
            let stored = Stored {
                method: if file == "sls" { "POST" } else { "PUT" }.to_owned(),
                path,
                headers,
                body: hex(case["body"].as_str().unwrap()),
                refused: None,
            };
            let name = format!("{file} {}", case["name"].as_str().unwrap());
            all.push((name, stored, id, secret));
        }
    }
    all
}

#[test]
fn what_the_official_sdks_send_is_taken() {
    let sent = sent();
    assert_eq!(sent.len(), 10);
    for (name, request, id, secret) in sent {
        assert_eq!(verify(&request, id, secret), Ok(()), "{name}");
    }
}

#[test]
fn what_differs_in_any_part_is_not() {
    for (name, request, id, secret) in sent() {
        let refuses = |request: &Stored, id: &str, secret: &str, what: &str| {
            assert!(verify(request, id, secret).is_err(), "{name}: {what}");
        };
        refuses(&request, id, "another", "secret");
        refuses(&request, "another", secret, "id");
        let other = Stored {
            path: format!("{}x", request.path),
            ..request.clone()
        };
        refuses(&other, id, secret, "path");
        let mut other = request.clone();
        other.body.push(b' ');
        refuses(&other, id, secret, "body");
        for at in 0..request.headers.len() {
            let mut other = request.clone();
            let what = other.headers[at].0.clone();
            if what == "x-log-date" || (what == "host" && !name.starts_with("s3")) {
                continue;
            }
            other.headers[at].1.push('x');
            refuses(&other, id, secret, &what);
        }
    }
}
