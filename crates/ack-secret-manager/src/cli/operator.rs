//! The operator: its log and its threads around [`ack_secret_manager::run`].

use std::{io, time::Duration};

use ack_secret_manager::Settings;
use anyhow::Context as _;
use kms_telemetry::{Exit, Failure, report_panics, signals};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Layer as _, Registry, filter::Targets, layer::SubscriberExt as _};

use super::NAME;

/// How long tasks may take to notice the end.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) fn run(settings: Settings) -> Result<(), Failure> {
    trace(settings.process.log_level).map_err(failed)?;
    report_panics(NAME);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start threads")
        .and_then(|runtime| {
            let ended = runtime.block_on(async {
                let lifecycle = signals::listen().context("cannot be told to end")?;
                Ok(ack_secret_manager::run(settings, lifecycle).await?)
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

fn failed(error: anyhow::Error) -> Failure {
    Failure::new(Exit::Failure, error)
}
