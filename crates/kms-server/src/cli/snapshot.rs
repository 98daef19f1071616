//! `backup`, `restore`, `migrate`.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use kms_server::snapshot::{self, Moved, SnapshotError};
use kms_telemetry::Failure;
use kms_types::{Clock, Env, SystemClock};

use super::{
    daemon::{failed, runtime},
    load,
};

/// Which store, and which file.
#[derive(Args, Debug)]
pub(crate) struct Snapshot {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// The backup
    #[arg(value_name = "BACKUP")]
    file: PathBuf,
}

/// Which store, and whether it is touched.
#[derive(Args, Debug)]
pub(crate) struct Migrate {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Only tells what would be done
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn backup(own: &Snapshot, env: &Env) -> Result<(), Failure> {
    let settings = load(&own.config, env)?.settings;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let work = snapshot::backup(&settings, env, clock, &own.file);
    told(
        "backed up to",
        &own.file,
        runtime().map_err(failed)?.block_on(work),
    )
}

pub(super) fn restore(own: &Snapshot, env: &Env) -> Result<(), Failure> {
    let settings = load(&own.config, env)?.settings;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let work = snapshot::restore(&settings, env, clock, &own.file);
    told(
        "restored from",
        &own.file,
        runtime().map_err(failed)?.block_on(work),
    )
}

pub(super) fn migrate(own: &Migrate, env: &Env) -> Result<(), Failure> {
    let settings = load(&own.config, env)?.settings;
    let schemas = runtime()
        .map_err(failed)?
        .block_on(snapshot::migrate(&settings, own.dry_run))
        .map_err(|error| Failure::new(error.exit(), error))?;
    let done = if schemas.found == schemas.known {
        "nothing to do"
    } else if own.dry_run {
        "would be brought up to it"
    } else {
        "was brought up to it"
    };
    let mut out = io::stdout().lock();
    // Nobody reads: it is done all the same.
    drop(writeln!(
        out,
        "the store had schema {}, this program has {}: {done}",
        schemas.found, schemas.known
    ));
    Ok(())
}

fn told(what: &str, file: &Path, moved: Result<Moved, SnapshotError>) -> Result<(), Failure> {
    let moved = moved.map_err(|error| Failure::new(error.exit(), error))?;
    let mut out = io::stdout().lock();
    // Nobody reads: it is done all the same.
    drop(writeln!(
        out,
        "{} records {what} {}; they open with the root key {}",
        moved.records,
        file.display(),
        hex::encode(moved.root_key)
    ));
    Ok(())
}
