//! What everything that runs on and on has: a log, threads, signals, an end.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use kms_server::settings::LogLevel;
use kms_telemetry::{
    Exit, Failure, Lifecycle, LogOptions, LogSink, LogWriter, ServiceManager, Verbosity, ZapLayer,
    open_log, report_panics, signals,
};
use kms_types::Clock;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

use super::NAME;

/// Where and how much is written.
pub(super) struct Log {
    pub(super) dir: PathBuf,
    pub(super) level: LogLevel,
    pub(super) max_size: u64,
    pub(super) backups: usize,
}

/// A process whose log is open.
pub(super) struct Daemon {
    writer: LogWriter,
}

/// How long tasks may take to notice the end.
const PATIENCE: Duration = Duration::from_secs(1);

impl Daemon {
    /// Opens the log; from now on everything is written there.
    pub(super) fn start(log: Log, clock: &Arc<dyn Clock>) -> Result<Self, Failure> {
        let level = log.level;
        let (sink, writer) = open_log(LogOptions {
            dir: log.dir,
            stem: NAME.to_owned(),
            max_size: log.max_size,
            max_backups: log.backups,
            clock: Arc::clone(clock),
        })
        .map_err(|error| Failure::new(Exit::Failure, error))?;
        trace(sink, level, Arc::clone(clock)).map_err(failed)?;
        report_panics(NAME);
        Ok(Self { writer })
    }

    /// Runs the work until it ends, and the log after it.
    pub(super) fn run(
        self,
        work: impl AsyncFnOnce(Lifecycle) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let ended = runtime().map_err(failed).and_then(|runtime| {
            let ended = runtime.block_on(async {
                let lifecycle = signals::listen()
                    .context("cannot handle signals")
                    .map_err(failed)?;
                work(lifecycle).await
            });
            runtime.shutdown_timeout(PATIENCE);
            ended
        });
        ServiceManager::from_process().stopping();
        match &ended {
            Ok(()) => tracing::info!("ended as ordered"),
            Err(failure) => tracing::error!(exit = failure.exit.code(), "{failure}"),
        }
        // What waits reaches the file before the process ends.
        self.writer.close();
        ended
    }
}

/// Threads and timers, for commands that end by themselves too.
pub(super) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start threads")
}

pub(super) fn failed(error: anyhow::Error) -> Failure {
    Failure::new(Exit::Failure, error)
}

fn trace(log: LogSink, level: LogLevel, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let verbosity = Verbosity {
        level: match level {
            LogLevel::Debug => LevelFilter::DEBUG,
            LogLevel::Info => LevelFilter::INFO,
            LogLevel::Warn => LevelFilter::WARN,
            LogLevel::Error => LevelFilter::ERROR,
        },
        own: vec!["kms_"],
    };
    let layer = ZapLayer::new(log, clock, verbosity);
    tracing::subscriber::set_global_default(Registry::default().with(layer))
        .context("cannot set up the log")
}
