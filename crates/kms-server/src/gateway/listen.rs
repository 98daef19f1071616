use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// An open port and what is spoken on it.
pub struct Listener {
    pub(super) socket: TcpListener,
    pub(super) tls: Option<TlsAcceptor>,
}

/// Opens a port of 127.0.0.1; port 0 takes a free one.
///
/// # Errors
/// The port is taken or not allowed.
pub async fn bind(port: u16) -> io::Result<Listener> {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    Ok(Listener { socket, tls: None })
}

// === impl Listener ===

impl Listener {
    /// The same port, over TLS only.
    #[must_use]
    pub fn with_tls(self, config: Arc<ServerConfig>) -> Self {
        Self {
            socket: self.socket,
            tls: Some(config.into()),
        }
    }

    /// Where it listens.
    ///
    /// # Errors
    /// If the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }
}
