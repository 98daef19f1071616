//! The agent of `dev`: its files, and the same program as everybody's in this process.

use std::{io, net::SocketAddr, path::Path, sync::Arc};

use anyhow::Context as _;
use kms_agent::{
    config,
    program::{self, Program, RunError},
    token,
};
use kms_telemetry::{Lifecycle, LogWriter};
use kms_types::Clock;
use serde::Serialize;
use tokio::{sync::oneshot, task::JoinHandle};

use crate::files::write_private;

use super::{DevError, home::Home, kms::Kms, names::REGION};

/// An agent that serves.
pub(super) struct Running {
    /// Where.
    pub(super) address: SocketAddr,
    task: JoinHandle<Result<(), RunError>>,
    /// Writes the retrievals down, the last one too.
    _log: LogWriter,
}

/// Its `config.toml`, which also serves an agent in a process of its own.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    server: Server,
    kms: KmsSection,
    log: Log,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Server {
    http_port: u16,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct KmsSection {
    region: &'static str,
    endpoint: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Log {
    log_path: String,
}

/// Starts it and waits until it serves; nothing if it was told to end before.
pub(super) async fn start(
    home: &Home,
    port: u16,
    kms_address: SocketAddr,
    kms: &Kms,
    clock: Arc<dyn Clock>,
    lifecycle: &Lifecycle,
) -> Result<Option<Running>, DevError> {
    make_token(&home.token()).map_err(DevError::AgentSetup)?;
    configure(home, port, kms_address)?;
    let settings = config::load(&home.config())
        .map_err(|error| DevError::AgentSetup(error.into()))?
        .settings;
    let (log, writer) = program::open_agent_log(&settings.log, Arc::clone(&clock))
        .map_err(|error| DevError::AgentSetup(error.into()))?;
    let program = Program {
        settings,
        env: [
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", kms.key.id.as_str()),
            // EXPOSE: into the agent's environment, which shows names only.
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", kms.key.secret.expose()),
            ("KMS_TOKEN", &token_url(home)),
        ]
        .into_iter()
        .collect(),
        clock,
        log,
        lifecycle: lifecycle.clone(),
    };

    let (tell, told) = oneshot::channel();
    let task = tokio::spawn(program::run(program, |addresses| {
        // The port is the same on all of them. Nobody waits if the program is ending.
        if let Some(address) = addresses.first() {
            let _ = tell.send(*address);
        }
    }));
    let Ok(address) = told.await else {
        return outcome(task, port).await.map(|()| None);
    };
    if port == 0 {
        configure(home, address.port(), kms_address)?;
    }
    Ok(Some(Running {
        address,
        task,
        _log: writer,
    }))
}

/// For KMS_TOKEN.
pub(super) fn token_url(home: &Home) -> String {
    format!("file://{}", home.token().display())
}

// === impl Running ===

impl Running {
    /// Waits until it has ended, as ordered or not.
    pub(super) async fn ended(self) -> Result<(), DevError> {
        outcome(self.task, self.address.port()).await
    }
}

async fn outcome(task: JoinHandle<Result<(), RunError>>, port: u16) -> Result<(), DevError> {
    match task.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(RunError::Bind { source, .. })) => Err(DevError::Port {
            port,
            flag: "--agent-port",
            source,
        }),
        Ok(Err(reason)) => Err(DevError::Agent(reason)),
        Err(_panic) => Err(DevError::Defect),
    }
}

/// The token is kept between runs, for programs that have read it.
fn make_token(path: &Path) -> anyhow::Result<()> {
    if !path.exists() {
        token::write_fresh(path)?;
    }
    restrict(path).with_context(|| format!("cannot protect {}", path.display()))
}

/// For its owner alone: there is no group of applications here.
#[cfg(unix)]
fn restrict(path: &Path) -> io::Result<()> {
    use std::{fs, os::unix::fs::PermissionsExt};

    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn restrict(_path: &Path) -> io::Result<()> {
    Ok(())
}

fn configure(home: &Home, port: u16, kms_address: SocketAddr) -> Result<(), DevError> {
    let configuration = Configuration {
        server: Server { http_port: port },
        kms: KmsSection {
            region: REGION,
            endpoint: format!("http://{kms_address}"),
        },
        log: Log {
            log_path: home.agent_logs().display().to_string(),
        },
    };
    let text =
        toml::to_string(&configuration).map_err(|error| DevError::AgentSetup(error.into()))?;
    let text = format!("# Written by kms-server dev at each start.\n\n{text}");
    write_private(&home.config(), text.as_bytes()).map_err(|source| DevError::Write {
        file: "config.toml",
        source,
    })
}
