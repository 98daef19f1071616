use std::sync::{Arc, Mutex};

use aws_lc_rs::hmac;
use kms_service::{Level, Notice};
use kms_testkit::MockClock;
use kms_types::Secret;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};

use super::{Hook, Receiver as _};
use crate::webhook::connector;

const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

/// What a program got: headers in lower case, and the body.
type Got = Arc<Mutex<Vec<(Vec<String>, Vec<u8>)>>>;

/// A program on this machine that answers each call so.
async fn program(answer: &'static str) -> (u16, Got) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let got = Got::default();
    let kept = Arc::clone(&got);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let mut headers = Vec::new();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).await.unwrap();
                if line.trim().is_empty() {
                    break;
                }
                headers.push(line.trim().to_ascii_lowercase());
            }
            let length = headers
                .iter()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await.unwrap();
            kept.lock().unwrap().push((headers, body));
            let answer = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n");
            stream.get_mut().write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (port, got)
}

fn hook(port: u16, level: Level) -> Hook {
    let clock = MockClock::at("2026-11-29T00:00:00Z".parse().unwrap());
    Hook {
        url: format!("http://127.0.0.1:{port}/kms").parse().unwrap(),
        tls: connector(&[]).unwrap(),
        key: Secret::new(KEY.to_vec()),
        clock: Arc::new(clock),
        level,
    }
}

fn notice() -> Notice {
    Notice {
        account: "1234567890123456".parse().unwrap(),
        id: "rotation/r1".to_owned(),
        name: "Secret:RotateSecret:Failure".to_owned(),
        level: Level::Critical,
        resource: "secret/app".to_owned(),
        content: json!({"annotation": {"configuration": "1"}}),
        time: "2026-11-29T00:00:00Z".parse().unwrap(),
    }
}

#[tokio::test]
async fn a_program_is_told_by_a_signed_post() {
    let (port, got) = program("204 No Content").await;
    let hook = hook(port, Level::Warn);
    hook.tell(&notice()).await.unwrap();
    let got = got.lock().unwrap();
    let (headers, body) = &got[0];
    assert_eq!(headers[0], "post /kms http/1.1");
    let header = |name: &str| {
        let mut headers = headers.iter();
        let found = headers.find_map(|line| line.strip_prefix(&format!("{name}: ")));
        found.unwrap().to_owned()
    };
    assert_eq!(header("x-kms-timestamp"), "1795910400");
    let signed = [
        header("x-kms-timestamp").as_bytes(),
        b"\n",
        header("x-kms-nonce").as_bytes(),
        b"\n",
        body,
    ]
    .concat();
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY);
    let signature = header("x-kms-signature");
    let signature = hex::decode(signature.strip_prefix("v1=").unwrap()).unwrap();
    hmac::verify(&key, &signed, &signature).unwrap();
    let told: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(told["eventId"], "1234567890123456/rotation/r1");
}

#[tokio::test]
async fn a_program_that_says_no_or_is_not_there_was_not_told() {
    let (port, _got) = program("500 Oops").await;
    let refused = hook(port, Level::Info).tell(&notice()).await;
    assert!(refused.unwrap_err().contains("500"));
    hook(1, Level::Info).tell(&notice()).await.unwrap_err();
}

#[test]
fn a_program_hears_of_what_matters_enough() {
    let wants = |least, level| {
        let notice = Notice { level, ..notice() };
        hook(1, least).wants(&notice)
    };
    assert!(wants(Level::Info, Level::Info));
    assert!(!wants(Level::Warn, Level::Info));
    assert!(wants(Level::Warn, Level::Critical));
    assert!(!wants(Level::Critical, Level::Warn));
}
