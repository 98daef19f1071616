use std::{fmt, net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Where an OIDC issuer is, which is also how its tokens name it.
///
/// `https://host[:port][/path]`, at most 255 bytes, as RAM wants it (Ims 2019-08-15,
/// CreateOIDCProvider); `http://` for a host on this machine only. It is kept to the byte:
/// `iss` has to be equal to it.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct IssuerUrl(String);

/// Text that is no issuer's URL.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
pub enum ParseIssuerUrlError {
    /// Longer than RAM allows.
    #[error("is longer than 255 bytes")]
    TooLong,
    /// `http`, and the host is another machine.
    #[error("must begin with https:// unless its host is this machine")]
    Scheme,
    /// No host, a bad port, or something that an issuer has no use for.
    #[error("must be https://host[:port][/path] without user, query, fragment or blanks")]
    Shape,
}

/// RAM's own limit.
const LONGEST: usize = 255;

// === impl IssuerUrl ===

impl IssuerUrl {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what it names is asked over TLS.
    pub fn is_tls(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for IssuerUrl {
    type Err = ParseIssuerUrlError;

    fn from_str(text: &str) -> Result<Self, ParseIssuerUrlError> {
        use ParseIssuerUrlError::{Scheme, Shape, TooLong};

        if text.len() > LONGEST {
            return Err(TooLong);
        }
        let (is_tls, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err(Scheme),
        };
        let is_allowed = |b: u8| b.is_ascii_graphic() && !matches!(b, b'?' | b'#' | b'@' | b'\\');
        if !rest.bytes().all(is_allowed) {
            return Err(Shape);
        }
        let authority = rest.split('/').next().unwrap_or_default();
        let host = host(authority).ok_or(Shape)?;
        if !is_tls && !is_this_machine(host) {
            return Err(Scheme);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for IssuerUrl {
    type Error = ParseIssuerUrlError;

    fn try_from(text: String) -> Result<Self, ParseIssuerUrlError> {
        text.parse()
    }
}

impl From<IssuerUrl> for String {
    fn from(url: IssuerUrl) -> Self {
        url.0
    }
}

impl fmt::Display for IssuerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The host, without the brackets of IPv6; none if host or port are malformed.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        host.parse::<std::net::Ipv6Addr>().ok()?;
        let port = match rest {
            "" => None,
            rest => Some(rest.strip_prefix(':')?),
        };
        (host, port)
    } else {
        match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        }
    };
    let is_named = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':');
    if host.is_empty() || !host.bytes().all(is_named) {
        return None;
    }
    if let Some(port) = port {
        // `parse` alone would take a sign.
        let is_number = port.bytes().all(|b| b.is_ascii_digit());
        port.parse::<u16>()
            .ok()
            .filter(|port| *port > 0 && is_number)?;
    }
    Some(host)
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
