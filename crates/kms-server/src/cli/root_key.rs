//! `root-key`: a root key in the keeping of another KMS.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use clap::{Args, Subcommand};
use kms_client::Endpoint;
use kms_server::root::wrapped::{self, Keeper};
use kms_telemetry::{Exit, Failure};
use kms_types::{Env, KeyRef, RegionId};

use super::daemon::{failed, runtime};

/// What can be done with one.
#[derive(Debug, Subcommand)]
pub(crate) enum RootKey {
    /// Lets a KMS make a root key, and writes it encrypted to FILE for `[root_key] current =
    /// "kms:FILE"`
    #[command(after_help = WRAP_HELP)]
    Wrap(Wrap),
}

/// Who keeps it, and where its copies go.
#[derive(Args, Debug)]
pub(crate) struct Wrap {
    /// The symmetric key of that KMS, by id, alias or ARN
    #[arg(long, value_name = "KEY")]
    key: KeyRef,
    /// Its region
    #[arg(long, value_name = "REGION")]
    region: RegionId,
    /// Where it answers; the region's shared gateway if left out
    #[arg(long, value_name = "URL")]
    endpoint: Option<Endpoint>,
    /// A PEM file with the CA of that endpoint, from the root on
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// The encrypted root key; a new file
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// The root key in the clear, for the day on which that KMS is gone; a new file, to be taken
    /// off this machine
    #[arg(long, value_name = "FILE")]
    recovery: PathBuf,
}

const WRAP_HELP: &str = "\
Calls GenerateDataKey once, and every start of the server calls Decrypt, as whom the default
credential chain finds: environment, OIDC, CLI profile, ECS role. The role needs
kms:GenerateDataKey now and kms:Decrypt later, on that key alone.

A server cannot keep its own root key: name another KMS than the one that it opens.";

pub(super) fn run(command: RootKey, env: &Env) -> Result<(), Failure> {
    let RootKey::Wrap(Wrap {
        key,
        region,
        endpoint,
        ca_file,
        file,
        recovery,
    }) = command;
    let usage = |reason: &str| Failure::new(Exit::Usage, anyhow::anyhow!("{reason}"));
    if recovery.exists() {
        return Err(usage("--recovery names a file that is there already"));
    }
    if ca_file.as_ref().is_some_and(|path| !path.is_absolute()) {
        return Err(usage(
            "--ca-file is read at each start: write its path from the root on",
        ));
    }
    let keeper = Keeper {
        region,
        endpoint,
        ca_file,
    };
    let root = runtime()
        .map_err(failed)?
        .block_on(wrapped::make(&keeper, key, &file, env))
        .map_err(|error| Failure::new(Exit::Failure, error))?;
    if let Err(error) = root.save(&recovery) {
        // Nobody uses it yet; and without a recovery copy nobody should.
        drop(std::fs::remove_file(&file));
        return Err(Failure::new(Exit::Usage, error));
    }
    // Nobody reads: it is done all the same.
    drop(writeln!(
        io::stdout().lock(),
        "the root key {} lies encrypted in {file}; write current = \"kms:{file}\", and take {} off \
         this machine",
        hex::encode(root.id()),
        recovery.display(),
        file = file.display(),
    ));
    Ok(())
}
