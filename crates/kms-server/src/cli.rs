//! The command line: what is asked for, and how the program ends.

use std::{
    ffi::OsString,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::{Args, Parser, Subcommand};
use jiff::SignedDuration;
use kms_server::{
    config::{self, Config, Shown},
    ctl::Ctl,
    dev::Options,
    webhook::WebhookUrl,
};
use kms_telemetry::{Exit, Failure};
use kms_types::Env;
use kms_wire::request::SecretRotationInterval;

mod account;
mod audit;
mod ctl;
mod daemon;
mod dev;
mod doctor;
mod init;
mod rekey;
mod root_key;
mod serve;
mod snapshot;

/// The whole line.
#[derive(Debug, Parser)]
#[command(name = NAME, version, about = ABOUT, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs a whole KMS for development: server, demo secret, token and agent in one process
    #[command(after_help = DEV_HELP)]
    Dev(Dev),
    /// Verifies and shows the audit log
    Audit(audit::Audit),
    /// Makes root key, store and the first account, with an AccessKey that may do everything
    Init(init::Init),
    /// Serves what init made, for a team
    #[command(after_help = SERVE_HELP)]
    Serve(Configured),
    /// Reads the configuration and prints what it comes to, and where each value is said
    Check(Configured),
    /// Looks at everything that must be right, and says what to do where it is not
    Doctor(Configured),
    /// Puts another root key, or another keyring term, in the place of the one in use
    #[command(after_help = REKEY_HELP)]
    Rekey(rekey::Rekey),
    /// Lets another KMS make and keep the root key
    #[command(subcommand)]
    RootKey(root_key::RootKey),
    /// Writes the whole store to a new file; what is sealed stays sealed
    Backup(snapshot::Snapshot),
    /// Fills an empty store from a backup, on either database
    Restore(snapshot::Snapshot),
    /// Brings the store's schema up to this program's
    Migrate(snapshot::Migrate),
    /// Makes and lists accounts, on the store itself
    #[command(subcommand)]
    Account(account::Account),
    /// Manages secrets, keys, identities and access points
    Ctl(Ctl),
}

/// What is run by a configuration alone.
#[derive(Args, Debug)]
pub(crate) struct Configured {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

/// Where `dev` keeps its state and listens.
#[derive(Args, Debug)]
pub(crate) struct Dev {
    /// The folder for everything that is kept; made if it is not there
    #[arg(long, value_name = "DIR", default_value = ".kms-dev")]
    dir: PathBuf,
    #[arg(
        long,
        value_name = "PORT",
        help = "OpenAPI over HTTP; 0 takes a free port [default: 9470]"
    )]
    port: Option<u16>,
    /// OpenAPI over TLS; 0 takes a free port
    #[arg(long, value_name = "PORT", default_value_t = 9471)]
    tls_port: u16,
    #[arg(
        long,
        value_name = "PORT",
        help = "The instance's gateway over TLS; 0 takes a free port [default: 9472, with --port a free one]"
    )]
    instance_port: Option<u16>,
    /// The agent; 0 takes a free port
    #[arg(long, value_name = "PORT", default_value_t = 2025)]
    agent_port: u16,
    /// The shortest interval between rotations, so that one can be watched: 1m; 6h otherwise
    #[arg(long, value_name = "TIME")]
    min_rotation: Option<SecretRotationInterval>,
    /// Who rotates secrets: https://…, or http:// on this machine
    #[arg(long, value_name = "URL")]
    webhook: Option<WebhookUrl>,
}

pub(crate) const NAME: &str = "kms-server";

const ABOUT: &str = "\
Alibaba Cloud KMS on your own hardware.

Speaks the API of KMS, so that the cloud's SDKs work with it once their endpoint is set.";

const EXAMPLES: &str = "\
Start:
  kms-server dev

Use, from another shell:
  source .kms-dev/env
  curl -H \"X-KMS-Token:$(<.kms-dev/kmstoken)\" \"$KMS_AGENT/secretsmanager/get?secretId=agent-test\"

