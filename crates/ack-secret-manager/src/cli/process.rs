//! What every program that goes on needs around it: a log, threads, and to be told to end.

use std::{error::Error, future::Future, io, time::Duration};

use anyhow::Context as _;
use kms_telemetry::{Exit, Failure, Lifecycle, report_panics, signals};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Layer as _, Registry, filter::Targets, layer::SubscriberExt as _};

use super::NAME;

/// How long tasks may take to notice the end. What never ends is left behind.
const PATIENCE: Duration = Duration::from_secs(1);

/// Runs it on several threads until it ends; it is told to by what it is given.
pub(super) fn run<E, F>(
    level: LevelFilter,
    program: impl FnOnce(Lifecycle) -> F,
) -> Result<(), Failure>
where
    E: Error + Send + Sync + 'static,
    F: Future<Output = Result<(), E>>,
{
    let failed = |error: anyhow::Error| Failure::new(Exit::Failure, error);
    trace(level).map_err(failed)?;
    report_panics(NAME);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start threads")
        .and_then(|runtime| {
            let ended = runtime.block_on(async {
                let lifecycle = signals::listen().context("cannot be told to end")?;
                Ok(program(lifecycle).await?)
            });
            runtime.shutdown_timeout(PATIENCE);
            ended
        })
        .map_err(failed)
}

/// Lines to standard error, where a pod's log is read; of what is not ours only warnings.
pub(super) fn trace(level: LevelFilter) -> anyhow::Result<()> {
    let shown = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("ack_secret_manager", level)
        .with_target("kms_", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(io::stderr)
        .with_filter(shown);
    tracing::subscriber::set_global_default(Registry::default().with(lines)).context("cannot log")
}
