use http::{HeaderMap, HeaderName, HeaderValue, Uri, request::Parts};

use super::{AcceptedTokens, Rule};
use crate::{Settings, hosted::Carried};

/// Why a request does not pass. The texts are fixed: nothing of the request comes back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Refusal {
    /// The HTTP status.
    pub(crate) status: u16,
    /// For the log and the counters; a rule's name where the rule can be relaxed.
    pub(crate) reason: &'static str,
    /// For the answer.
    pub(crate) message: &'static str,
    /// Whether the connection cannot be trusted to be in step any more.
    pub(crate) close: bool,
}

/// The checks, as configured.
#[derive(Debug)]
pub(crate) struct Guard {
    token_headers: Vec<HeaderName>,
    port: u16,
    /// Hosts that are ours, as nearly everybody writes them; [`Guard::is_ours`] knows the rest.
    usual_hosts: Vec<String>,
    relaxed: Vec<Rule>,
}

/// What one walk over the headers finds.
#[derive(Default)]
pub(crate) struct Seen<'a> {
    transfer_encoding: bool,
    length: Option<&'a HeaderValue>,
    expected: Option<&'a HeaderValue>,
    forwarded: bool,
    cross_site: bool,
    hosts: usize,
    host: &'a [u8],
    tokens: usize,
    token: Option<(usize, &'a [u8])>,
}

// === impl Seen ===

impl Seen<'_> {
    /// Bodies and their ways of being two lengths at once: the agent needs none, so none is
    /// read. Checked for every request, for the connection is out of step afterwards.
    pub(crate) fn framing(&self) -> Option<Refusal> {
        let refusal = |status, reason, message| {
            Some(Refusal {
                status,
                reason,
                message,
                close: true,
            })
        };
        if self.transfer_encoding {
            return refusal(400, "transfer-encoding", "requests have no body here");
        }
        if let Some(length) = self.length
            && length.as_bytes() != b"0"
        {
            // hyper refuses lengths that cannot be read; these can.
            let status = if length.len() > 6 { 413 } else { 400 };
            return refusal(status, "body", "requests have no body here");
        }
        if let Some(expected) = self.expected
            && !expected.as_bytes().eq_ignore_ascii_case(b"100-continue")
        {
            return refusal(417, "expect", "this cannot be expected");
        }
        None
    }
}

// === impl Guard ===

impl Guard {
    /// `port` is the one that is listened on.
    pub(crate) fn new(settings: &Settings, relaxed: Vec<Rule>, port: u16) -> Self {
        Self {
            // The configuration has checked them; one that is no header name opens nothing.
            token_headers: settings
                .server
                .ssrf_headers
                .iter()
                .filter_map(|name| name.parse().ok())
                .collect(),
            port,
            usual_hosts: HOSTS
                .iter()
                .flat_map(|host| [format!("{host}:{port}"), (*host).to_owned()])
                .collect(),
            relaxed,
        }
    }

    /// Checks a request; gives the header that carried the token, or the word for another
    /// place.
    ///
    /// In this order: what was forwarded, the token, the method, the host, the page. Who
    /// has no token learns nothing but that. `carried`: a token in the target itself, where
    /// that is allowed. `methods`: what may pass.
    pub(crate) fn check(
        &self,
        request: &Parts,
        seen: &Seen<'_>,
        carried: Option<&Carried<'_>>,
        tokens: &AcceptedTokens,
        methods: &[&str],
    ) -> Result<&str, Refusal> {
        if seen.forwarded && self.enforces(Rule::Forwarding) {
            return refuse(
                400,
                Rule::Forwarding.as_str(),
                "forwarded requests are refused",
            );
        }
        let header = self.token(seen, carried, tokens)?;
        if !methods.contains(&request.method.as_str()) {
            return Err(Refusal {
                status: 405,
                reason: "method",
                message: "only GET is answered here",
                // The bytes after CONNECT are no request.
                close: request.method == http::Method::CONNECT,
            });
        }
        self.host(seen, &request.uri)?;
        if seen.cross_site && self.enforces(Rule::CrossSite) {
            return refuse(
                403,
                Rule::CrossSite.as_str(),
                "requests from web pages are refused",
            );
        }
        Ok(header)
    }

