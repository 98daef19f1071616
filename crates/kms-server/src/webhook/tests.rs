use std::{net::SocketAddr, sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use kms_service::{RotationAsk, RotationStep, RotatorError, Rotators};
use kms_testkit::{MockClock, TestCa};
use kms_types::{Secret, SecretType};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{SecretNames, Webhook, WebhookUrl, Webhooks};

const KEY: &[u8] = b"an HMAC key of thirty-two bytes!";

fn ask(step: RotationStep) -> RotationAsk {
    RotationAsk {
        step,
        account: "1234567890123456".parse().unwrap(),
        secret: "db/app".parse().unwrap(),
        secret_type: SecretType::Rds,
        extended_config: r#"{"SecretSubType":"SingleUser"}"#.to_owned(),
        version: "v2".parse().unwrap(),
        current: Secret::from("canary-old \u{5bc6}"),
        pending: Some(Secret::from("canary-new")),
    }
}

fn hook(url: &str, patience: Duration) -> Webhook {
    Webhook {
        account: Some("1234567890123456".parse().unwrap()),
        types: vec![SecretType::Rds],
        names: vec!["one".parse().unwrap(), "db/*".parse().unwrap()],
        url: url.parse().unwrap(),
        key: Secret::new(KEY.to_vec()),
        patience,
        authorities: None,
    }
}

fn hooks(url: &str, patience: Duration) -> Webhooks {
    let hook = hook(url, patience);
    let clock = MockClock::at("2025-01-03T07:59:17Z".parse().unwrap());
    Webhooks::new(vec![hook], &[], Arc::new(clock)).unwrap()
}

/// Takes one call and answers with these bytes; what came is told.
async fn answering(answer: Vec<u8>) -> (SocketAddr, tokio::task::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let taken = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut came = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            let count = stream.read(&mut buffer).await.unwrap();
            came.extend(&buffer[..count]);
            if is_whole(&came) {
                break;
            }
        }
        // One that reads no more of a long answer is right to.
        let _broken = stream.write_all(&answer).await;
        came
    });
    (address, taken)
}

fn is_whole(came: &[u8]) -> bool {
    let text = String::from_utf8_lossy(came);
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = header(head, "content-length").parse::<usize>().unwrap();
    came.len() == head.len() + 4 + length
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(own, _)| own.eq_ignore_ascii_case(name))
        .map_or("", |(_, value)| value)
}

fn http(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

async fn asked(answer: Vec<u8>) -> Result<Option<String>, RotatorError> {
    let (address, _taken) = answering(answer).await;
    let hooks = hooks(&format!("http://{address}/rotate"), Duration::from_secs(20));
    let value = hooks.ask(&ask(RotationStep::Create)).await?;
    Ok(value.map(|value| value.expose().clone()))
}

#[tokio::test]
async fn a_call_says_everything_and_is_signed() {
    let (address, taken) = answering(http("200 OK", "{}")).await;
    let hooks = hooks(
        &format!("http://{address}/rotate?x=1"),
        Duration::from_secs(20),
    );
    assert!(hooks.ask(&ask(RotationStep::Set)).await.unwrap().is_none());
    let came = String::from_utf8(taken.await.unwrap()).unwrap();
    let (head, body) = came.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /rotate?x=1 HTTP/1.1\r\n"), "{head}");
    assert_eq!(header(head, "host"), address.to_string());
    assert_eq!(header(head, "content-type"), "application/json");
    assert_eq!(
        serde_json::from_str::<Value>(body).unwrap(),
        json!({
            "Step": "set",
            "AccountId": "1234567890123456",
            "SecretName": "db/app",
            "SecretType": "Rds",
            "ExtendedConfig": "{\"SecretSubType\":\"SingleUser\"}",
            "VersionId": "v2",
            "CurrentSecretData": "canary-old \u{5bc6}",
            "PendingSecretData": "canary-new",
        })
    );
    // As the page for those who write webhooks says it.
    assert_eq!(header(head, "x-kms-timestamp"), "1735891157");
    let nonce = header(head, "x-kms-nonce");
    assert_eq!(nonce.len(), 36);
    let signed = format!("1735891157\n{nonce}\n{body}");
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY);
    let signature = header(head, "x-kms-signature").strip_prefix("v1=").unwrap();
    let signature = hex::decode(signature).unwrap();
    hmac::verify(&key, signed.as_bytes(), &signature).unwrap();
}

