//! A KMS, or an OOS, that answers what a test tells it to, wrong lengths and silence included. It
//! checks no signature: what a right request is, other tests say with the real server.

use std::{
    collections::HashMap,
    io,
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use rustls::{ServerConnection, StreamOwned};

use crate::TestServerCert;

mod connection;
mod reply;

pub use reply::Reply;

/// A fake KMS on a free port of 127.0.0.1, with a thread per connection; ends when dropped.
pub struct FakeKms {
    shared: Arc<Shared>,
    address: SocketAddr,
    tls: bool,
}

/// One call that came in.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Call {
    /// `GetSecretValue`, mostly.
    pub action: String,
    /// `SecretName`; of a parameter of OOS, `Name`.
    pub secret: String,
    /// `VersionId`.
    pub version_id: Option<String>,
    /// `VersionStage`.
    pub version_stage: Option<String>,
    /// Who says to have signed it; nobody if it travels unsigned.
    pub access_key_id: Option<String>,
    /// The token of temporary credentials.
    pub security_token: Option<String>,
    /// `OIDCToken`.
    pub oidc_token: Option<String>,
}

#[derive(Default)]
struct Shared {
    replies: Mutex<HashMap<String, Reply>>,
    otherwise: Mutex<Option<Reply>>,
    calls: Mutex<Vec<Call>>,
    open: Mutex<Vec<TcpStream>>,
    down: AtomicBool,
    ended: AtomicBool,
}

impl FakeKms {
    /// Speaks plain HTTP.
    ///
    /// # Errors
    /// No port is free.
    pub fn start() -> io::Result<Self> {
        Self::start_with(None)
    }

    /// Speaks TLS with this certificate.
    ///
    /// # Errors
    /// No port is free.
    pub fn start_tls(cert: &TestServerCert) -> io::Result<Self> {
        Self::start_with(Some(cert))
    }

    fn start_with(cert: Option<&TestServerCert>) -> io::Result<Self> {
        let config = cert.map(TestServerCert::server_config);
        let tls = config.is_some();
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for socket in listener.incoming() {
                if serving.ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(socket) = socket else { continue };
                if serving.down.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(end) = socket.try_clone() else {
                    continue;
                };
                if let Ok(end) = end.try_clone() {
                    lock(&serving.open).push(end);
                }
                let (shared, config) = (Arc::clone(&serving), config.clone());
                thread::spawn(move || {
                    match config {
                        None => connection::serve(socket, &shared),
                        Some(config) => {
                            if let Ok(tls) = ServerConnection::new(config) {
                                connection::serve(StreamOwned::new(tls, socket), &shared);
                            }
                        }
                    }
                    // Dropping is not closing: there are clones.
                    drop(end.shutdown(Shutdown::Both));
                });
            }
        });
        Ok(Self {
            shared,
            address,
            tls,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What goes into `[Kms] Endpoint`.
    pub fn url(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// What is answered for this secret from now on.
    pub fn set(&self, secret: &str, reply: Reply) {
        lock(&self.shared.replies).insert(secret.to_owned(), reply);
    }

    /// What is answered for all others; not found unless set.
    pub fn set_otherwise(&self, reply: Reply) {
        *lock(&self.shared.otherwise) = Some(reply);
    }

    /// Cuts all connections and takes none until it is brought up again.
    pub fn set_down(&self, down: bool) {
        self.shared.down.store(down, Ordering::SeqCst);
        if down {
            for socket in lock(&self.shared.open).drain(..) {
                // The other end may have been faster.
                drop(socket.shutdown(Shutdown::Both));
            }
        }
    }

    /// All calls so far, a self-check's included.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.shared.calls).clone()
    }

    /// How many calls there were for this secret.
    pub fn calls_of(&self, secret: &str) -> usize {
        lock(&self.shared.calls)
            .iter()
            .filter(|call| call.secret == secret)
            .count()
    }
}

impl Drop for FakeKms {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        self.set_down(true);
        // Wakes the thread that accepts.
        drop(TcpStream::connect_timeout(
            &self.address,
            Duration::from_secs(1),
        ));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
