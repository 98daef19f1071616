use std::{
    fs,
    net::{IpAddr, SocketAddr},
};

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink, recv, send, socket_with,
};

/// Asks the kernel for the socket whose own end is our peer. By netlink, which answers
/// for one socket however many there are; by /proc where that family is forbidden.
pub(in crate::http) fn of(peer: SocketAddr, local: SocketAddr) -> Option<u32> {
    by_netlink(peer, local).or_else(|| by_proc(peer, local))
}

const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const IPPROTO_TCP: u8 = 6;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLM_F_REQUEST: u16 = 1;
/// `nlmsghdr`, then `inet_diag_req_v2` (`sock_diag(7)`).
const REQUEST_LEN: u32 = 16 + 56;
/// `nlmsghdr`, then `idiag_uid` in `inet_diag_msg`.
const UID_AT: usize = 16 + 64;

fn by_netlink(peer: SocketAddr, local: SocketAddr) -> Option<u32> {
    let mut request = Vec::with_capacity(72);
    request.extend_from_slice(&REQUEST_LEN.to_ne_bytes());
    request.extend_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    request.extend_from_slice(&NLM_F_REQUEST.to_ne_bytes());
    // Sequence and port: one question, one answer.
    request.extend_from_slice(&[0; 8]);
    let family = if peer.is_ipv4() { AF_INET } else { AF_INET6 };
    request.extend_from_slice(&[family, IPPROTO_TCP, 0, 0]);
    // In any state.
    request.extend_from_slice(&u32::MAX.to_ne_bytes());
    request.extend_from_slice(&peer.port().to_be_bytes());
    request.extend_from_slice(&local.port().to_be_bytes());
    request.extend_from_slice(&padded(peer.ip()));
    request.extend_from_slice(&padded(local.ip()));
    // Any interface; no cookie.
    request.extend_from_slice(&0_u32.to_ne_bytes());
    request.extend_from_slice(&[0xff; 8]);

    let socket = socket_with(
        AddressFamily::NETLINK,
        SocketType::DGRAM,
        SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
        Some(netlink::SOCK_DIAG),
    )
    .ok()?;
    send(&socket, &request, SendFlags::empty()).ok()?;
    let mut answer = [0_u8; 512];
    // The kernel answers before `send` returns.
    let (len, _) = recv(&socket, &mut answer[..], RecvFlags::empty()).ok()?;
    let answer = answer.get(..len)?;
    let kind = u16::from_ne_bytes(answer.get(4..6)?.try_into().ok()?);
    if kind != SOCK_DIAG_BY_FAMILY {
        return None;
    }
    let uid = answer.get(UID_AT..UID_AT + 4)?;
    Some(u32::from_ne_bytes(uid.try_into().ok()?))
}

fn padded(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, d] = ip.octets();
            [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        }
        IpAddr::V6(ip) => ip.octets(),
    }
}

fn by_proc(peer: SocketAddr, local: SocketAddr) -> Option<u32> {
    let path = if peer.is_ipv4() {
        "/proc/self/net/tcp"
    } else {
        "/proc/self/net/tcp6"
    };
    find(&fs::read_to_string(path).ok()?, peer, local)
}

fn find(table: &str, peer: SocketAddr, local: SocketAddr) -> Option<u32> {
    let (peer, local) = (hex(peer), hex(local));
    table.lines().find_map(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        (fields.next() == Some(&peer) && fields.next() == Some(&local)).then_some(())?;
        // Past st, queues, timer and retransmits.
        fields.nth(4)?.parse().ok()
    })
}

/// As the table writes it: words of the address in the machine's byte order.
fn hex(address: SocketAddr) -> String {
    use std::fmt::Write;
    let octets = match address.ip() {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    let mut text = String::new();
    for word in octets.chunks_exact(4) {
        if let Ok(word) = word.try_into() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{:08X}", u32::from_ne_bytes(word));
        }
    }
    let _ = write!(text, ":{:04X}", address.port());
    text
}

#[cfg(test)]
mod tests;
