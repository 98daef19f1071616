use std::{fmt, net::IpAddr, str::FromStr};

use http::{Uri, uri::Scheme};
use kms_types::RegionId;
use thiserror::Error;

/// Where a service listens: a host as the cloud's documentation writes it, `host:port`,
/// or a URL without a path. Plain HTTP only to this machine itself.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Endpoint {
    plain: bool,
    host: String,
    port: Option<u16>,
}

/// Text that is no endpoint. Says what is wrong with it, never the text.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum ParseEndpointError {
    /// Neither of the three forms.
    #[error("is neither a host, host:port nor a URL")]
    Syntax,
    /// No host in it.
    #[error("names no host; write one such as kms.cn-hangzhou.aliyuncs.com")]
    NoHost,
    /// `user:password@`.
    #[error("holds a user name or password; neither is used")]
    UserInfo,
    /// A host with characters that no host has.
    #[error("names no host that could exist")]
    Host,
    /// Something after the host.
    #[error("is a host, without a path")]
    Path,
    /// Port 0, or past 65535.
    #[error("has no port between 1 and 65535")]
    Port,
    /// Neither `https` nor `http`.
    #[error("knows https:// and, to this machine itself, http://")]
    Scheme,
    /// `http://` to another machine.
    #[error("http:// would send secrets unprotected over the network; use https://")]
    PlainHttp,
}

/// What the host name of every KMS instance ends with (reference kms-api §5.2).
const INSTANCE_SUFFIX: &str = ".cryptoservice.kms.aliyuncs.com";

/// What every host name of the cloud's products ends with.
const CLOUD_SUFFIX: &str = ".aliyuncs.com";

// === impl Endpoint ===

impl Endpoint {
    /// `kms.<region>.aliyuncs.com`: the shared gateway of the region.
    pub fn shared(region: &RegionId) -> Self {
        Self::https(format!("kms.{region}.aliyuncs.com"))
    }

    /// `sts.aliyuncs.com`, which serves every region.
    pub fn sts() -> Self {
        Self::https("sts.aliyuncs.com".to_owned())
    }

    /// `ram.aliyuncs.com`, which serves every region.
    pub fn ram() -> Self {
        Self::https("ram.aliyuncs.com".to_owned())
    }

    /// `ims.aliyuncs.com`: RAM's identity providers, of every region.
    pub fn ims() -> Self {
        Self::https("ims.aliyuncs.com".to_owned())
    }

    /// `<name>.aliyuncs.com`: another product that serves every region from one place.
    pub fn central(name: &str) -> Self {
        Self::https(format!("{name}{CLOUD_SUFFIX}"))
    }

    /// The same with a label in front of the host's name: a bucket, or a project.
    #[must_use]
    pub fn below(&self, label: &str) -> Self {
        Self {
            host: format!("{label}.{}", self.host),
            ..self.clone()
        }
    }

    /// The host alone, in lower case; an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// As in a `Host` header: with the port unless it is the scheme's own.
    pub fn authority(&self) -> String {
        let usual = if self.plain { 80 } else { 443 };
        match self.port {
            Some(port) if port != usual => format!("{}:{port}", self.host),
            _ => self.host.clone(),
        }
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// Whether it is one of the cloud's.
    pub fn is_cloud(&self) -> bool {
        self.host.ends_with(CLOUD_SUFFIX)
    }

    /// Whether it is the private gateway of a KMS instance.
    pub fn is_instance(&self) -> bool {
        self.host.ends_with(INSTANCE_SUFFIX)
    }

    fn https(host: String) -> Self {
        Self {
            plain: false,
            host,
            port: None,
        }
    }
}

impl FromStr for Endpoint {
    type Err = ParseEndpointError;

    fn from_str(text: &str) -> Result<Self, ParseEndpointError> {
        let with_scheme = text.contains("://");
        let uri: Uri = text
            .parse()
            .map_err(|_invalid| ParseEndpointError::Syntax)?;
        let authority = uri.authority().ok_or(ParseEndpointError::NoHost)?;
        if authority.as_str().contains('@') {
            return Err(ParseEndpointError::UserInfo);
        }
        let host = authority.host();
        if !is_host(host) {
            return Err(ParseEndpointError::Host);
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(ParseEndpointError::Path);
        }
        let port = authority.port_u16();
        if authority.as_str().len() > host.len() && port.is_none_or(|port| port == 0) {
            return Err(ParseEndpointError::Port);
        }
        let plain = match uri.scheme() {
            None => false,
            Some(scheme) if *scheme == Scheme::HTTPS => false,
            Some(scheme) if *scheme == Scheme::HTTP => with_scheme,
            Some(_) => return Err(ParseEndpointError::Scheme),
        };
        if plain && !is_loopback(host) {
            return Err(ParseEndpointError::PlainHttp);
        }
        Ok(Self {
            plain,
            host: host.to_ascii_lowercase(),
            port,
        })
    }
}

/// As a URL, without a slash at the end.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.plain { "http" } else { "https" };
        write!(f, "{scheme}://{}", self.authority())
    }
}

/// `localhost`, 127.0.0.0/8 and ::1; brackets around the address do not matter.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[') {
        let inner = inner.strip_suffix(']').unwrap_or_default();
        return inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    !host.is_empty()
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
}

#[cfg(test)]
mod tests;
