//! Ports for programs that are told where to listen.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
};

/// Ports of this machine's loopback that nobody has just now, each another one.
pub(crate) fn free<const N: usize>() -> io::Result<[u16; N]> {
    // All held at once, so that they differ.
    let mut held = Vec::with_capacity(N);
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}
