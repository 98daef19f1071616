use std::{io, net::TcpListener, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use kms_types::Clock;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    AcceptedTokens, AuditSink, Settings, Upstream,
    http::{Registry, accept, drain, keep_time},
};

mod agent;
mod counters;
mod reads;
mod respond;

use agent::Agent;

/// What a serving agent is made of. Its owner keeps clones of what it wants to change
/// while the agent runs: the tokens.
#[derive(Clone)]
pub struct Parts {
    /// What the configuration says.
    pub settings: Settings,
    /// Who may come in; exchanged when the token file changes.
    pub tokens: Arc<ArcSwap<AcceptedTokens>>,
    /// Where values come from.
    pub upstream: Arc<dyn Upstream>,
    /// Where it is written down who got what.
    pub audit: Arc<dyn AuditSink>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How long answers that have begun may take after the end was announced.
const PATIENCE: Duration = Duration::from_secs(10);
const PURGE_EVERY: Duration = Duration::from_mins(1);

/// Serves on what [`bind`](crate::bind) gave until `shutdown` is ready, then answers
/// what has begun, for 10 s at most.
///
/// # Errors
/// If the listeners cannot be used.
pub async fn serve(
    listeners: Vec<TcpListener>,
    parts: Parts,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let port = listeners
        .first()
        .ok_or_else(|| io::Error::other("no address to listen on"))?
        .local_addr()?
        .port();
    let max_open = max_connections(parts.settings.server.max_conn);
    let registry = Arc::new(Registry::default());
    let agent = Arc::new(Agent::new(parts, port, Arc::clone(&registry)));
    let (stop, stopped) = watch::channel(false);

    let mut accepting = JoinSet::new();
    for listener in listeners {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        accepting.spawn(accept(
            listener,
            Arc::clone(&registry),
            Arc::clone(&agent),
            max_open,
            stopped.clone(),
        ));
    }
    let mut background = JoinSet::new();
    background.spawn({
        let registry = Arc::clone(&registry);
        async move { keep_time(&registry).await }
    });
    background.spawn({
        let agent = Arc::clone(&agent);
        async move { tidy(&agent).await }
    });

    shutdown.await;
    agent.drain();
    stop.send_replace(true);
    // Listening ends before the wait: a successor can bind meanwhile.
    while accepting.join_next().await.is_some() {}
    drain(&registry, PATIENCE).await;
    agent.report();
    Ok(())
}

async fn tidy(agent: &Agent) {
    let mut ticks = tokio::time::interval(PURGE_EVERY);
    loop {
        ticks.tick().await;
        agent.purge();
        agent.report();
    }
}

/// Connections are not requests: idle ones are cheap, and beyond this the idlest goes.
/// Descriptors are left for the upstream, the log and what else a process opens.
fn max_connections(max_conn: usize) -> usize {
    let wanted = max_conn.saturating_mul(2).saturating_add(256);
    wanted.min(descriptors().saturating_sub(128)).max(16)
}

#[cfg(unix)]
fn descriptors() -> usize {
    rustix::process::getrlimit(rustix::process::Resource::Nofile)
        .current
        .and_then(|limit| usize::try_from(limit).ok())
        .unwrap_or(usize::MAX)
}

#[cfg(not(unix))]
fn descriptors() -> usize {
    usize::MAX
}

#[cfg(test)]
mod tests;
