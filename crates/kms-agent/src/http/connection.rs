use std::{
    convert::Infallible,
    future::poll_fn,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use super::{Connection, Phase, Registry, registry::TICKS_PER_SECOND, stream::Stream};

/// Answers requests. Called on every connection.
pub(crate) trait Answer: Send + Sync + 'static {
    /// One request, one answer.
    fn answer(
        self: &Arc<Self>,
        connection: &Arc<Connection>,
        request: Request<Incoming>,
    ) -> Answering;
}

/// An answer, or the way to it. Nearly all are there at once; for them nothing is
/// allocated and no count that threads share is moved.
pub(crate) enum Answering {
    /// `None` once it was taken.
    Now(Option<Response<Full<Bytes>>>),
    Later(Pin<Box<dyn Future<Output = Response<Full<Bytes>>> + Send>>),
}

impl Future for Answering {
    type Output = Result<Response<Full<Bytes>>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Now(answer) => answer
                .take()
                .map_or(Poll::Pending, |answer| Poll::Ready(Ok(answer))),
            Self::Later(answer) => answer.as_mut().poll(context).map(Ok),
        }
    }
}

/// The most that a request's head may hold, in bytes.
const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;

/// How much of a body that nobody wants is taken at most, in bytes.
const MAX_UNREAD: usize = 1024 * 1024;

/// Accepts until told to stop. At most `max_open` connections at once: beyond that the
/// idlest one makes room.
pub(crate) async fn accept<A: Answer>(
    listener: TcpListener,
    registry: Arc<Registry>,
    answer: Arc<A>,
    max_open: usize,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stop) => return,
        };
        let (socket, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(reason) => {
                // Out of file descriptors: an idle connection has one to give. Never spin.
                if !is_about_one_connection(&reason) {
                    tracing::warn!(error = %reason, "cannot accept connections");
                    registry.evict();
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                continue;
            }
        };
        let Some(local) = check(&socket, peer) else {
            continue;
        };
        if registry.len() >= max_open && !registry.evict() {
            continue;
        }
        let connection = registry.admit(peer, local);
        let task = tokio::spawn(serve(
            socket,
            Arc::clone(&connection),
            Arc::clone(&registry),
            Arc::clone(&answer),
        ));
        registry.insert(connection, task.abort_handle());
    }
}

/// Lets what has begun be answered, until there is no connection left or `patience` runs
/// out. Accepting has ended before.
pub(crate) async fn drain(registry: &Registry, patience: Duration) {
    registry.end();
    let emptied = async {
        while registry.len() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    if tokio::time::timeout(patience, emptied).await.is_err() {
        registry.abort_all();
    }
}

/// Lets time pass for the registry, for ever.
pub(crate) async fn keep_time(registry: &Registry) {
    let period = Duration::from_millis(1000 / TICKS_PER_SECOND);
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        registry.tick();
    }
}

async fn serve<A: Answer>(
    socket: TcpStream,
    connection: Arc<Connection>,
    registry: Arc<Registry>,
    answer: Arc<A>,
) {
    let open = Closing {
        registry: Arc::clone(&registry),
        connection: Arc::clone(&connection),
    };
    let stream = Stream {
        socket,
        connection: Arc::clone(&connection),
        registry: Arc::clone(&registry),
    };
    let service = service_fn(|request| answer.answer(&connection, request));
    let mut serving = http1::Builder::new()
        // Programs like `nc` shut their side down right after the request.
        .half_close(true)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut ending = false;
    poll_fn(|context| connection.attend(context)).await;
    // Not a channel to listen to: that would cost each request a lock.
    let served = poll_fn(|context| {
        if Pin::new(&mut serving).poll(context).is_ready() {
            return Poll::Ready(());
        }
        if ending || !registry.is_ending() {
            return Poll::Pending;
        }
        ending = true;
        Pin::new(&mut serving).graceful_shutdown();
        Pin::new(&mut serving).poll(context).map(drop)
    });
    // Errors are the other end's doing: bad bytes, which hyper answers, or a hang-up.
    served.await;
    if connection.is_out_of_step() {
        // Boxed: no other connection carries the room for it.
        Box::pin(linger(serving.into_parts().io.into_inner())).await;
    }
    drop(open);
}

/// Takes what the other end still sends, for a moment and up to a bound, after an answer
/// that refuses to read it: closing over unread bytes is a reset, which destroys the
/// answer on its way.
async fn linger(mut stream: Stream) {
    stream
        .connection
        .enter(Phase::Closing, stream.registry.now());
    if stream.shutdown().await.is_err() {
        return;
    }
    let mut unread = [0; 8192];
    let mut room = MAX_UNREAD;
    while room > 0 {
        match stream.read(&mut unread).await {
            Ok(len) if len > 0 => room = room.saturating_sub(len),
            _ => return,
        }
    }
}

/// Ready once told to stop, or once nobody is left to tell.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

/// Takes the connection off the list however its task ends.
struct Closing {
    registry: Arc<Registry>,
    connection: Arc<Connection>,
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.registry.remove(&self.connection);
    }
}

/// Both ends must be this machine, whatever routing does to us.
fn check(socket: &TcpStream, peer: SocketAddr) -> Option<SocketAddr> {
    let local = socket.local_addr().ok()?;
    if !peer.ip().is_loopback() || !local.ip().is_loopback() {
        tracing::warn!(%peer, "connection from elsewhere refused");
        return None;
    }
    socket.set_nodelay(true).ok()?;
    Some(local)
}

fn is_about_one_connection(reason: &io::Error) -> bool {
    matches!(
        reason.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}
