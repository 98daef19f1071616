//! Reviews over HTTP: bounded in size, in time and in number, and each of them one line in the log.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{self, Body},
    http::{Request as HttpRequest, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::post,
};
use kms_types::Clock;
use tokio::{sync::Semaphore, time::timeout};

use super::{
    metrics::Metrics,
    question::{Judges, Webhook},
    review::{Request, ReviewError},
};

/// Who answers reviews.
#[derive(Clone)]
pub(super) struct Reviews(Arc<Inner>);

struct Inner {
    judges: Judges,
    metrics: Arc<Metrics>,
    clock: Arc<dyn Clock>,
    seats: Semaphore,
}

/// What a review comes to in numbers and in the log.
struct Told {
    operation: &'static str,
    verdict: &'static str,
}

/// In bytes: what the API server takes itself.
const MOST: usize = 3 * 1024 * 1024;

/// So many reviews are in memory at once.
const AT_ONCE: usize = 32;

/// From the head to the answer, for the API server waits for ten seconds unless told otherwise.
const TIME: Duration = Duration::from_secs(8);

/// A name of Kubernetes is not longer. What is asked about has not been checked yet.
const LONGEST_NAME: usize = 253;

// === impl Reviews ===

impl Reviews {
    pub(super) fn new(judges: Judges, metrics: Arc<Metrics>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            judges,
            metrics,
            clock,
            seats: Semaphore::new(AT_ONCE),
        }))
    }

    /// `/validate` and `/inject`.
    pub(super) fn router(&self) -> Router {
        [
            ("/validate", Webhook::Validate),
            ("/inject", Webhook::Inject),
        ]
        .into_iter()
        .fold(Router::new(), |router, (path, webhook)| {
            let reviews = self.clone();
            router.route(
                path,
                post(move |request: HttpRequest<Body>| async move {
                    reviews.answer(webhook, request).await
                }),
            )
        })
    }

    async fn answer(&self, webhook: Webhook, request: HttpRequest<Body>) -> Response {
        let Self(inner) = self;
        let began = inner.clock.monotonic();
        let (told, response) = match timeout(TIME, inner.review(webhook, request)).await {
            Ok(answered) => answered,
            Err(_) => (
                Told::nothing("late"),
                refuse(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "too slow, or too much at once",
                ),
            ),
        };
        let took = inner.clock.monotonic().saturating_sub(began);
        inner
            .metrics
            .reviewed(webhook, told.operation, told.verdict, took);
        response
    }
}

// === impl Inner ===

impl Inner {
    async fn review(&self, webhook: Webhook, request: HttpRequest<Body>) -> (Told, Response) {
        // Never closed.
        let _seat = self.seats.acquire().await;
        let Ok(body) = body::to_bytes(request.into_body(), MOST).await else {
            return malformed(
                webhook,
                StatusCode::PAYLOAD_TOO_LARGE,
                "the body is larger than 3 MiB, or does not arrive",
            );
        };
        let read = tokio::task::spawn_blocking(move || Request::read(&body)).await;
        let request = match read {
            Ok(Ok(request)) => Arc::new(request),
            Ok(Err(error)) => return not_understood(webhook, &error),
            Err(_) => return malformed(webhook, StatusCode::INTERNAL_SERVER_ERROR, FAILED),
        };
        let operation = request.operation().as_str();
        let Some(answer) = self.judges.answer(webhook, &request).await else {
            log(webhook, &request, "failed");
            let told = Told {
                operation,
                verdict: "failed",
            };
            return (told, refuse(StatusCode::INTERNAL_SERVER_ERROR, FAILED));
        };
        let verdict = answer.verdict.as_str();
        log(webhook, &request, verdict);
        let body = request.answer(&answer).to_string();
        let response = ([(CONTENT_TYPE, "application/json")], body).into_response();
        (Told { operation, verdict }, response)
    }
}

// === impl Told ===

impl Told {
    fn nothing(verdict: &'static str) -> Self {
        Self {
            operation: "unknown",
            verdict,
        }
    }
}

/// It is in the log, for a panic is reported.
const FAILED: &str = "ack-secret-manager failed; see its log";

fn not_understood(webhook: Webhook, error: &ReviewError) -> (Told, Response) {
    malformed(webhook, StatusCode::BAD_REQUEST, &error.to_string())
}

fn malformed(webhook: Webhook, status: StatusCode, why: &str) -> (Told, Response) {
    tracing::warn!(webhook = webhook.as_str(), why, "not answered");
    (Told::nothing("malformed"), refuse(status, why))
}

fn refuse(status: StatusCode, why: &str) -> Response {
    (status, format!("{why}\n")).into_response()
}

/// Nothing of what an object holds: pods and stores may have secrets in them.
fn log(webhook: Webhook, request: &Request, verdict: &'static str) {
    let (_, kind) = request.kind();
    let (namespace, name) = request.place();
    tracing::info!(
        webhook = webhook.as_str(),
        kind = word(kind),
        namespace = word(namespace),
        name = word(name),
        operation = request.operation().as_str(),
        verdict,
        "answered"
    );
}

/// A name, if it can be one.
fn word(name: &str) -> &str {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-.:".contains(&b);
    if name.len() <= LONGEST_NAME && name.bytes().all(fits) {
        name
    } else {
        "?"
    }
}

#[cfg(test)]
mod tests;
