use std::{sync::Arc, time::Duration};

use kms_client::{CallError, Connection, Env, SigningKey, Source};
use kms_credentials::CredentialsError;
use kms_testkit::MockClock;
use kms_types::Secret;

use super::Patient;

fn patient(clock: &MockClock) -> Patient {
    let key = SigningKey {
        access_key_id: "LTAIexample".parse().unwrap(),
        access_key_secret: Secret::from("canary"),
        security_token: None,
    };
    let connection = Connection::new(Env::default(), "cn-hangzhou".parse().unwrap());
    let client = connection.source(Source::AccessKey(key)).open().unwrap();
    Patient::new(client, Arc::new(clock.clone()))
}

fn clock() -> MockClock {
    MockClock::at("2026-11-25T10:00:00Z".parse().unwrap())
}

fn down() -> CallError {
    CallError::Transport {
        host: "kms.example".to_owned(),
        reason: "connection refused".to_owned(),
    }
}

#[tokio::test]
async fn who_did_not_answer_is_not_asked_again_at_once() {
    let clock = clock();
    let patient = patient(&clock);
    let first = patient.call(async |_| Err::<(), _>(down())).await;
    assert!(matches!(first, Err(CallError::Transport { .. })));

    clock.advance(Duration::from_millis(3_999));
    let second = patient.call(async |_| Ok("asked")).await.unwrap_err();
    assert_eq!(
        second.to_string(),
        "cannot talk to kms.example: connection refused"
    );

    clock.advance(Duration::from_millis(1));
    assert_eq!(patient.call(async |_| Ok("asked")).await.unwrap(), "asked");
    assert_eq!(patient.call(async |_| Ok("asked")).await.unwrap(), "asked");
}

#[tokio::test]
async fn that_there_are_no_credentials_is_remembered_too() {
    let patient = patient(&clock());
    let broken = || {
        CallError::Credentials(CredentialsError::Broken {
            source_name: "first_of",
            reason: "refused".to_owned(),
        })
    };
    let first = patient.call(async |_| Err::<(), _>(broken())).await;
    assert!(matches!(first, Err(CallError::Credentials(_))));
    let second = patient.call(async |_| Ok(())).await;
    assert!(matches!(
        second,
        Err(CallError::Credentials(CredentialsError::Broken { .. }))
    ));
}

#[tokio::test]
async fn a_refusal_of_one_secret_says_nothing_of_the_next() {
    let patient = patient(&clock());
    for (status, code) in [
        (404, "Forbidden.ResourceNotFound"),
        (503, "ServiceUnavailable"),
    ] {
        let refused = CallError::Service {
            status,
            code: code.to_owned(),
            message: String::new(),
            request_id: String::new(),
        };
        let first = patient.call(async |_| Err::<(), _>(refused)).await;
        assert!(first.is_err());
        assert!(patient.call(async |_| Ok(())).await.is_ok(), "{code}");
    }
}
