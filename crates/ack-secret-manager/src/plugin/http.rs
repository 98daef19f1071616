//! How the provider is, for probes of the kubelet and for people: over HTTP, beside the socket.

use std::sync::Arc;

use axum::{
    Router,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::json;

use super::{
    api::{HEALTHY, VERSION},
    health::Health,
};

/// `/healthz` says that the process lives: to restart it would mend nothing. `/readyz` says whether KMS
/// works, and `/status` what kube-apiserver is told.
pub(super) fn router(health: &Arc<Health>) -> Router {
    let (ready, status) = (Arc::clone(health), Arc::clone(health));
    Router::new()
        .route("/healthz", get(|| async { HEALTHY }))
        .route("/readyz", get(move || async move { readiness(&ready) }))
        .route("/status", get(move || async move { told(&status) }))
}

fn readiness(health: &Health) -> Response {
    let report = health.report();
    let status = if report.is_healthy() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, format!("{}\n", report.healthz)).into_response()
}

fn told(health: &Health) -> Response {
    let report = health.report();
    let told = json!({
        "version": VERSION,
        "healthz": report.healthz,
        "keyId": report.key.map(|key| key.to_string()),
    });
    ([(CONTENT_TYPE, "application/json")], told.to_string()).into_response()
}
