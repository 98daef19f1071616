use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

/// Where to listen, as Go writes it: `:8080` is every address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Listen {
    /// This address only.
    pub host: Option<IpAddr>,
    /// 0: a free one.
    pub port: u16,
}

/// Where to try to listen, one after the other: every address of both families, or of IPv4 where the
/// machine has no IPv6.
pub(super) fn candidates(listen: Listen) -> impl Iterator<Item = SocketAddr> {
    let every: [IpAddr; 2] = [Ipv6Addr::UNSPECIFIED.into(), Ipv4Addr::UNSPECIFIED.into()];
    let every = every.into_iter().filter(move |_| listen.host.is_none());
    listen
        .host
        .into_iter()
        .chain(every)
        .map(move |host| SocketAddr::new(host, listen.port))
}

impl FromStr for Listen {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        const FORM: &str = "is :8080, or an address and a port such as 127.0.0.1:8080";
        if let Some(port) = text.strip_prefix(':') {
            let port = port.parse().map_err(|_invalid| FORM)?;
            return Ok(Self { host: None, port });
        }
        let at: SocketAddr = text.parse().map_err(|_invalid| FORM)?;
        Ok(Self {
            host: Some(at.ip()),
            port: at.port(),
        })
    }
}
