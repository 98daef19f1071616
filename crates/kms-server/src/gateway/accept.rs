use std::{future::pending, io, sync::Arc, time::Duration};

use http::{HeaderName, Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::rt::TokioIo;
use kms_telemetry::Shutdown;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    Limits, Listener, Peer, Routes, Target,
    stream::{Lines, Patient, Phase, Progress, Watched},
};

/// Counts the connections of all listeners that share it.
#[derive(Clone)]
pub struct Door {
    limits: Limits,
    seats: Arc<Semaphore>,
    crowded: Arc<Notify>,
    query_header: HeaderName,
}

/// Serves on one listener until the program is told to end, then lets requests in
/// progress finish for as long as the limits allow.
pub async fn serve(
    listener: Listener,
    routes: impl Into<Routes>,
    door: Door,
    mut shutdown: Shutdown,
) {
    let routes = routes.into();
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = shutdown.draining() => break,
            // Takes finished tasks off the list; waits for ever where there are none.
            () = reap(&mut open) => continue,
            accepted = listener.socket.accept() => accepted,
        };
        let (socket, address) = match accepted {
            Ok(accepted) => accepted,
            Err(reason) if is_about_one_connection(&reason) => continue,
            Err(reason) => {
                // Out of file descriptors, as a rule. Idle connections hold some; never spin.
                tracing::warn!(error = %reason, "cannot accept connections");
                door.crowded.notify_waiters();
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        if !listener.lets_in(address.ip()) {
            tracing::debug!(peer = %address, "is no proxy of ours");
            continue;
        }
        // Only once somebody stands outside: a full house where nobody waits is no reason
        // to send an idle connection away.
        let seat = tokio::select! {
            biased;
            () = shutdown.draining() => break,
            seat = door.seat() => seat,
        };
        let tls = listener.tls.clone();
        let (routes, door, mut shutdown) = (routes.clone(), door.clone(), shutdown.clone());
        open.spawn(async move {
            let _seat: Option<OwnedSemaphorePermit> = seat;
            // Answers are small and whole: nothing to gain from waiting for more.
            if socket.set_nodelay(true).is_err() {
                return;
            }
            let Some(tls) = tls else {
                let peer = Peer {
                    address,
                    is_tls: false,
                };
                let Some(target) = routes.of(None) else {
                    return;
                };
                return door.connection(socket, peer, target, &mut shutdown).await;
            };
            // The other end's mistakes (no TLS, wrong name) are its own to report.
            if let Ok(Ok(stream)) = timeout(door.limits.handshake_time, tls.accept(socket)).await {
                let peer = Peer {
                    address,
                    is_tls: true,
                };
                let Some(target) = routes.of(stream.get_ref().1.server_name()) else {
                    tracing::debug!(peer = %address, "asks for a name that is no instance's");
                    return;
                };
                door.connection(stream, peer, target, &mut shutdown).await;
            }
        });
    }
    drop(listener);
    let emptied = async { while open.join_next().await.is_some() {} };
    let mut at_once = shutdown.clone();
    tokio::select! {
        drained = timeout(door.limits.drain_time, emptied) => if drained.is_err() {
            tracing::warn!("requests were still in progress at the end");
        },
        () = at_once.at_once() => {}
    }
}

// === impl Door ===

impl Door {
    /// A door for listeners that share these limits. Long queries travel in
    /// `query_header`, which the router has to look for (see [`Gateway`](super::Gateway)).
    pub fn new(limits: Limits, query_header: HeaderName) -> Self {
        Self {
            limits,
            seats: Arc::new(Semaphore::new(limits.connections)),
            crowded: Arc::new(Notify::new()),
            query_header,
        }
    }

    /// Waits for room for one more, asking idle connections to make some.
    async fn seat(&self) -> Option<OwnedSemaphorePermit> {
        let waiting = Arc::clone(&self.seats).acquire_owned();
        tokio::pin!(waiting);
        loop {
            tokio::select! {
                biased;
                // The semaphore is never closed.
                seat = &mut waiting => return seat.ok(),
                () = self.make_room() => {}
            }
        }
    }

    async fn make_room(&self) {
        self.crowded.notify_waiters();
        sleep(Duration::from_millis(20)).await;
    }

    async fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        stream: S,
        peer: Peer,
        target: Target,
        shutdown: &mut Shutdown,
    ) {
        let progress = Arc::new(Progress::default());
        let stream = Patient::new(stream, Arc::clone(&progress), self.limits);
        let stream = Lines::new(
            stream,
            Arc::clone(&progress),
            self.query_header.clone(),
            self.limits.line,
        );
        let service = hyper::service::service_fn(|request: Request<Incoming>| {
            let request = request.map(|body| Watched::new(body, Arc::clone(&progress)));
            let (target, progress) = (&target, &progress);
            async move {
                let answer = target.answer(peer, request).await;
                progress.enter(Phase::Idle);
                answer
            }
        });
        let serving = http1::Builder::new()
            .half_close(true)
            .max_buf_size(self.limits.head)
            // `Patient` keeps time.
            .header_read_timeout(None)
            .serve_connection(TokioIo::new(stream), service);
        tokio::pin!(serving);
        let asked_to_go = async {
            loop {
                self.crowded.notified().await;
                if progress.phase() == Phase::Idle {
                    return;
                }
            }
        };
        // Errors are the other end's doing: bad bytes, which hyper answers, or a hang-up.
        tokio::select! {
            biased;
            result = serving.as_mut() => return drop(result),
            () = shutdown.draining() => {}
            () = asked_to_go => {}
        }
        serving.as_mut().graceful_shutdown();
        drop(serving.await);
    }
}

async fn reap(open: &mut JoinSet<()>) {
    if open.join_next().await.is_none() {
        pending::<()>().await;
    }
}

fn is_about_one_connection(reason: &io::Error) -> bool {
    matches!(
        reason.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}
