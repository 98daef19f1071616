//! Which user is at the other end of a loopback connection.

#[cfg(target_os = "linux")]
pub(super) use linux::of;

#[cfg(not(target_os = "linux"))]
pub(super) fn of(_peer: std::net::SocketAddr, _local: std::net::SocketAddr) -> Option<u32> {
    None
}

#[cfg(target_os = "linux")]
mod linux;
