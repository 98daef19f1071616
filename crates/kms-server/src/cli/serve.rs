//! `serve`: the log, the service manager and the signals around [`serve::run`].

use std::{io::Write as _, path::Path, sync::Arc};

use kms_agent::loopback::spawn_watchdog;
use kms_server::{
    config::Config,
    serve::{self, Addresses},
};
use kms_telemetry::{Failure, ServiceManager, harden, say};
use kms_types::{Clock, Env, SystemClock};

use super::{
    NAME,
    daemon::{Daemon, Log},
    load,
};

pub(super) fn run(config: &Path, env: &Env) -> Result<(), Failure> {
    let Config {
        settings, warnings, ..
    } = load(config, env)?;
    let locked = harden::lock_memory();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let log = Log {
        dir: settings.log_dir(),
        level: settings.log.level,
        max_size: settings.log.max_size,
        backups: settings.log.backups,
    };
    Daemon::start(log, &clock)?.run(async |lifecycle| {
        for warning in &warnings {
            tracing::warn!("{warning}");
            say(NAME, warning);
        }
        match locked {
            Ok(()) => tracing::info!("memory is locked: secrets stay out of swap"),
            Err(why) => tracing::warn!(why, "memory is not locked: secrets may reach swap"),
        }
        serve::run(&settings, env, clock, lifecycle, announce)
            .await
            .map_err(|error| Failure::new(error.exit(), error))
    })
}

/// Called once the server listens.
fn announce(addresses: &Addresses) {
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        addresses = %addresses,
        "listening"
    );
    // Nobody reads: no reason not to serve.
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{addresses}ready").and_then(|()| out.flush()));
    let manager = ServiceManager::from_process();
    manager.ready();
    if let Some(address) = addresses.admin.first() {
        spawn_watchdog(manager, *address);
    }
}
