//! Metrics for a scraper, and probes for the kubelet.

use std::{io, net::SocketAddr, sync::Arc};

use axum::{Router, http::header::CONTENT_TYPE, response::IntoResponse as _, routing::get};
use thiserror::Error;
use tokio::{net::TcpListener, task::AbortHandle};

use crate::{
    metrics::{self, Metrics},
    settings::{Listen, ProcessSettings},
};

/// An address that cannot be listened on.
#[derive(Debug, Error)]
#[error("cannot listen on port {port} for {what}: {source}; {flag} sets another address")]
pub struct ServingError {
    what: &'static str,
    flag: &'static str,
    port: u16,
    source: io::Error,
}

/// Serves until it is dropped.
#[derive(Default)]
pub(crate) struct Serving(Vec<AbortHandle>);

/// Listens.
///
/// # Errors
/// [`ServingError`].
pub(crate) async fn start(
    settings: &ProcessSettings,
    metrics: &Arc<Metrics>,
) -> Result<Serving, ServingError> {
    let numbers = {
        let metrics = Arc::clone(metrics);
        Router::new().route(
            "/metrics",
            get(move || async move {
                ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], metrics.render()).into_response()
            }),
        )
    };
    // A replica that waits for the Lease is as ready as one that has it.
    let probes = Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(|| async { "ok" }));
    let mut serving = Serving::default();
    for (listen, router, what, flag) in [
        (settings.metrics, numbers, "metrics", "--metrics-addr"),
        (settings.health, probes, "probes", "--health-addr"),
    ] {
        if let Some(listen) = listen {
            serving.serve(listen, router, what, flag).await?;
        }
    }
    Ok(serving)
}

// === impl Serving ===

impl Serving {
    /// Listens for one thing more.
    ///
    /// # Errors
    /// [`ServingError`].
    pub(crate) async fn serve(
        &mut self,
        listen: Listen,
        router: Router,
        what: &'static str,
        flag: &'static str,
    ) -> Result<(), ServingError> {
        let listener = self::listen(listen, what, flag).await?;
        let served = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, what, "no longer served");
            }
        });
        self.0.push(served.abort_handle());
        Ok(())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        for served in &self.0 {
            served.abort();
        }
    }
}

/// Opens a port; `flag` says which.
///
/// # Errors
/// [`ServingError`].
pub(crate) async fn listen(
    listen: Listen,
    what: &'static str,
    flag: &'static str,
) -> Result<TcpListener, ServingError> {
    let listener = bind(listen).await.map_err(|source| ServingError {
        what,
        flag,
        port: listen.port,
        source,
    })?;
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, what, "listening");
    }
    Ok(listener)
}

async fn bind(listen: Listen) -> io::Result<TcpListener> {
    let candidates: Vec<SocketAddr> = listen.candidates().collect();
    // The first that the machine has: it may have no IPv6.
    TcpListener::bind(candidates.as_slice()).await
}
