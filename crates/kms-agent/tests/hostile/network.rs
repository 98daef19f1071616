//! Rows 51 and 52: which addresses are served, and which are not.

use std::{
    fs,
    net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    time::Duration,
};

use kms_testkit::agent::AgentSetup;

use crate::{PROGRAM, kms, normal, warm};

#[test]
fn both_loopback_addresses_are_served() {
    let kms = kms();
    let (agent, _) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    let request = agent.request("/v1/foo").replace("localhost", "[::1]");
    let six = SocketAddr::from((Ipv6Addr::LOCALHOST, agent.address().port()));
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok() {
        let exchange = kms_testkit::Exchange::run(six, request.as_bytes(), 1, false).unwrap();
        assert_eq!(exchange.statuses(), [200]);
    } else {
        assert!(TcpStream::connect(six).is_err(), "this machine has no IPv6");
    }
    normal(&agent);
    agent.stop_clean();
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_listens_on_other_addresses() {
    let kms = kms();
    let (agent, _) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    let port = agent.address().port();
    // As the kernel sees it: local address and port in hexadecimal, state 0A is LISTEN.
    let listening: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| table.lines().map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|line| {
            let mut fields = line.split_ascii_whitespace().skip(1);
            let (local, _, state) = (fields.next()?, fields.next()?, fields.next()?);
            let (address, own) = local.split_once(':')?;
            (state == "0A" && own == format!("{port:04X}")).then(|| address.to_owned())
        })
        .collect();
    let loopback = ["0100007F", "00000000000000000000000001000000"];
    assert!(!listening.is_empty());
    for address in &listening {
        assert!(loopback.contains(&address.as_str()), "{address}");
    }
    // And as a neighbour sees it, where this machine has an address of its own.
    let outward = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        // Sends nothing: it only makes the system choose an address.
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    if let Ok(own) = outward.map(|address| SocketAddr::new(address.ip(), port)) {
        let reached = TcpStream::connect_timeout(&own, Duration::from_secs(2));
        assert!(own.ip().is_loopback() || reached.is_err(), "{own}");
    }
    agent.stop_clean();
}
