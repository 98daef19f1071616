//! `dev`: the folder and the greeting around [`dev::run`].

use std::{
    io::{self, Write},
    path::Path,
    sync::Arc,
};

use kms_server::{
    dev::{self, Home, Options, Summary},
    settings::LogLevel,
};
use kms_telemetry::Failure;
use kms_types::{Clock, SystemClock};

use super::daemon::{Daemon, Log};

pub(super) fn run(dir: &Path, options: Options) -> Result<(), Failure> {
    let home = Home::claim(dir).map_err(|error| Failure::new(error.exit(), error))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let log = Log {
        dir: home.logs(),
        level: LogLevel::Info,
        max_size: 100 * 1024 * 1024,
        backups: 2,
    };
    Daemon::start(log, &clock)?.run(async |lifecycle| {
        dev::run(&home, options, clock, lifecycle, announce)
            .await
            .map_err(|error| Failure::new(error.exit(), error))
    })
}

fn announce(summary: &Summary) {
    // Nobody reads: no reason not to serve.
    let mut out = io::stdout().lock();
    drop(write!(out, "{summary}\nready\n").and_then(|()| out.flush()));
}
