//! `webhook`: arguments around [`webhook::run`].

use std::path::PathBuf;

use ack_secret_manager::{
    settings::Listen,
    webhook::{self, Certificate},
};
use clap::Args;
use kms_telemetry::{Exit, Failure};
use kms_types::Env;
use tracing::level_filters::LevelFilter;

use super::process;

mod inject;

/// What it is told.
#[derive(Args, Debug)]
// The injector's arguments have a struct of the same name.
#[group(skip)]
pub(crate) struct Arguments {
    /// Where the API server asks, over TLS
    #[arg(long, value_name = "ADDRESS", default_value = ":8443", value_parser = listen)]
    listen: Listen,
    /// Where to serve /healthz and /readyz over HTTP (:8081); nowhere without
    #[arg(long, value_name = "ADDRESS", value_parser = listen)]
    health_addr: Option<Listen>,
    /// Where to serve /metrics over HTTP (:8080); nowhere without
    #[arg(long, value_name = "ADDRESS", value_parser = listen)]
    metrics_addr: Option<Listen>,
    /// A certificate of your own (PEM), read again when it changes; without one, ours is made
    #[arg(long, value_name = "FILE", requires = "tls_key_file")]
    tls_cert_file: Option<PathBuf>,
    /// Its key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert_file")]
    tls_key_file: Option<PathBuf>,
    /// The Secret that keeps our certificate, for all replicas; made if it is not there
    #[arg(
        long,
        value_name = "NAME",
        default_value = "ack-secret-manager-webhook",
        conflicts_with = "tls_cert_file"
    )]
    certificate_secret: String,
    /// The Service by which the API server finds us, in the namespace POD_NAMESPACE
    #[arg(long, value_name = "NAME", conflicts_with = "tls_cert_file")]
    service: Option<String>,
    /// A name or an address besides, for an API server that finds us by a URL; may be given again
    #[arg(long, value_name = "NAME", conflicts_with = "tls_cert_file")]
    host: Vec<String>,
    /// The ValidatingWebhookConfiguration that is told whom to believe
    #[arg(long, value_name = "NAME", conflicts_with = "tls_cert_file")]
    validating_configuration: Option<String>,
    /// The MutatingWebhookConfiguration that is told whom to believe
    #[arg(long, value_name = "NAME", conflicts_with = "tls_cert_file")]
    mutating_configuration: Option<String>,
    /// The cluster; otherwise as kubectl finds it, or as a pod
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// debug, info, warn or error
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log_level: LevelFilter,
    #[command(flatten)]
    inject: inject::Arguments,
}

pub(super) const HELP: &str = "\
/validate says what cannot work in an ExternalSecret, ClusterExternalSecret, SecretStore or
ClusterSecretStore. /inject gives pods an agent that ask for one.

The chart runs it with admission.enabled=true or injector.enabled=true. By hand, for an API server that
finds this machine as webhooks.example.com:
  ack-secret-manager webhook --host webhooks.example.com \\
    --validating-configuration ack-secret-manager

Exit codes:
  0 as ordered, 64 a mistake in the flags, 70 anything else";

/// Does it.
pub(super) fn run(arguments: Arguments, env: &Env) -> Result<(), Failure> {
    let level = arguments.log_level;
    let settings = arguments.settings(env)?;
    process::run(level, |lifecycle| webhook::run(settings, lifecycle))
}

// === impl Arguments ===

impl Arguments {
    fn settings(self, env: &Env) -> Result<webhook::Settings, Failure> {
        let certificate = match (self.tls_cert_file, self.tls_key_file) {
            (Some(certificate), Some(key)) => Certificate::Files { certificate, key },
            _ if self.service.is_none() && self.host.is_empty() => {
                let why =
                    "say --service or --host, for a certificate needs a name, or --tls-cert-file";
                return Err(Failure::new(Exit::Usage, anyhow::anyhow!(why)));
            }
            _ => Certificate::Own {
                secret: self.certificate_secret,
                namespace: env.get("POD_NAMESPACE").map(str::to_owned),
                service: self.service,
                hosts: self.host,
                validating: self.validating_configuration,
                mutating: self.mutating_configuration,
            },
        };
        Ok(webhook::Settings {
            listen: self.listen,
            health: self.health_addr,
            metrics: self.metrics_addr,
            certificate,
            kubeconfig: self.kubeconfig,
            inject: self.inject.into(),
        })
    }
}

fn listen(text: &str) -> Result<Listen, &'static str> {
    text.parse()
}
