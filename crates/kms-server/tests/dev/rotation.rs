//! A secret that rotates while one watches.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    sync::mpsc,
    thread,
    time::Duration,
};

use aws_lc_rs::hmac;
use serde_json::Value;

use crate::program::{Dev, scratch};

/// Says yes to everything; what was asked, with its signature.
fn receiver() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (tell, asked) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).unwrap();
            }
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .unwrap();
            let mut body = vec![0; length.parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 204 X\r\n\r\n";
            reader.get_mut().write_all(answer).unwrap();
            drop(tell.send((head, body)));
        }
    });
    (url, asked)
}

#[test]
fn an_interval_of_seconds_is_allowed_and_rotates_by_itself() {
    let (_parent, dir) = scratch();
    let (url, asked) = receiver();
    let dev = Dev::start_with(&dir, &["--min-rotation", "3s", "--webhook", &url]);
    let data = r#"{"Accounts":[{"AccountName":"app","AccountPassword":"old"}]}"#;
    let config = r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#;
    let params = [
        ("SecretName", "db"),
        ("SecretType", "Rds"),
        ("VersionId", "v1"),
        ("ExtendedConfig", config),
        ("SecretData", data),
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "3s"),
    ];
    let made = dev.call("CreateSecret", &params);
    assert_eq!(made["AutomaticRotation"], "Enabled", "{made}");

    let key = fs::read_to_string(&dev.env["KMS_WEBHOOK_KEY_FILE"]).unwrap();
    let rights = fs::metadata(dir.join("webhook.key")).unwrap().permissions();
    assert_eq!(rights.mode() & 0o777, 0o600);
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.trim().as_bytes());
    let mut versions = Vec::new();
    for _ in 0..2 {
        for step in ["create", "set", "test", "finish"] {
            let (head, body) = asked.recv_timeout(Duration::from_mins(1)).unwrap();
            let header = |name: &str| {
                let mut lines = head.lines().filter_map(|line| line.split_once(": "));
                lines.find(|(own, _)| *own == name).unwrap().1.to_owned()
            };
            let parts = [header("x-kms-timestamp"), header("x-kms-nonce")].join("\n");
            let signed = [parts.as_bytes(), b"\n", &body].concat();
            let signature = hex::decode(&header("x-kms-signature")[3..]).unwrap();
            hmac::verify(&key, &signed, &signature).unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["Step"], step);
            versions.push(body["VersionId"].as_str().unwrap().to_owned());
        }
    }
    assert_ne!(versions[0], versions[4]);
    let read = dev.call("GetSecretValue", &[("SecretName", "db")]);
    assert!(
        !read["SecretData"].as_str().unwrap().contains("old"),
        "{read}"
    );
}

#[test]
fn without_the_flag_the_clouds_bound_holds() {
    let (_parent, dir) = scratch();
    let (url, _asked) = receiver();
    let dev = Dev::start_with(&dir, &["--webhook", &url]);
    let data = r#"{"Accounts":[{"AccountName":"app","AccountPassword":"old"}]}"#;
    let config = r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#;
    let refused = dev.call(
        "CreateSecret",
        &[
            ("SecretName", "db"),
            ("SecretType", "Rds"),
            ("VersionId", "v1"),
            ("ExtendedConfig", config),
            ("SecretData", data),
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "5h"),
        ],
    );
    assert_eq!(refused["Code"], "InvalidParameter", "{refused}");
}
