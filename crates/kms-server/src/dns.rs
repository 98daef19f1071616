//! A small authoritative name server on loopback: what PrivateZone does in the cloud's
//! networks. Who asks is known by the address that the question comes from, and sees the
//! names of the networks that this address lies in (reference accesskey §1, rows 13 and 14).
//!
//! How a question walks: `udp` or `tcp` receives it → `answer` reads it, has the service look
//! the name up and writes what comes of that.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use kms_service::Service;
use kms_telemetry::Shutdown;
use tokio::{
    net::{TcpListener, UdpSocket},
    sync::Semaphore,
    task::JoinSet,
};

mod answer;
mod tcp;
mod udp;

/// An address that questions are answered at, both ways: each server of names has UDP and TCP
/// (RFC 7766).
pub(crate) struct Socket {
    udp: UdpSocket,
    tcp: TcpListener,
}

/// Questions that are worked on at once, and connections that are open, each by itself. More
/// are dropped, and asked again by whoever asked.
const MOST: usize = 64;

/// How long a connection may say nothing.
const PATIENCE: Duration = Duration::from_secs(10);

// === impl Socket ===

impl Socket {
    /// Takes the address, by both protocols.
    ///
    /// # Errors
    /// It is taken, or not this machine's.
    pub(crate) async fn bind(address: SocketAddr) -> io::Result<Self> {
        let tcp = TcpListener::bind(address).await?;
        // Port 0 is one that is free.
        let udp = UdpSocket::bind(tcp.local_addr()?).await?;
        Ok(Self { udp, tcp })
    }

    /// Where it is.
    ///
    /// # Errors
    /// The system does not say.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

/// Answers until the program is told to end.
pub(crate) fn serve(
    tasks: &mut JoinSet<()>,
    sockets: Vec<Socket>,
    service: &Service,
    shutdown: &Shutdown,
) {
    for Socket { udp, tcp } in sockets {
        let seats = || Arc::new(Semaphore::new(MOST));
        let questions = udp::serve(udp, service.clone(), seats(), shutdown.clone());
        tasks.spawn(questions);
        let connections = tcp::serve(tcp, service.clone(), seats(), shutdown.clone());
        tasks.spawn(connections);
    }
}