For a team:
  kms-server init --config FILE
  kms-server serve --config FILE

Exit codes:
  0 fine, 64 usage, configuration or a folder that cannot be used, 69 the store cannot be
  reached, 77 no safe root key, or not that of the store, 70 anything else, a taken port among
  them";

const SERVE_HELP: &str = "\
Prints `ready` as its last line once it serves. SIGTERM finishes what has begun and ends; a
second one ends at once. SIGHUP reads the certificates again.";

const REKEY_HELP: &str = "\
Without a flag: [root_key] current takes the place of previous; no record is touched.
With --keyring everything that is sealed is sealed anew under a new key below the root key.
Servers on PostgreSQL work meanwhile; with SQLite the server is stopped. Cut off, it is run
again and goes on. --retire destroys the keys before, a day later at the earliest.";

const DEV_HELP: &str = "\
Everything listens on 127.0.0.1 (the agent on ::1 too). State stays in DIR between runs; remove
the folder to begin anew. Files for clients, readable by you alone:
  DIR/env          lines for `source`: an AccessKey with all rights, endpoints, files
  DIR/ca.pem       the CA of the TLS endpoint
  DIR/kmstoken     the agent's token
  DIR/config.toml  the agent's configuration
  DIR/clientKey.json, DIR/clientKey_Password.txt
                   a ClientKey that reads every secret, on both gateways
  DIR/webhook.key  with --webhook: the key that its calls are signed with (docs/secrets.md)
The demo secret is agent-test, version v2, value {\"k3\":\"v3\"}.
Prints `ready` as its last line once all of it serves. Ctrl-C finishes what has begun and
ends; a second one ends at once.";

/// Reads the arguments; help and errors are printed.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, ExitCode> {
    Arguments::try_parse_from(arguments)
        .map(|arguments| arguments.command)
        .map_err(|error| {
            // Standard streams that are gone leave nobody to tell.
            drop(error.print());
            if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Fine.into()
            }
        })
}

/// Does it.
pub(crate) fn run(command: Command, env: &Env) -> Result<(), Failure> {
    match command {
        Command::Init(own) => init::run(own, env),
        Command::Serve(own) => serve::run(&own.config, env),
        Command::Backup(own) => snapshot::backup(&own, env),
        Command::Restore(own) => snapshot::restore(&own, env),
        Command::Migrate(own) => snapshot::migrate(&own, env),
        Command::Doctor(own) => doctor::run(&own.config, env),
        Command::Rekey(own) => rekey::run(&own, env),
        Command::RootKey(command) => root_key::run(command, env),
        Command::Account(command) => account::run(command, env),
        Command::Ctl(said) => ctl::run(&said, env),
        Command::Check(own) => check(&own.config, env),
        Command::Dev(Dev {
            dir,
            port,
            tls_port,
            instance_port,
            agent_port,
            min_rotation,
            webhook,
        }) => dev::run(
            &dir,
            Options {
                port: port.unwrap_or(9470),
                tls_port,
                instance_port: instance_port.unwrap_or(if port.is_some() { 0 } else { 9472 }),
                agent_port,
                min_rotation: min_rotation.map(length),
                webhook,
            },
        ),
        Command::Audit(command) => audit::run(command, env),
    }
}

/// The process's environment.
pub(crate) fn environment() -> Env {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn length(interval: SecretRotationInterval) -> SignedDuration {
    SignedDuration::try_from(Duration::from_secs(interval.seconds())).unwrap_or(SignedDuration::MAX)
}

fn load(path: &Path, env: &Env) -> Result<Config, Failure> {
    config::load(path, env).map_err(|error| Failure::new(Exit::Usage, error))
}

fn check(path: &Path, env: &Env) -> Result<(), Failure> {
    let config = load(path, env)?;
    let mut out = io::stdout().lock();
    drop(write!(out, "{}", Shown(&config)));
    for warning in &config.warnings {
        kms_telemetry::say(NAME, warning);
    }
    Ok(())
}
