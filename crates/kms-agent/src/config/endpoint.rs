//! What may stand in `Endpoint`.

use std::net::{IpAddr, Ipv6Addr};

use http::{Uri, uri::Scheme};

/// A host as in the seeds, `host:port`, or a URL; `http://` only to this machine itself.
pub(super) fn check(text: &str) -> Result<(), String> {
    let with_scheme = text.contains("://");
    let uri: Uri = text
        .parse()
        .map_err(|_invalid| "is neither a host, host:port nor a URL".to_owned())?;
    let Some(authority) = uri.authority() else {
        return Err("names no host; write one such as kms.cn-hangzhou.aliyuncs.com".to_owned());
    };
    if authority.as_str().contains('@') {
        return Err("holds a user name or password; neither is used".to_owned());
    }
    let host = authority.host();
    if host.is_empty() || !host.bytes().all(is_host_byte) {
        return Err("names no host that could exist".to_owned());
    }
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err("is a host, without a path".to_owned());
    }
    let names_port = authority.as_str().len() > host.len();
    if names_port && authority.port_u16().is_none_or(|port| port == 0) {
        return Err("has no port between 1 and 65535".to_owned());
    }
    if !with_scheme || uri.scheme() == Some(&Scheme::HTTPS) {
        return Ok(());
    }
    if uri.scheme() != Some(&Scheme::HTTP) {
        return Err("knows https:// and, to this machine itself, http://".to_owned());
    }
    if is_loopback(host) {
        return Ok(());
    }
    Err("http:// would send secrets unprotected over the network; use https://".to_owned())
}

fn is_host_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'[' | b']' | b':')
}

/// Whether a URL's host is this machine itself.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback(),
        Ok(IpAddr::V6(address)) => address == Ipv6Addr::LOCALHOST,
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}
