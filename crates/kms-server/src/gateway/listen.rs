use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use kms_types::Cidr;
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// An open port and what is spoken on it.
pub struct Listener {
    pub(super) socket: TcpListener,
    pub(super) tls: Option<TlsAcceptor>,
    /// Whose word about clients counts; where there are some, nobody else from another
    /// machine is let in.
    pub(super) proxies: Vec<Cidr>,
}

/// Opens a port of 127.0.0.1; port 0 takes a free one.
///
/// # Errors
/// The port is taken or not allowed.
pub async fn bind(port: u16) -> io::Result<Listener> {
    bind_to((Ipv4Addr::LOCALHOST, port).into()).await
}

/// Opens a port of any address of this machine.
///
/// # Errors
/// The port is taken or not allowed, or the address is another machine's.
pub async fn bind_to(address: SocketAddr) -> io::Result<Listener> {
    let socket = TcpListener::bind(address).await?;
    Ok(Listener {
        socket,
        tls: None,
        proxies: Vec::new(),
    })
}

// === impl Listener ===

impl Listener {
    /// The same port, over TLS only.
    #[must_use]
    pub fn with_tls(self, config: Arc<ServerConfig>) -> Self {
        Self {
            tls: Some(config.into()),
            ..self
        }
    }

    /// The same port, from other machines for these proxies only.
    #[must_use]
    pub fn behind(self, proxies: Vec<Cidr>) -> Self {
        Self { proxies, ..self }
    }

    pub(super) fn lets_in(&self, peer: IpAddr) -> bool {
        self.proxies.is_empty()
            || peer.to_canonical().is_loopback()
            || self.proxies.iter().any(|proxy| proxy.contains(peer))
    }

    /// Where it listens.
    ///
    /// # Errors
    /// If the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }
}