#[tokio::test]
async fn answers_are_read_or_refused() {
    assert_eq!(asked(http("200 OK", "")).await, Ok(None));
    assert_eq!(asked(http("204 No Content", "")).await, Ok(None));
    assert_eq!(asked(http("200 OK", r#"{"Other":1}"#)).await, Ok(None));
    let new = r#"{"SecretData":"{\"AccountName\":\"a\"}"}"#;
    assert_eq!(
        asked(http("200 OK", new)).await,
        Ok(Some(r#"{"AccountName":"a"}"#.to_owned()))
    );
    for (status, code) in [
        (
            "301 Moved Permanently\r\nlocation: http://127.0.0.1:9/",
            301,
        ),
        ("201 Created", 201),
        ("403 Forbidden", 403),
        ("500 Internal Server Error", 500),
    ] {
        assert_eq!(
            asked(http(status, "{}")).await,
            Err(RotatorError::Refused(code))
        );
    }
    for body in ["nonsense", "[]", r#"{"SecretData":7}"#] {
        let answer = asked(http("200 OK", body)).await;
        assert!(matches!(answer, Err(RotatorError::Answer(_))), "{body}");
    }
    let long = format!(r#"{{"SecretData":"{}"}}"#, "x".repeat(30_721));
    assert!(matches!(
        asked(http("200 OK", &long)).await,
        Err(RotatorError::Answer("its value is longer than 30720 bytes"))
    ));
    let longer = format!(r#"{{"SecretData":"{}"}}"#, "x".repeat(65_536));
    assert!(matches!(
        asked(http("200 OK", &longer)).await,
        Err(RotatorError::Answer("it is longer than 64 KiB"))
    ));
    let broken = asked(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec()).await;
    assert!(
        matches!(broken, Err(RotatorError::Unreachable(_))),
        "{broken:?}"
    );
    assert!(matches!(
        asked(Vec::new()).await,
        Err(RotatorError::Unreachable(_))
    ));
}

#[tokio::test]
async fn nobody_waits_for_ever() {
    // Takes the connection and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let hooks = hooks(&url, Duration::from_millis(50));
    assert_eq!(
        hooks.ask(&ask(RotationStep::Test)).await.unwrap_err(),
        RotatorError::Unreachable("no answer in time")
    );
}

#[tokio::test]
async fn only_what_it_is_for_is_asked_of_a_webhook() {
    let hooks = hooks("http://127.0.0.1:9/", Duration::from_secs(1));
    let own = "1234567890123456".parse().unwrap();
    let serves = |kind, name: &str| hooks.serves(&own, kind, &name.parse().unwrap());
    assert!(serves(SecretType::Rds, "db/app"));
    assert!(serves(SecretType::Rds, "one"));
    assert!(!serves(SecretType::Rds, "ones"));
    let others = "2000000000000002".parse().unwrap();
    assert!(!hooks.serves(&others, SecretType::Rds, &"db/app".parse().unwrap()));
    assert!(!serves(SecretType::Rds, "other/db/app"));
    assert!(!serves(SecretType::Redis, "db/app"));
    let other = RotationAsk {
        secret_type: SecretType::Redis,
        ..ask(RotationStep::Set)
    };
    assert_eq!(hooks.ask(&other).await.unwrap_err(), RotatorError::Absent);
    let refused = hooks.ask(&ask(RotationStep::Set)).await.unwrap_err();
    assert_eq!(refused, RotatorError::Unreachable("no connection"));
}

#[tokio::test]
async fn a_webhook_with_an_authority_of_its_own_trusts_no_other() {
    let (own, other) = (TestCa::new(), TestCa::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let config = own.issue(&["127.0.0.1"]).server_config();
    tokio::spawn(async move {
        let acceptor = tokio_rustls::TlsAcceptor::from(config);
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut came = Vec::new();
            while !is_whole(&came) {
                stream.read_buf(&mut came).await.unwrap();
            }
            stream.write_all(&http("200 OK", "")).await.unwrap();
        }
    });
    let der = |ca: &TestCa| {
        CertificateDer::pem_slice_iter(ca.pem().as_bytes())
            .map(Result::unwrap)
            .collect::<Vec<_>>()
    };
    // The one that issued it, whoever else is trusted; and the other way around.
    for (authorities, roots, is_trusted) in [
        (Some(der(&own)), der(&other), true),
        (Some(der(&other)), der(&own), false),
        (None, der(&own), true),
        (None, der(&other), false),
    ] {
        let hook = Webhook {
            authorities,
            ..hook(&url, Duration::from_secs(20))
        };
        let clock = MockClock::at("2025-01-03T07:59:17Z".parse().unwrap());
        let hooks = Webhooks::new(vec![hook], &roots, Arc::new(clock)).unwrap();
        let answer = hooks.ask(&ask(RotationStep::Set)).await;
        let refused = RotatorError::Unreachable("no TLS that is trusted");
        let expected = if is_trusted { Ok(()) } else { Err(refused) };
        assert_eq!(answer.map(drop), expected);
    }
}

#[test]
fn names_are_one_or_all_with_a_beginning() {
    let contain = |names: &str, name: &str| {
        let names: SecretNames = names.parse().unwrap();
        names.contain(&name.parse().unwrap())
    };
    assert!(contain("*", "anything/at-all"));
    assert!(contain("db/*", "db/app"));
    assert!(!contain("db/*", "db"));
    assert!(contain("db/app", "db/app"));
    assert!(!contain("db/app", "db/app2"));
    for bad in ["", "**", "d*b", "db/app ", "*/db", "db//*", "\u{e9}*"] {
        assert!(bad.parse::<SecretNames>().is_err(), "{bad}");
    }
    assert_eq!("db/*".parse::<SecretNames>().unwrap().to_string(), "db/*");
}

#[test]
fn secrets_leave_this_machine_over_tls_only() {
    for good in [
        "https://hooks.example.com/kms",
        "https://10.0.0.1:8443/",
        "http://127.0.0.1:8080/kms",
        "http://[::1]:8080/",
        "http://localhost/",
    ] {
        assert_eq!(good.parse::<WebhookUrl>().unwrap().to_string(), good);
    }
    for bad in [
        "http://hooks.example.com/kms",
        "http://10.0.0.1/",
        "http://localhost.example.com/",
        "https://user@hooks.example.com/",
        "ftp://127.0.0.1/",
        "/kms",
        "https://",
        "",
    ] {
        assert!(bad.parse::<WebhookUrl>().is_err(), "{bad}");
    }
}
