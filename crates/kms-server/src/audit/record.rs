//! What a line says. No field can hold a value, a token or a key.

use std::net::SocketAddr;

use kms_types::RequestId;
use serde::Serialize;

/// The program that writes.
pub(super) const BUILD: &str = concat!("kms-server/", env!("CARGO_PKG_VERSION"));

/// A call and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The call's id, which the client has, too.
    pub request_id: RequestId,
    /// Who asked.
    pub source: SocketAddr,
    /// By which gateway: `shared`, or an instance's id.
    pub gateway: &'a str,
    /// Whether over TLS.
    pub tls: bool,
    /// What was spoken.
    pub protocol: &'static str,
    /// The product of the action, if it is a known one.
    pub product: Option<&'static str>,
    /// A known action's name.
    pub action: Option<&'static str>,
    /// The verified principal's ARN.
    pub principal: Option<&'a str>,
    /// The principal's account.
    pub account: Option<&'a str>,
    /// What it signed with; of one that was not verified, what it claims.
    pub access_key_id: Option<&'a str>,
    /// What it is about.
    pub resources: &'a [String],
    /// Which version.
    pub version: Option<&'a str>,
    /// The code of the refusal, or `OK`.
    pub code: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// From the request's first byte to this line.
    pub micros: u64,
    /// The secret value that was read or written, as [`Log::correlate`](super::Log::correlate)
    /// gives it.
    pub value: Option<&'a str>,
    /// The same of the session token that came along.
    pub token: Option<&'a str>,
    /// The same of the session token that was given out.
    pub issued_token: Option<&'a str>,
}

/// A call's line, in the order in which it is read.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallLine<'a> {
    time: String,
    kind: &'static str,
    server: &'a str,
    request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<&'a str>,
    source: SocketAddr,
    gateway: &'a str,
    tls: bool,
    protocol: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    resources: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    code: &'static str,
    status: u16,
    micros: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_hmac: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_hmac: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_hmac: Option<&'a str>,
    build: &'static str,
}

/// A line about the program itself.
#[derive(Serialize)]
struct EventLine<'a> {
    time: String,
    kind: &'static str,
    server: &'a str,
    event: &'a str,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    about: serde_json::Map<String, serde_json::Value>,
    build: &'static str,
}

// === impl Call ===

impl Call<'_> {
    pub(super) fn to_json(self, time: String, server: &str) -> Vec<u8> {
        let line = CallLine {
            time,
            kind: "call",
            server,
            request_id: self.request_id.to_string(),
            principal: self.principal,
            account: self.account,
            access_key_id: self.access_key_id,
            source: self.source,
            gateway: self.gateway,
            tls: self.tls,
            protocol: self.protocol,
            product: self.product,
            action: self.action,
            resources: self.resources,
            version: self.version,
            code: self.code,
            status: self.status,
            micros: self.micros,
            value_hmac: self.value,
            token_hmac: self.token,
            issued_token_hmac: self.issued_token,
            build: BUILD,
        };
        // Strings and numbers: there is nothing that could fail.
        serde_json::to_vec(&line).unwrap_or_default()
    }
}

/// An event's line.
pub(super) fn event(time: String, server: &str, event: &str, about: &[(&str, &str)]) -> Vec<u8> {
    let about = about
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).into()));
    let line = EventLine {
        time,
        kind: "event",
        server,
        event,
        about: about.collect(),
        build: BUILD,
    };
    // Strings alone: there is nothing that could fail.
    serde_json::to_vec(&line).unwrap_or_default()
}
