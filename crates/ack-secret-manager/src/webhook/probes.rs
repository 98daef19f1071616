//! Probes for the kubelet, and numbers for a scraper.

use std::sync::Arc;

use axum::{
    Router,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse as _,
    routing::get,
};
use tokio::sync::watch;

use super::metrics::Metrics;
use crate::metrics::CONTENT_TYPE as OPEN_METRICS;

/// Why reviews cannot be answered yet; `None` when they can.
pub(super) type NotReady = Option<String>;

/// `/healthz` says that the process lives; `/readyz` whether the API server can ask it.
pub(super) fn health(ready: watch::Receiver<NotReady>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route(
            "/readyz",
            get(move || async move {
                match &*ready.borrow() {
                    None => (StatusCode::OK, "ok\n".to_owned()),
                    Some(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
                }
            }),
        )
}

/// `/metrics`.
pub(super) fn metrics(metrics: &Arc<Metrics>) -> Router {
    let metrics = Arc::clone(metrics);
    Router::new().route(
        "/metrics",
        get(move || async move { ([(CONTENT_TYPE, OPEN_METRICS)], metrics.render()).into_response() }),
    )
}
