use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use kms_telemetry::Exit;
use kms_wire::response::GetSecretValue;

use super::*;

/// Gives its errors in turn, the last for ever.
struct Script {
    errors: Mutex<Vec<UpstreamError>>,
    calls: AtomicUsize,
}

#[async_trait]
impl Upstream for Script {
    async fn fetch(&self, request: &SecretRequest) -> Result<GetSecretValue, UpstreamError> {
        assert_eq!(request.secret.to_string(), NAME);
        self.calls.fetch_add(1, Ordering::SeqCst);
        let error = {
            let mut errors = self.errors.lock().unwrap();
            match errors.len() {
                0 => None,
                1 => Some(errors[0].clone()),
                _ => Some(errors.remove(0)),
            }
        };
        match error {
            Some(error) => Err(error),
            None => std::future::pending().await,
        }
    }
}

fn refused(status: u16, code: &str) -> UpstreamError {
    UpstreamError::Refused {
        status,
        code: code.to_owned(),
        message: String::new(),
        request_id: String::new(),
    }
}

/// What comes of it, and after how many calls.
async fn checked(errors: Vec<UpstreamError>) -> (Result<Proof, Exit>, usize) {
    let script = Script {
        errors: Mutex::new(errors),
        calls: AtomicUsize::new(0),
    };
    let result = run(&script).await.map_err(|error| error.exit());
    (result, script.calls.into_inner())
}

#[tokio::test(start_paused = true)]
async fn not_found_and_not_allowed_prove_identity_and_connection() {
    for (status, code) in [
        (404, "Forbidden.ResourceNotFound"),
        (403, "Forbidden.NoPermission"),
        (404, "Forbidden.KeyNotFound"),
        (400, "Rejected.InvalidRequest"),
    ] {
        let (result, calls) = checked(vec![refused(status, code)]).await;
        assert_eq!(result.unwrap().answer, code);
        assert_eq!(calls, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn errors_of_key_signature_and_token_are_a_bad_identity() {
    for (status, code) in [
        (404, "InvalidAccessKeyId.NotFound"),
        (400, "InvalidAccessKeyId.Inactive"),
        (400, "SignatureDoesNotMatch"),
        (400, "IncompleteSignature"),
        (400, "InvalidSecurityToken.Expired"),
        (400, "InvalidSecurityToken.Malformed"),
        (400, "MissingSecurityToken"),
        (400, "InvalidTimeStamp.Expired"),
        (400, "SignatureNonceUsed"),
    ] {
        let (result, calls) = checked(vec![refused(status, code)]).await;
        assert_eq!(result, Err(Exit::Refused), "{code}");
        assert_eq!(calls, 1, "{code}: another try would not help");
    }
    let none = UpstreamError::Credentials {
        reason: "env: not set".to_owned(),
        transient: false,
    };
    assert_eq!(checked(vec![none]).await, (Err(Exit::Refused), 1));
}

#[tokio::test(start_paused = true)]
async fn a_kms_that_cannot_be_reached_is_tried_three_times() {
    let unreachable = UpstreamError::Unreachable {
        reason: "refused".to_owned(),
    };
    for error in [
        unreachable.clone(),
        UpstreamError::Timeout,
        refused(503, "ServiceUnavailableTemporary"),
        refused(429, "Rejected.Throttling"),
        UpstreamError::Credentials {
            reason: "the metadata service is silent".to_owned(),
            transient: true,
        },
    ] {
        assert_eq!(checked(vec![error]).await, (Err(Exit::Unavailable), 3));
    }
    let then = vec![unreachable, refused(404, "Forbidden.ResourceNotFound")];
    let (result, calls) = checked(then).await;
    assert!(result.is_ok());
    assert_eq!(calls, 2);
}

#[tokio::test(start_paused = true)]
async fn a_kms_that_never_answers_is_given_45_seconds() {
    let begun = tokio::time::Instant::now();
    assert_eq!(checked(vec![]).await, (Err(Exit::Unavailable), 1));
    assert_eq!(begun.elapsed().as_secs(), 45);
}

#[tokio::test(start_paused = true)]
async fn once_tries_once() {
    let script = Script {
        errors: Mutex::new(vec![UpstreamError::Timeout]),
        calls: AtomicUsize::new(0),
    };
    assert!(once(&script).await.is_err());
    assert_eq!(script.calls.into_inner(), 1);
}
