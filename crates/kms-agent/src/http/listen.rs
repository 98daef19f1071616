use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
};

use socket2::{Domain, Protocol, Socket, Type};

/// Listens on `port` of 127.0.0.1 and, where the machine has it, of `::1`, never elsewhere;
/// answers cannot travel further than one hop. Port 0 takes a free one, the same on both.
///
/// # Errors
/// The port is taken, on either address.
pub fn bind(port: u16) -> io::Result<Vec<TcpListener>> {
    let mut tries_left = if port == 0 { 16 } else { 1 };
    loop {
        tries_left -= 1;
        let v4 = listener((Ipv4Addr::LOCALHOST, port).into())?;
        let bound = v4.local_addr()?.port();
        match listener((Ipv6Addr::LOCALHOST, bound).into()) {
            Ok(v6) => return Ok(vec![v4, v6]),
            Err(reason) if is_taken(&reason) && tries_left > 0 => {}
            Err(reason) if is_taken(&reason) => return Err(reason),
            // No IPv6 on this machine: clients that try ::1 first fall back.
            Err(_) => return Ok(vec![v4]),
        }
    }
}

fn listener(address: SocketAddr) -> io::Result<TcpListener> {
    let domain = Domain::for_address(address);
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    // Not REUSEPORT: with it another process could listen beside us and collect tokens.
    // On Windows REUSEADDR would allow just that.
    #[cfg(not(windows))]
    socket.set_reuse_address(true)?;
    if domain == Domain::IPV6 {
        socket.set_only_v6(true)?;
        socket.set_unicast_hops_v6(1)?;
    } else {
        socket.set_ttl_v4(1)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(1024)?;
    Ok(socket.into())
}

fn is_taken(reason: &io::Error) -> bool {
    matches!(
        reason.kind(),
        io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied
    )
}
