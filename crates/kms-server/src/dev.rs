//! `kms-server dev`: a KMS with one RAM user, one instance, one ClientKey, one demo secret, one
//! hosted AccessKey, a token and an agent, in one process and one folder (design §2).

use std::{io, net::SocketAddr, sync::Arc};

use jiff::SignedDuration;
use kms_agent::program::RunError;
use kms_telemetry::Exit;
use kms_telemetry::{Lifecycle, Shutdown};
use kms_types::Clock;
use thiserror::Error;
use tokio::task::JoinSet;

mod agent;
mod ask;
mod audit;
mod client_key;
mod env_file;
mod error;
mod home;
mod hosted;
mod kms;
mod listeners;
mod names;
mod rotating;
mod shell;
#[cfg(test)]
pub(crate) mod stand;
mod summary;
mod tls;

pub use audit::{audit_files, keyring};
pub use error::KmsError;
pub use home::{Home, HomeError};
pub use summary::Summary;

use self::{
    env_file::EnvFile,
    kms::Kms,
    listeners::{Addresses, Listeners},
    rotating::Rotating,
};
use crate::{
    deliveries::Deliveries,
    events::Receivers,
    files::write_private,
    gateway::{Limits, Rates},
    serving::{Serving, reopen, serve},
    settings::RotationSettings,
    tls::TlsError,
    webhook::{WebhookError, WebhookUrl},
};

/// Where `dev` listens, always on this machine only (0 takes a free port), and how it rotates.
#[derive(Clone, Debug)]
pub struct Options {
    /// OpenAPI over HTTP.
    pub port: u16,
    /// OpenAPI over TLS.
    pub tls_port: u16,
    /// The instance's gateway, over TLS.
    pub instance_port: u16,
    /// The agent.
    pub agent_port: u16,
    /// The shortest interval between rotations; KMS's own if none is given.
    pub min_rotation: Option<SignedDuration>,
    /// Who rotates secrets.
    pub webhook: Option<WebhookUrl>,
}

