//! The administrator's listener: is it alive, can it serve, what does it do. No token, and
//! nothing that a stranger could use.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE},
    routing::get,
};
use kms_store::{Mode, StoreError, run_tx};
use kms_telemetry::Shutdown;
use tokio::time::timeout;

use crate::{
    database::Database,
    metrics::{self, Metrics},
};

/// How long the store may take to answer `/ready`.
const PATIENCE: Duration = Duration::from_secs(2);

/// `/ping` says that the process runs, `/ready` that it serves, `/metrics` how.
pub(crate) fn router(database: Database, metrics: Metrics, shutdown: Shutdown) -> Router {
    let numbers = metrics.clone();
    Router::new()
        .route("/ping", get(|| async { answer(StatusCode::OK, "alive\n") }))
        .route(
            "/ready",
            get(move || {
                let (database, metrics) = (database.clone(), metrics.clone());
                let is_draining = shutdown.is_draining();
                async move { ready(&database, &metrics, is_draining).await }
            }),
        )
        .route(
            "/metrics",
            get(move || {
                let text = numbers.render();
                async move { respond(StatusCode::OK, metrics::CONTENT_TYPE, text) }
            }),
        )
}

async fn ready(database: &Database, metrics: &Metrics, is_draining: bool) -> Response<Body> {
    if is_draining {
        return answer(StatusCode::SERVICE_UNAVAILABLE, "ending\n");
    }
    if !metrics.is_audited() {
        return answer(
            StatusCode::SERVICE_UNAVAILABLE,
            "the audit log cannot be written\n",
        );
    }
    let asked = timeout(PATIENCE, ask(database)).await;
    let is_ready = matches!(asked, Ok(Ok(true)));
    metrics.ready(is_ready);
    match asked {
        Ok(Ok(true)) => answer(StatusCode::OK, "ready\n"),
        Ok(Ok(false)) => answer(
            StatusCode::SERVICE_UNAVAILABLE,
            "the store has no keyring\n",
        ),
        Ok(Err(reason)) => {
            tracing::warn!(error = %reason, "the store does not answer");
            answer(
                StatusCode::SERVICE_UNAVAILABLE,
                "the store does not answer\n",
            )
        }
        Err(_elapsed) => {
            tracing::warn!("the store does not answer in time");
            answer(
                StatusCode::SERVICE_UNAVAILABLE,
                "the store does not answer\n",
            )
        }
    }
}

/// Whether the keyring is where it was opened from.
async fn ask(database: &Database) -> Result<bool, StoreError> {
    let store = database.store();
    run_tx(&*store, Mode::Read, |mut tx| {
        Box::pin(async move { Ok::<_, StoreError>(tx.keyrings().load().await?.is_some()) })
    })
    .await
}

fn answer(status: StatusCode, text: &'static str) -> Response<Body> {
    respond(status, "text/plain; charset=utf-8", text.to_owned())
}

fn respond(status: StatusCode, content_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let value = HeaderValue::from_static(content_type);
    response.headers_mut().insert(CONTENT_TYPE, value);
    response
}