    /// Walks over the headers.
    pub(crate) fn see<'a>(&self, headers: &'a HeaderMap) -> Seen<'a> {
        let mut seen = Seen::default();
        for (name, field) in headers {
            let value = field.as_bytes();
            match name.as_str() {
                // hyper lets no two lengths through that differ.
                "content-length" => seen.length = seen.length.or(Some(field)),
                "expect" => seen.expected = seen.expected.or(Some(field)),
                "transfer-encoding" => seen.transfer_encoding = true,
                "host" => {
                    seen.hosts += 1;
                    seen.host = value;
                }
                "origin" => seen.cross_site = true,
                "sec-fetch-site" => {
                    seen.cross_site |= !matches!(value, b"none" | b"same-origin");
                }
                "forwarded" | "via" | "x-real-ip" => seen.forwarded = true,
                other if other.starts_with("x-forwarded-") => seen.forwarded = true,
                _ => {
                    if let Some(at) = self.token_headers.iter().position(|own| own == name) {
                        seen.tokens += 1;
                        seen.token = seen.token.or(Some((at, value)));
                    }
                }
            }
        }
        seen
    }

    fn token(
        &self,
        seen: &Seen<'_>,
        carried: Option<&Carried<'_>>,
        tokens: &AcceptedTokens,
    ) -> Result<&str, Refusal> {
        let count = seen.tokens + carried.map_or(0, |carried| carried.count);
        if count > 1 && self.enforces(Rule::OneToken) {
            return refuse(
                400,
                Rule::OneToken.as_str(),
                "more than one token was given",
            );
        }
        let accepted = match carried.filter(|carried| carried.count > 0) {
            Some(carried) => tokens
                .accept(carried.token.as_bytes())
                .then_some(carried.place),
            None => seen
                .token
                .filter(|(_, token)| tokens.accept(token))
                .and_then(|(at, _)| self.token_headers.get(at))
                .map(HeaderName::as_str),
        };
        match accepted {
            Some(place) => Ok(place),
            None if count == 0 => refuse(403, "no-token", FORBIDDEN),
            None => refuse(403, "wrong-token", FORBIDDEN),
        }
    }

    fn host(&self, seen: &Seen<'_>, target: &Uri) -> Result<(), Refusal> {
        if !self.enforces(Rule::Host) {
            return Ok(());
        }
        let reason = Rule::Host.as_str();
        if seen.hosts != 1 || seen.host.is_empty() {
            return refuse(400, reason, "exactly one Host is needed");
        }
        if let Some(authority) = target.authority()
            && !self.is_ours(authority.as_str().as_bytes())
        {
            return refuse(400, reason, "the target is on another host");
        }
        if !self.is_ours(seen.host) {
            return refuse(403, reason, "Host does not name this agent");
        }
        Ok(())
    }

    /// `localhost` or a loopback address, with our port or none. Anything else may be a
    /// name that a stranger's DNS points here.
    fn is_ours(&self, host: &[u8]) -> bool {
        if self.usual_hosts.iter().any(|own| own.as_bytes() == host) {
            return true;
        }
        let Ok(host) = std::str::from_utf8(host) else {
            return false;
        };
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, Some(port)),
            _ => (host, None),
        };
        let named = HOSTS.iter().any(|own| own.eq_ignore_ascii_case(name));
        named && port.is_none_or(|port| port.parse() == Ok(self.port))
    }

    fn enforces(&self, rule: Rule) -> bool {
        !self.relaxed.contains(&rule)
    }
}

const HOSTS: [&str; 4] = ["localhost", "127.0.0.1", "[::1]", "localhost."];

/// The same with no token and with a wrong one.
const FORBIDDEN: &str = "no valid token";

fn refuse<T>(status: u16, reason: &'static str, message: &'static str) -> Result<T, Refusal> {
    Err(Refusal {
        status,
        reason,
        message,
        close: false,
    })
}

#[cfg(test)]
mod tests;
