use std::net::{TcpListener, TcpStream};

use super::*;

#[test]
fn both_ways_find_our_own_uid() {
    let own = rustix::process::getuid().as_raw();
    for address in ["127.0.0.1:0", "[::1]:0"] {
        let Ok(listener) = TcpListener::bind(address) else {
            continue;
        };
        let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, peer) = listener.accept().unwrap();
        let local = server.local_addr().unwrap();
        assert_eq!(by_proc(peer, local), Some(own), "{address}");
        // Some sandboxes forbid the family.
        if let Some(uid) = by_netlink(peer, local) {
            assert_eq!(uid, own, "{address}");
        }
        let stranger = SocketAddr::new(peer.ip(), 1);
        assert_eq!(of(stranger, local), None, "{address}");
    }
}
