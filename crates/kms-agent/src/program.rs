//! The agent from its settings to its end, without anything global: `kms-server dev`
//! runs one in its own process.

use std::{io, net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use kms_telemetry::{Exit, Lifecycle, LogError, LogOptions, LogSink, LogWriter, open_log};
use kms_types::{Clock, Env};
use thiserror::Error;

use crate::{
    AuditSink, KmsSettings, LogSettings, Parts, RenderError, Settings, bind,
    hosted::RenderedFiles,
    kms::{self, KmsError},
    selfcheck::{self, Proof, SelfCheckError},
    serve,
    token::{TokenError, TokenKeeper, TokenSource},
};

/// What an agent needs to run.
#[derive(Clone)]
pub struct Program {
    /// What the configuration says.
    pub settings: Settings,
    /// The token's and the credentials' variables.
    pub env: Env,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where retrievals are written down; see [`open_agent_log`].
    pub log: LogSink,
    /// Orders to end and to read the token's file again.
    pub lifecycle: Lifecycle,
}

/// Why an agent could not start or go on.
#[derive(Debug, Error)]
pub enum RunError {
    /// No usable token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The way to KMS cannot be set up: the CA file, the endpoint.
    #[error("[Kms] cannot be used")]
    Kms(#[source] KmsError),
    /// A file that `[[Render]]` names cannot be kept there.
    #[error("[[Render]] cannot be used")]
    Render(#[from] RenderError),
    /// KMS was asked, in vain.
    #[error("start-up check: {}", describe(.0))]
    SelfCheck(#[source] SelfCheckError),
    /// The port is taken or not allowed.
    #[error(
        "cannot listen on port {port}: is another agent running? [Server] HttpPort sets another port"
    )]
    Bind {
        /// Which port.
        port: u16,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Serving broke off.
    #[error("cannot go on serving")]
    Serve(#[source] io::Error),
}

/// The file name, without `.log`, of the agent's log in `LogPath`.
pub const LOG_STEM: &str = "alibabacloud-kms-agent";

/// Opens the log that the settings name, for [`Program::log`].
///
/// # Errors
/// If the file cannot be opened.
pub fn open_agent_log(
    settings: &LogSettings,
    clock: Arc<dyn Clock>,
) -> Result<(LogSink, LogWriter), LogError> {
    open_log(LogOptions {
        dir: settings.path.clone(),
        stem: LOG_STEM.to_owned(),
        max_size: settings.max_size,
        max_backups: settings.max_backups,
        clock,
    })
}

/// Reads the token, asks KMS once, listens, tells `ready` the addresses, and serves until
/// it is ordered to end. Opens no log, handles no signal, installs nothing.
///
/// # Errors
/// [`RunError`]; [`RunError::exit`] says how a program should end then.
pub async fn run(program: Program, ready: impl FnOnce(&[SocketAddr])) -> Result<(), RunError> {
    let Program {
        settings,
        env,
        clock,
        log,
        lifecycle,
    } = program;
    let source = TokenSource::find(&env, &settings.server.ssrf_env_variables)?;
    let keeper = TokenKeeper::start(source)?;
    let client = kms::client(&settings.kms, &env, Arc::clone(&clock)).map_err(RunError::Kms)?;
    let upstream = kms::upstream(client.clone());

    let mut shutdown = lifecycle.shutdown.clone();
    let proof = tokio::select! {
        checked = selfcheck::run(&*upstream) => checked.map_err(RunError::SelfCheck)?,
        () = shutdown.draining() => return Ok(()),
    };
    tracing::info!(endpoint = settings.kms.endpoint, answer = %proof, "KMS answers");

    let rendered = RenderedFiles::open(&settings, client, &clock)?;
    tokio::select! {
        () = rendered.write() => {}
        () = shutdown.draining() => return Ok(()),
    }

    let port = settings.server.http_port;
    let listeners = bind(port).map_err(|source| RunError::Bind { port, source })?;
    let addresses: Vec<_> = listeners
        .iter()
        .filter_map(|listener| listener.local_addr().ok())
        .collect();
    let parts = Parts {
        settings,
        tokens: keeper.accepted(),
        upstream,
        audit: Arc::new(LogAudit(log)),
        clock,
    };
    let mut at_once = lifecycle.shutdown.clone();
    let serving = serve(listeners, parts, async move { shutdown.draining().await });
    ready(&addresses);
    tokio::select! {
        served = serving => served.map_err(RunError::Serve),
        () = keeper.run(lifecycle) => Ok(()),
        () = rendered.keep() => Ok(()),
        () = at_once.at_once() => Ok(()),
    }
}

/// Asks KMS once with the identity of the default chain, and does nothing else: what
/// [`run`] would find at its start.
///
/// # Errors
/// [`RunError::Kms`] or [`RunError::SelfCheck`].
pub async fn check(
    settings: &KmsSettings,
    env: &Env,
    clock: Arc<dyn Clock>,
) -> Result<Proof, RunError> {
    let client = kms::client(settings, env, clock).map_err(RunError::Kms)?;
    let upstream = kms::upstream(client);
    selfcheck::once(&*upstream)
        .await
        .map_err(RunError::SelfCheck)
}

/// The log as the hot path knows it.
struct LogAudit(LogSink);

#[async_trait]
impl AuditSink for LogAudit {
    fn append(&self, line: &[u8]) -> bool {
        self.0.append(line)
    }

    async fn ready(&self) {
        self.0.ready().await;
    }
}

// === impl RunError ===

impl RunError {
    /// How a program should end after this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Token(_) | Self::Kms(_) | Self::Render(_) => Exit::Usage,
            Self::SelfCheck(reason) => reason.exit(),
            Self::Bind { .. } | Self::Serve(_) => Exit::Failure,
        }
    }
}

impl SelfCheckError {
    /// How a program should end after this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Identity(_) => Exit::Refused,
            Self::Unreachable(_) | Self::Timeout(_) => Exit::Unavailable,
            Self::Name(_) => Exit::Failure,
        }
    }
}

/// What to do about it.
fn describe(reason: &SelfCheckError) -> &'static str {
    match reason {
        SelfCheckError::Identity(_) => {
            "no identity that KMS accepts; check the AccessKey, the role and this machine's clock"
        }
        SelfCheckError::Unreachable(_) | SelfCheckError::Timeout(_) => {
            "KMS cannot be reached; check [Kms] Region and Endpoint, the network and the trusted CAs"
        }
        SelfCheckError::Name(_) => "cannot be made",
    }
}
