//! `rekey`.

use std::{
    io::{self, Write as _},
    path::Path,
    sync::Arc,
};

use kms_server::rekey::{self, Rekeyed};
use kms_telemetry::Failure;
use kms_types::{Env, SystemClock};

use super::{
    daemon::{failed, runtime},
    load,
};

pub(super) fn run(config: &Path, env: &Env) -> Result<(), Failure> {
    let settings = load(config, env)?.settings;
    let done = runtime()
        .map_err(failed)?
        .block_on(rekey::run(&settings, env, Arc::new(SystemClock)))
        .map_err(|error| Failure::new(error.exit(), error))?;
    let mut out = io::stdout().lock();
    // Nobody reads: it is done all the same.
    drop(match done {
        Rekeyed::Done { now, before } => writeln!(
            out,
            "the root key {} opens the store from now on, {} no more; remove [root_key] previous \
             from the configuration of every server, and keep the old key as long as backups from \
             before",
            hex::encode(now),
            hex::encode(before)
        ),
        Rekeyed::Already { now } => writeln!(
            out,
            "the root key {} opens the store already; remove [root_key] previous",
            hex::encode(now)
        ),
    });
    Ok(())
}