/// Why `dev` could not start or go on.
#[derive(Debug, Error)]
pub enum DevError {
    /// The folder cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// Two programs cannot listen on one port.
    #[error("port {port} is taken or not allowed; name another one with {flag}")]
    Port {
        /// What was asked for.
        port: u16,
        /// How to ask for another.
        flag: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// No certificates.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The data cannot be opened or made.
    #[error(transparent)]
    Kms(#[from] KmsError),
    /// Nobody can be asked to rotate.
    #[error("cannot call the program of --webhook")]
    Webhook(#[from] WebhookError),
    /// A file for clients cannot be written.
    #[error("cannot write {file}")]
    Write {
        /// Its name in the folder.
        file: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The agent does not accept what was written for it.
    #[error("the agent cannot be set up")]
    AgentSetup(#[source] anyhow::Error),
    /// The agent did not start, or broke off.
    #[error("the agent ended")]
    Agent(#[source] RunError),
    /// A part of the program broke off.
    #[error("a part of the program ended by a defect")]
    Defect,
}

/// Starts everything, tells `ready` once all of it serves, and serves until told to end:
/// the agent ends first, then the server that it asks, then the store is closed.
///
/// # Errors
/// [`DevError`].
pub async fn run(
    home: &Home,
    options: Options,
    clock: Arc<dyn Clock>,
    mut lifecycle: Lifecycle,
    ready: impl FnOnce(&Summary),
) -> Result<(), DevError> {
    let (listeners, addresses) = Listeners::open(&options).await?;
    let listeners = listeners.with_tls(&tls::server_config(home, clock.now())?);
    let rotating = Rotating::open(home, options.webhook, options.min_rotation, &clock)?;
    let kms = kms::open(home, rotating, Arc::clone(&clock)).await?;
    let (handle, own) = Lifecycle::new();
    let mut tasks = start(home, listeners, &kms, &clock, &own.shutdown)?;

    tasks.spawn(reopen(
        kms.backend.audit.clone(),
        lifecycle.clone(),
        own.shutdown.clone(),
    ));

    // At once: the AccessKey's secret is nowhere else.
    write_env(home, addresses, None, &kms)?;
    let ended = match agent::start(
        home,
        options.agent_port,
        addresses.http,
        &kms,
        clock,
        &lifecycle,
    )
    .await
    {
        Ok(Some(agent)) => {
            write_env(home, addresses, Some(agent.address), &kms)?;
            kms.backend.audit.note("start", &[]);
            ready(&Summary {
                dir: home.path().to_owned(),
                http: addresses.http,
                tls: addresses.tls,
                instance: addresses.instance,
                agent: agent.address,
            });
            agent.ended().await
        }
        // Told to end before it served.
        Ok(None) => Ok(()),
        Err(reason) => Err(reason),
    };
    handle.stop();
    tokio::select! {
        () = async {
            while tasks.join_next().await.is_some() {}
            kms.backend.close().await;
        } => {}
        () = lifecycle.shutdown.at_once() => {}
    }
    ended
}

/// Starts the gateways and what is done beside them.
fn start(
    home: &Home,
    listeners: Listeners,
    kms: &Kms,
    clock: &Arc<dyn Clock>,
    shutdown: &Shutdown,
) -> Result<JoinSet<()>, DevError> {
    let instance = names::INSTANCE.parse().map_err(KmsError::Id)?;
    let serving = Serving::new(
        &kms.backend,
        clock,
        Limits::default(),
        Rates::default(),
        None,
    );
    let shared = serving.openapi();
    let instance = serving.instance(instance);
    let doors = vec![
        (listeners.http, shared.clone()),
        (listeners.tls, shared),
        (listeners.instance, instance),
    ];
    let deliveries = Deliveries::of_files(home.deliveries());
    Ok(serve(
        serving,
        doors,
        &RotationSettings::default(),
        (Receivers::default(), deliveries),
        shutdown,
    ))
}

fn write_env(
    home: &Home,
    addresses: Addresses,
    agent: Option<SocketAddr>,
    kms: &Kms,
) -> Result<(), DevError> {
    let mut env = EnvFile::default()
        .with("ALIBABA_CLOUD_ACCESS_KEY_ID", kms.key.id.as_str())
        // EXPOSE: into a file of mode 0600, which is what it is for.
        .with("ALIBABA_CLOUD_ACCESS_KEY_SECRET", kms.key.secret.expose())
        .with("KMS_ENDPOINT", &addresses.http.to_string())
        .with("KMS_TLS_ENDPOINT", &localhost(addresses.tls))
        .with("KMS_CA_FILE", &home.ca().display().to_string())
        .with("KMS_TOKEN", &agent::token_url(home))
        .with("KMS_INSTANCE_ID", names::INSTANCE)
        .with("KMS_INSTANCE_ENDPOINT", &localhost(addresses.instance))
        .with(
            "KMS_CLIENT_KEY_FILE",
            &home.client_key().display().to_string(),
        )
        .with(
            "KMS_CLIENT_KEY_PASSWORD_FILE",
            &home.client_key_password().display().to_string(),
        );
    if home.webhook_key().exists() {
        env = env.with(
            "KMS_WEBHOOK_KEY_FILE",
            &home.webhook_key().display().to_string(),
        );
    }
    if let Some(agent) = agent {
        env = env.with("KMS_AGENT", &format!("http://localhost:{}", agent.port()));
    }
    write_private(&home.env(), env.render().as_bytes()).map_err(|source| DevError::Write {
        file: "env",
        source,
    })
}

/// By the name in the certificate.
fn localhost(address: SocketAddr) -> String {
    format!("localhost:{}", address.port())
}

// === impl DevError ===

impl DevError {
    /// How a program should end after this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Home(reason) => reason.exit(),
            Self::Agent(reason) => reason.exit(),
            _ => Exit::Failure,
        }
    }
}
