use std::{sync::Arc, time::Duration};

use http::Method;
use jiff::Timestamp;
use kms_credentials::{Exchange, HttpRequest, HttpResponse, Limits, ProvideCredentials};
use kms_types::{Clock, SystemClock};
use kms_wire::sign::SigningKey;
use tokio::time::timeout;

use crate::{CallError, answer};

/// By which way, and as whom, things are delivered.
#[derive(Clone)]
pub struct Sender {
    http: Arc<dyn Exchange>,
    identity: Arc<dyn ProvideCredentials>,
    clock: Arc<dyn Clock>,
    patience: Duration,
}

/// A call that lacks nothing but the way.
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// An error's body is no longer.
const LARGEST_ANSWER: usize = 64 << 10;

// === impl Sender ===

impl Sender {
    /// By that way, with credentials from there.
    pub fn new(http: Arc<dyn Exchange>, identity: Arc<dyn ProvideCredentials>) -> Self {
        Self {
            http,
            identity,
            clock: Arc::new(SystemClock),
            patience: Duration::from_secs(10),
        }
    }

    /// With another clock, for signatures.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// How long a call may take, and how long credentials may.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Sends what the function signs. `code` finds the code in the body of a refusal.
    pub(super) async fn send(
        &self,
        host: &str,
        outgoing: impl Fn(&SigningKey, Timestamp) -> Outgoing + Send + Sync,
        code: fn(&[u8]) -> Option<String>,
        request_id: &str,
    ) -> Result<(), CallError> {
        let mut is_second = false;
        loop {
            let credentials = timeout(self.patience, self.identity.credentials())
                .await
                .map_err(|_elapsed| CallError::Timeout {
                    seconds: self.patience.as_secs(),
                })?
                .map_err(CallError::Credentials)?;
            let outgoing = outgoing(&credentials.key, self.clock.now());
            let request = HttpRequest {
                method: outgoing.method,
                url: outgoing.url,
                headers: outgoing.headers,
                body: outgoing.body,
                limits: Limits {
                    time: self.patience,
                    body: LARGEST_ANSWER,
                    proxy: true,
                },
            };
            let response = self.http.exchange(request).await;
            let response = response.map_err(|error| CallError::of_exchange(host, error))?;
            if matches!(response.status, 200..=299) {
                return Ok(());
            }
            let is_about_identity = matches!(response.status, 401 | 403);
            if is_second || !is_about_identity || !self.identity.refused(&credentials).await {
                return Err(refusal(host, &response, code, request_id));
            }
            is_second = true;
        }
    }
}

/// The code and the id alone: messages of these services repeat what was signed, tokens included.
fn refusal(
    host: &str,
    response: &HttpResponse,
    code: fn(&[u8]) -> Option<String>,
    request_id: &str,
) -> CallError {
    let status = response.status;
    // EXPOSE: for the code in it, which is a word of the service's.
    match code(response.body.expose()).filter(|code| !code.is_empty()) {
        Some(code) => {
            let id = response.header(request_id).unwrap_or_default();
            answer::service(status, &code, "the service refuses it", id)
        }
        None => CallError::Unreadable {
            host: host.to_owned(),
            reason: format!("HTTP {status} without an error code"),
        },
    }
}
