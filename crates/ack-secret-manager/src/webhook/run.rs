//! A run of the webhooks, from its start to its end.

use std::sync::Arc;

use kms_telemetry::Lifecycle;
use kms_types::{Clock, SystemClock};
use thiserror::Error;
use tokio::sync::watch;

use super::{
    CertificateError, FilesError, Settings,
    certificate::{self, Served},
    http::Reviews,
    listen,
    metrics::Metrics,
    probes::{self, NotReady},
    question::Judges,
    settings::Certificate,
};
use crate::{
    operator,
    serving::{self, Serving, ServingError},
};

/// What keeps the webhooks from starting.
#[derive(Debug, Error)]
pub enum RunError {
    /// There is no cluster.
    #[error(transparent)]
    Cluster(#[from] operator::RunError),
    /// A port is taken.
    #[error(transparent)]
    Serving(#[from] ServingError),
    /// Certificate and key of somebody else are of no use.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// No certificate can be made.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

/// Answers until it is told to end.
///
/// # Errors
/// [`RunError`]: what keeps it from starting. Afterwards it goes on, whatever happens.
pub async fn run(settings: Settings, lifecycle: Lifecycle) -> Result<(), RunError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let metrics = Arc::new(Metrics::new());
    let (ready, readiness) = watch::channel::<NotReady>(Some("no certificate yet".to_owned()));
    let served = Arc::new(Served::new(Arc::clone(&metrics)));
    let tls = certificate::acceptor(&served)?;

    let mut serving = Serving::default();
    if let Some(listen) = settings.health {
        let router = probes::health(readiness);
        serving
            .serve(listen, router, "probes", "--health-addr")
            .await?;
    }
    if let Some(listen) = settings.metrics {
        let router = probes::metrics(&metrics);
        serving
            .serve(listen, router, "metrics", "--metrics-addr")
            .await?;
    }
    let listener = serving::listen(settings.listen, "reviews", "--listen").await?;

    let judges = Judges::new(settings.inject);
    let router = Reviews::new(judges, metrics, Arc::clone(&clock)).router();
    let mut draining = lifecycle.shutdown.clone();
    let answering = listen::serve(listener, tls, router, lifecycle.shutdown.clone());
    let answering = tokio::spawn(answering);
    let keeping = match settings.certificate {
        Certificate::Files { certificate, key } => {
            let files = certificate::Files::new(certificate, key, clock);
            // At the start a mistake is told at once.
            files.serve(&served)?;
            ready.send_replace(None);
            tokio::spawn(files.follow(served, lifecycle))
        }
        Certificate::Own {
            secret,
            namespace,
            service,
            hosts,
            validating,
            mutating,
        } => {
            let config = operator::cluster(settings.kubeconfig.as_deref()).await?;
            let namespace = namespace.unwrap_or_else(|| config.default_namespace.clone());
            let names = service
                .map(|service| format!("{service}.{namespace}.svc"))
                .into_iter()
                .chain(hosts)
                .collect();
            let client = operator::client(config, None)?;
            let objects =
                certificate::Cluster::new(client, &namespace, &secret, validating, mutating);
            let changes = objects.changes();
            let keeper = certificate::Keeper::new(Box::new(objects), names, served, clock);
            tokio::spawn(keeper.keep(changes, ready.clone()))
        }
    };
    draining.draining().await;
    // It says that all is well, and what it keeps is kept by the other replicas.
    keeping.abort();
    drop(keeping.await);
    ready.send_replace(Some("about to end".to_owned()));
    // It ends by itself, and fails only if it panicked, which has been reported.
    drop(answering.await);
    drop(serving);
    Ok(())
}
