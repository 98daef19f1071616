//! `dev`: the log, the runtime and the signals around [`dev::run`].

use std::{
    io::{self, Write},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use kms_server::dev::{self, DevError, Home, Options, Summary};
use kms_telemetry::{
    Exit, Failure, LogOptions, LogSink, Verbosity, ZapLayer, open_log, report_panics, signals,
};
use kms_types::{Clock, SystemClock};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

use super::NAME;

/// How long tasks may take to notice the end.
const PATIENCE: Duration = Duration::from_secs(1);

/// One log file, and how many older ones are kept.
const LOG_SIZE: u64 = 100 * 1024 * 1024;
const LOG_BACKUPS: usize = 2;

pub(super) fn run(dir: &Path, options: Options) -> Result<(), Failure> {
    let home = Home::claim(dir).map_err(|error| Failure::new(error.exit(), error))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let failed = |error: anyhow::Error| Failure::new(Exit::Failure, error);
    let (log, writer) = open_log(LogOptions {
        dir: home.logs(),
        stem: NAME.to_owned(),
        max_size: LOG_SIZE,
        max_backups: LOG_BACKUPS,
        clock: Arc::clone(&clock),
    })
    .map_err(|error| failed(error.into()))?;
    trace(log, Arc::clone(&clock)).map_err(failed)?;
    report_panics(NAME);

    let ended = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start threads")
        .and_then(|runtime| {
            let ended = runtime.block_on(async {
                let lifecycle = signals::listen().context("cannot handle signals")?;
                Ok(dev::run(&home, options, clock, lifecycle, announce).await)
            });
            runtime.shutdown_timeout(PATIENCE);
            ended
        })
        .map_err(failed)
        .and_then(|ended: Result<(), DevError>| {
            ended.map_err(|error| Failure::new(error.exit(), error))
        });
    match &ended {
        Ok(()) => tracing::info!("ended as ordered"),
        Err(failure) => tracing::error!(exit = failure.exit.code(), "{failure}"),
    }
    // What waits reaches the file before the process ends.
    writer.close();
    ended
}

fn announce(summary: &Summary) {
    // Nobody reads: no reason not to serve.
    let mut out = io::stdout().lock();
    drop(write!(out, "{summary}\nready\n").and_then(|()| out.flush()));
}

fn trace(log: LogSink, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let verbosity = Verbosity {
        level: LevelFilter::INFO,
        own: vec!["kms_"],
    };
    let layer = ZapLayer::new(log, clock, verbosity);
    tracing::subscriber::set_global_default(Registry::default().with(layer))
        .context("cannot set up the log")
}
