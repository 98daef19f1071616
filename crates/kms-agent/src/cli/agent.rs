//! `agent`: the log, the runtime, the service manager around [`program::run`].

use std::{net::SocketAddr, path::Path, sync::Arc, thread, time::Duration};

use anyhow::Context as _;
use kms_agent::{
    LogLevel, Settings,
    loopback::spawn_watchdog,
    program::{self, Program, RunError},
};
use kms_telemetry::{
    Exit, Failure, LogSink, ServiceManager, Verbosity, ZapLayer, harden, report_panics, signals,
};
use kms_types::{Clock, Env, SystemClock};
use tokio::runtime::Runtime;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

use super::{NAME, load, say};

/// More threads than this serve no faster: loopback requests cost microseconds. Also as
/// many as the log has shards.
const MAX_WORKERS: usize = 8;

/// For what may block: resolving names, the credential chain's files.
const MAX_BLOCKING: usize = 8;

/// How long tasks may take to notice the end.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) fn run(config: Option<&Path>, env: &Env) -> Result<(), Failure> {
    let config = load(config)?;
    let locked = harden::lock_memory();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let (log, writer) = program::open_agent_log(&config.settings.log, Arc::clone(&clock))
        .map_err(|error| Failure::new(Exit::Failure, error))?;
    trace(&config.settings, log.clone(), Arc::clone(&clock))
        .map_err(|error| Failure::new(Exit::Failure, error))?;
    report_panics(NAME);
    for warning in &config.warnings {
        tracing::warn!("{warning}");
        say(warning);
    }
    match locked {
        Ok(()) => tracing::info!("memory is locked: secrets stay out of swap"),
        Err(why) => tracing::warn!(why, "memory is not locked: secrets may reach swap"),
    }

    let path = writer.path().display().to_string();
    let program = |lifecycle| Program {
        settings: config.settings,
        env: env.clone(),
        clock,
        log,
        lifecycle,
    };
    let ended = runtime()
        .and_then(|runtime| {
            let ended = runtime.block_on(async {
                let lifecycle = signals::listen().context("cannot handle signals")?;
                Ok(program::run(program(lifecycle), |addresses| announce(addresses, &path)).await)
            });
            runtime.shutdown_timeout(PATIENCE);
            ended
        })
        .map_err(|error| Failure::new(Exit::Failure, error))
        .and_then(|ended: Result<(), RunError>| {
            ended.map_err(|error| Failure::new(error.exit(), error))
        });
    ServiceManager::from_process().stopping();
    match &ended {
        Ok(()) => tracing::info!("ended as ordered"),
        Err(failure) => tracing::error!(exit = failure.exit.code(), "{failure}"),
    }
    // What waits reaches the file before the process ends.
    writer.close();
    ended
}

fn trace(
    settings: &Settings,
    log: LogSink,
    clock: Arc<dyn Clock>,
) -> Result<(), tracing::dispatcher::SetGlobalDefaultError> {
    let level = match settings.log.level {
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Error => LevelFilter::ERROR,
    };
    let verbosity = Verbosity {
        level,
        own: vec!["kms_", "alibabacloud_kms_agent"],
    };
    let layer = ZapLayer::new(log, clock, verbosity);
    tracing::subscriber::set_global_default(Registry::default().with(layer))
}

fn runtime() -> anyhow::Result<Runtime> {
    let workers = thread::available_parallelism().map_or(1, |count| count.get().min(MAX_WORKERS));
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .max_blocking_threads(MAX_BLOCKING)
        .enable_all()
        .build()
        .context("cannot start threads")
}

/// Called once the agent listens.
fn announce(addresses: &[SocketAddr], log: &str) {
    let shown: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    let shown = shown.join(" and ");
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        addresses = shown,
        "listening"
    );
    say(format_args!("listening on {shown}; log: {log}"));
    let manager = ServiceManager::from_process();
    manager.ready();
    if let Some(address) = addresses.first() {
        spawn_watchdog(manager, *address);
    }
}
