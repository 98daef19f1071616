//! A run of the operator, from its start to its end.

use std::{path::Path, pin::pin, sync::Arc};

use kms_telemetry::Lifecycle;
use kms_types::{Clock, SystemClock};
use kube::{
    Client, Config,
    client::{ClientBuilder, retry::RetryPolicy},
    config::{KubeConfigOptions, Kubeconfig},
};
use thiserror::Error;
use tower::{buffer::BufferLayer, limit::ConcurrencyLimitLayer, retry::RetryLayer};

use crate::{
    leader::{Candidate, GateLayer, LEASE, Leadership},
    metrics::Metrics,
    serving::{self, ServingError},
    settings::Settings,
};

mod parts;
mod tokens;
mod work;

/// So many requests are under way at once, or more where the flags say so: each takes a connection of its own, and a start with
/// thousands of objects would open as many. A watch counts until it begins to answer.
const AT_ONCE: usize = 16;

/// So many more may wait for their turn.
const WAITING: usize = 1024;

/// What keeps the operator from starting.
#[derive(Debug, Error)]
pub enum RunError {
    /// There is no cluster.
    #[error(
        "no cluster: in a pod the ServiceAccount's token is used, elsewhere KUBECONFIG or \
         --kubeconfig names a file: {0}"
    )]
    Cluster(String),
    /// Metrics or probes cannot be served.
    #[error(transparent)]
    Serving(#[from] ServingError),
}

/// Runs until it is told to end.
///
/// # Errors
/// [`RunError`]: what keeps it from starting. Afterwards it goes on, whatever happens.
pub async fn run(settings: Settings, lifecycle: Lifecycle) -> Result<(), RunError> {
    for notice in &settings.notices {
        tracing::warn!("{notice}");
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let config = cluster(settings.process.kubeconfig.as_deref()).await?;
    let plain = client(config.clone(), None)?;

    let identity = settings
        .process
        .pod_name
        .clone()
        .unwrap_or_else(|| format!("ack-secret-manager-{}", uuid::Uuid::new_v4()));
    let mut draining = lifecycle.shutdown.clone();
    let (standing, mut leadership) = if settings.process.leader_elect {
        let namespace = settings.process.pod_namespace.as_deref();
        let namespace = namespace.unwrap_or(&config.default_namespace);
        let name = settings.scope.shard.lease(LEASE);
        let (candidate, leadership) = Candidate::new(
            plain.clone(),
            namespace,
            &name,
            identity.clone(),
            Arc::clone(&clock),
        );
        let mut stop = lifecycle.shutdown.clone();
        let standing = tokio::spawn(candidate.stand(async move { stop.draining().await }));
        (Some(standing), leadership)
    } else {
        (None, Leadership::alone())
    };
    let at_once = usize::try_from(settings.process.workers.get()).unwrap_or(AT_ONCE);
    let gated = client(config, Some((leadership.clone(), at_once.max(AT_ONCE))))?;
    let metrics = Arc::new(Metrics::new());
    let served = serving::start(&settings.process, &metrics).await?;

    loop {
        tokio::select! {
            () = leadership.gained() => {}
            () = draining.draining() => break,
        }
        tracing::info!(identity, "leading");
        metrics.leads(true);
        let work = work::work(&settings, &gated, &identity, &clock, &metrics);
        let mut work = pin!(work);
        tokio::select! {
            () = &mut work => {}
            () = leadership.lost() => tracing::warn!("another replica leads, or the API server does not answer"),
            () = draining.draining() => break,
        }
        metrics.leads(false);
    }
    if let Some(standing) = standing {
        // It gives the Lease back. Fails only if it panicked, which has been reported.
        drop(standing.await);
    }
    drop(served);
    Ok(())
}

/// Where the API server is, and as whom it is called.
///
/// # Errors
/// `Cluster`.
pub(crate) async fn cluster(kubeconfig: Option<&Path>) -> Result<Config, RunError> {
    let failed = |error: String| RunError::Cluster(error);
    match kubeconfig {
        Some(path) => {
            let file = Kubeconfig::read_from(path).map_err(|error| failed(error.to_string()))?;
            Config::from_custom_kubeconfig(file, &KubeConfigOptions::default())
                .await
                .map_err(|error| failed(error.to_string()))
        }
        None => Config::infer()
            .await
            .map_err(|error| failed(error.to_string())),
    }
}

/// Of the API server; with a leadership it writes only while that holds, and asks only so much at
/// once.
pub(crate) fn client(
    mut config: Config,
    leadership: Option<(Leadership, usize)>,
) -> Result<Client, RunError> {
    let failed = |error: kube::Error| RunError::Cluster(error.to_string());
    // The client's own retry would send a write again behind the gate, minutes after it let it pass:
    // each try has to pass it.
    config.default_retry = leadership.is_none();
    let builder = ClientBuilder::try_from(config).map_err(failed)?;
    Ok(match leadership {
        None => builder.build(),
        Some((leadership, at_once)) => builder
            .with_layer(&ConcurrencyLimitLayer::new(at_once))
            .with_layer(&GateLayer::new(leadership))
            .with_layer(&BufferLayer::new(WAITING))
            .with_layer(&RetryLayer::new(RetryPolicy::server_retry()))
            .build(),
    })
}

#[cfg(test)]
mod tests;
