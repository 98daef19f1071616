//! An address at which an instance's gateway is found as in a VPC: on port 443, by the instance's name.

use std::{
    io,
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    thread,
};

use anyhow::{Context as _, Result};

/// The addresses of this machine that nobody else is likely to have, the first free one of which is taken.
const CANDIDATES: u8 = 50;

/// Listens at such an address until the suite ends, and leads to the gateway; what TLS says passes untouched.
pub(super) fn open(gateway: SocketAddr) -> Result<Ipv4Addr> {
    let found = (1..=CANDIDATES).find_map(|last| {
        let address = Ipv4Addr::new(127, 0, 4, last);
        let listener = TcpListener::bind((address, 443)).ok()?;
        Some((address, listener))
    });
    let (address, listener) = found.context("no port 443 of 127.0.4.0/24 is to be had")?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // A broken connection is for both ends to notice.
            thread::spawn(move || drop(join(&client, gateway)));
        }
    });
    Ok(address)
}

fn join(client: &TcpStream, gateway: SocketAddr) -> io::Result<()> {
    let server = TcpStream::connect(gateway)?;
    let (from, to) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || pass(&from, &to));
    pass(&server, client);
    Ok(())
}

/// Until there is no more.
fn pass(mut from: &TcpStream, mut to: &TcpStream) {
    drop(io::copy(&mut from, &mut to));
    drop(to.shutdown(Shutdown::Write));
}
