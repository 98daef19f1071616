//! The door: connections over TLS, so many at once, each with so much time.

use std::{future::pending, io, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use kms_telemetry::Shutdown;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

/// API servers keep a few each.
const CONNECTIONS: usize = 256;

/// For the handshake.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// For a head, and between two requests. An API server that finds its connection closed makes another.
const HEAD: Duration = Duration::from_secs(30);

/// So long it goes on to answer when it is to end, for Services lag behind: a pod that asks for an agent
/// would be refused meanwhile.
const LINGER: Duration = Duration::from_secs(5);

/// For answers under way afterwards.
const GRACE: Duration = Duration::from_secs(8);

/// When there are no file descriptors left, as a rule.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until it is told to end.
pub(super) async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
    router: Router,
    mut shutdown: Shutdown,
) {
    let seats = Arc::new(Semaphore::new(CONNECTIONS));
    let mut open = JoinSet::new();
    {
        let (mut draining, mut at_once) = (shutdown.clone(), shutdown.clone());
        let end = async {
            draining.draining().await;
            drop(timeout(LINGER, at_once.at_once()).await);
        };
        tokio::pin!(end);
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut end => break,
                () = reap(&mut open) => continue,
                accepted = listener.accept() => accepted,
            };
            let socket = match accepted {
                Ok((socket, _)) => socket,
                Err(error) if is_about_one_connection(&error) => continue,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept connections");
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let Ok(seat) = Arc::clone(&seats).try_acquire_owned() else {
                tracing::warn!("more than {CONNECTIONS} connections at once; one was closed");
                continue;
            };
            let (tls, router, draining) = (tls.clone(), router.clone(), shutdown.clone());
            open.spawn(async move {
                connection(socket, tls, router, draining).await;
                drop(seat);
            });
        }
    }
    drop(listener);
    let emptied = async { while open.join_next().await.is_some() {} };
    tokio::select! {
        drained = timeout(GRACE, emptied) => if drained.is_err() {
            tracing::warn!("reviews were still under way at the end");
        },
        () = shutdown.at_once() => {}
    }
}

async fn connection(socket: TcpStream, tls: TlsAcceptor, router: Router, mut draining: Shutdown) {
    // Answers are small and whole: nothing to gain from waiting for more.
    drop(socket.set_nodelay(true));
    let stream = match timeout(HANDSHAKE, tls.accept(socket)).await {
        Ok(Ok(stream)) => stream,
        // An API server that does not believe our certificate says so in its log and in ours.
        Ok(Err(error)) => return tracing::debug!(%error, "no TLS"),
        Err(_) => return,
    };
    // Who comes while it ends is answered once; who has been idle goes elsewhere.
    let stays = !draining.is_draining();
    let serving = http1::Builder::new()
        .keep_alive(stays)
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    tokio::pin!(serving);
    // Errors are the other end's doing: bad bytes, which hyper answers, or a hang-up.
    tokio::select! {
        biased;
        served = serving.as_mut() => return drop(served),
        () = draining.draining(), if stays => {}
    }
    serving.as_mut().graceful_shutdown();
    drop(serving.await);
}

/// Takes finished tasks off the list; waits for ever where there are none.
async fn reap(open: &mut JoinSet<()>) {
    if open.join_next().await.is_none() {
        pending::<()>().await;
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}

#[cfg(test)]
mod tests;
