//! A run of the provider, from its start to its end.

use std::{pin::pin, sync::Arc, time::Duration};

use futures_util::stream;
use kms_client::TransportError;
use kms_telemetry::Lifecycle;
use kms_types::{Clock, SystemClock};
use thiserror::Error;
use tokio::time::timeout;
use tonic::transport::Server;

use super::{
    Settings, SocketError,
    grpc::KeyManagementService,
    health::Health,
    http,
    keys::{KeyVersion, Keys, Kms},
    probe::{self, ProbeError},
    provider::Provider,
    socket::Socket,
};
use crate::serving::{Serving, ServingError};

/// What keeps the provider from starting, or ends it.
#[derive(Debug, Error)]
pub enum RunError {
    /// Files and variables that are of no use.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// KMS is of no use; only a check ends with that.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// There can be no socket.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// Probes cannot be served.
    #[error(transparent)]
    Serving(#[from] ServingError),
    /// It cannot serve any more.
    #[error("no longer served: {0}")]
    Ended(#[from] tonic::transport::Error),
}

/// How long the first look at KMS may hold up the start. kube-apiserver asks for Status first, and an
/// answer that says nothing yet would make it wait ten seconds.
const FIRST_LOOK: Duration = Duration::from_secs(5);

/// kube-apiserver makes one connection, and few calls.
const CALLS_AT_ONCE: usize = 64;

/// How long calls may take to come to their end when the process is to end.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until it is told to end. That KMS does not work is no reason not to: Status says so.
///
/// # Errors
/// [`RunError`].
pub async fn run(settings: &Settings, lifecycle: Lifecycle) -> Result<(), RunError> {
    let keys = keys(settings)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let health = Arc::new(Health::new(clock, settings.unhealthy_after));
    // Health was told; and whoever waited no longer is told by the next look.
    drop(timeout(FIRST_LOOK, probe::once(keys.as_ref(), &health)).await);
    let socket = Socket::listen(&settings.socket).await?;
    let mut serving = Serving::default();
    if let Some(listen) = settings.health {
        let router = http::router(&health);
        serving
            .serve(listen, router, "probes", "--health-addr")
            .await?;
    }
    tracing::info!(socket = %settings.socket.display(), "listening");

    let provider = Provider::new(Arc::clone(&keys), Arc::clone(&health));
    let service = KeyManagementService::new(Arc::new(provider));
    let served = serve(service, &socket, lifecycle);
    let looks = probe::for_ever(keys, health, settings.probe_interval);
    tokio::select! {
        ended = served => ended,
        () = looks => Ok(()),
    }
}

/// Encrypts and decrypts once: whether a start would do.
///
/// # Errors
/// [`RunError`].
pub async fn check(settings: &Settings) -> Result<KeyVersion, RunError> {
    let keys = keys(settings)?;
    let health = Health::new(Arc::new(SystemClock), settings.unhealthy_after);
    Ok(probe::once(keys.as_ref(), &health).await?)
}

fn keys(settings: &Settings) -> Result<Arc<dyn Keys>, RunError> {
    let client = settings.client()?;
    let (key, context) = (settings.key.clone(), settings.context.clone());
    Ok(Arc::new(Kms::new(client, key, context)))
}

pub(super) async fn serve(
    service: KeyManagementService,
    socket: &Socket,
    lifecycle: Lifecycle,
) -> Result<(), RunError> {
    let incoming = pin!(stream::unfold(socket, |socket| async move {
        Some((socket.accept().await, socket))
    }));
    let mut stop = lifecycle.shutdown.clone();
    let served = Server::builder()
        .concurrency_limit_per_connection(CALLS_AT_ONCE)
        .serve_with_incoming_shutdown(service, incoming, async move {
            stop.draining().await;
        });
    let mut shutdown = lifecycle.shutdown;
    let late = async {
        shutdown.draining().await;
        drop(timeout(GRACE, shutdown.at_once()).await);
    };
    tokio::select! {
        ended = served => Ok(ended?),
        () = late => Ok(()),
    }
}
