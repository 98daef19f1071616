//! `kms-plugin`: arguments, log and threads around [`plugin::run`].

use std::{fmt::Display, path::PathBuf, time::Duration};

use ack_secret_manager::{
    plugin::{self, RunError},
    settings::{Interval, Listen},
};
use anyhow::Context as _;
use clap::Args;
use kms_client::Endpoint;
use kms_telemetry::{Exit, Failure, report_panics, signals};
use kms_types::{EncryptionContext, Env, KeyRef, RegionId};
use tokio::runtime::Runtime;
use tracing::level_filters::LevelFilter;

use super::{NAME, print, process::trace};

/// What it is told.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Where kube-apiserver finds it; the folder has to be there, and nobody else's
    #[arg(long, value_name = "PATH", default_value = "/run/kms-plugin/kms.sock")]
    socket: PathBuf,
    /// A symmetric key of KMS, by its id, ARN or alias (alias/kubernetes)
    #[arg(long, value_name = "KEY")]
    key_id: KeyRef,
    /// The region of the key
    #[arg(long, value_name = "REGION")]
    region: RegionId,
    #[arg(
        long,
        value_name = "HOST",
        help = "Where KMS is [default: kms.REGION.aliyuncs.com]"
    )]
    kms_endpoint: Option<Endpoint>,
    /// Certificates (PEM) to believe besides the usual ones
    #[arg(long, value_name = "FILE")]
    kms_ca_file: Option<PathBuf>,
    /// What ciphertexts are bound to; may be given again for more. Who changes it cannot read what
    /// was there before
    #[arg(
        long,
        value_name = "NAME=VALUE",
        value_parser = pair,
        default_value = "purpose=kubernetes"
    )]
    encryption_context: Vec<(String, String)>,
    /// Where to serve /healthz, /readyz and /status over HTTP (127.0.0.1:8084); nowhere without
    #[arg(long, value_name = "ADDRESS", value_parser = listen)]
    health_addr: Option<Listen>,
    /// The pause between two looks whether KMS works
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time)]
    probe_interval: Duration,
    /// For how long Status says ok after KMS last worked
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = time)]
    unhealthy_after: Duration,
    /// debug, info, warn or error
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log_level: LevelFilter,
    /// Encrypts and decrypts once, says what it found, and ends
    #[arg(long)]
    check: bool,
}

pub(super) const HELP: &str = "\
kube-apiserver asks it for little: one call when it starts, one when the key is rotated, and one
for each seed that older objects were encrypted with. It goes on while KMS is away.

Who calls KMS is found by the default credential chain: ALIBABA_CLOUD_ACCESS_KEY_ID and
ALIBABA_CLOUD_ACCESS_KEY_SECRET, RRSA, ~/.aliyun/config.json, ALIBABA_CLOUD_CREDENTIALS_FILE, the
RAM role of the ECS instance. It needs kms:Encrypt and kms:Decrypt on the key.

Set up, on each machine of the control plane:
  ack-secret-manager kms-plugin --region cn-hangzhou --key-id alias/kubernetes --check
  install -d -m 0700 /run/kms-plugin
  ack-secret-manager kms-plugin --region cn-hangzhou --key-id alias/kubernetes
  kube-apiserver --encryption-provider-config=FILE …, where FILE has
    providers: [{kms: {apiVersion: v2, name: alibabacloud-kms,
                       endpoint: \"unix:///run/kms-plugin/kms.sock\"}}, {identity: {}}]

Exit codes:
  0 as ordered, 64 a mistake in the flags, 69 KMS cannot be reached, 77 no credentials or refused,
  70 anything else";

/// Does it.
pub(super) fn run(arguments: Arguments, env: Env) -> Result<(), Failure> {
    report_panics(NAME);
    let (check, log_level) = (arguments.check, arguments.log_level);
    let settings = arguments.settings(env);
    let runtime = runtime().map_err(|error| Failure::new(Exit::Failure, error))?;
    if check {
        let key = runtime
            .block_on(plugin::check(&settings))
            .map_err(|error| Failure::new(exit(&error), error))?;
        return print(format_args!(
            "KMS encrypts and decrypts under {}: {key}\n",
            settings.key
        ));
    }
    trace(log_level).map_err(|error| Failure::new(Exit::Failure, error))?;
    runtime.block_on(async {
        let lifecycle = signals::listen()
            .context("cannot be told to end")
            .map_err(|error| Failure::new(Exit::Failure, error))?;
        plugin::run(&settings, lifecycle)
            .await
            .map_err(|error| Failure::new(exit(&error), error))
    })
}

// === impl Arguments ===

impl Arguments {
    fn settings(self, env: Env) -> plugin::Settings {
        plugin::Settings {
            socket: self.socket,
            key: self.key_id,
            region: self.region,
            endpoint: self.kms_endpoint,
            ca_file: self.kms_ca_file,
            context: self
                .encryption_context
                .into_iter()
                .collect::<EncryptionContext>(),
            health: self.health_addr,
            probe_interval: self.probe_interval,
            unhealthy_after: self.unhealthy_after,
            env,
        }
    }
}

fn exit(error: &RunError) -> Exit {
    match error {
        RunError::Probe(error) if error.is_transient() => Exit::Unavailable,
        RunError::Probe(error) if error.is_refusal() => Exit::Refused,
        _ => Exit::Failure,
    }
}

/// It waits for KMS and for one client.
fn runtime() -> anyhow::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("is a name and a value: purpose=kubernetes".to_owned()),
    }
}

fn listen(text: &str) -> Result<Listen, String> {
    said(text.parse())
}

fn time(text: &str) -> Result<Duration, String> {
    said(text.parse::<Interval>()).map(Interval::get)
}

fn said<T>(read: Result<T, impl Display>) -> Result<T, String> {
    read.map_err(|error| error.to_string())
}
