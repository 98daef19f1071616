//! Simple Log Service: logs are put, as protobuf, signed with HMAC-SHA1.
//!
//! As the cloud publishes PutLogs and its signature version 1; the cases in
//! `tests/delivery/sls.json` are what the official Python SDK sends.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use md5::{Digest as _, Md5};
use prost::Message;

use crate::sign::SigningKey;

/// Logs that come together.
#[derive(Clone, PartialEq, Message)]
pub struct LogGroup {
    /// The logs.
    #[prost(message, repeated, tag = "1")]
    pub logs: Vec<Log>,
    /// What they are about.
    #[prost(string, optional, tag = "3")]
    pub topic: Option<String>,
    /// Who writes them.
    #[prost(string, optional, tag = "4")]
    pub source: Option<String>,
}

/// One log.
#[derive(Clone, PartialEq, Message)]
pub struct Log {
    /// When it happened, in seconds since 1970.
    #[prost(uint32, required, tag = "1")]
    pub time: u32,
    /// What there is to say.
    #[prost(message, repeated, tag = "2")]
    pub contents: Vec<Content>,
    /// The part of the second.
    #[prost(fixed32, optional, tag = "4")]
    pub time_ns: Option<u32>,
}

/// A field of a log.
#[derive(Clone, Eq, PartialEq, Message)]
pub struct Content {
    /// Its name.
    #[prost(string, required, tag = "1")]
    pub key: String,
    /// Its value.
    #[prost(string, required, tag = "2")]
    pub value: String,
}

/// Logs on their way.
#[derive(Clone, Copy)]
pub struct PutLogs<'a> {
    /// The store of logs in its project.
    pub logstore: &'a str,
    /// An encoded [`LogGroup`]. It is not compressed: the service takes it so, and one finding is
    /// a few hundred bytes.
    pub body: &'a [u8],
    /// The time of the call.
    pub now: Timestamp,
}

const CONTENT_TYPE: &str = "application/x-protobuf";

// === impl PutLogs ===

impl PutLogs<'_> {
    /// The request target: the service chooses the shard.
    pub fn path(&self) -> String {
        format!("/logstores/{}/shards/lb", self.logstore)
    }

    /// Every header but `host` and the body's length, `authorization` among them.
    pub fn headers(&self, key: &SigningKey) -> Vec<(String, String)> {
        let date = self.now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let digest = hex::encode_upper(Md5::digest(self.body));
        let mut own = vec![
            ("x-log-apiversion", "0.6.0".to_owned()),
            ("x-log-bodyrawsize", self.body.len().to_string()),
            ("x-log-signaturemethod", "hmac-sha1".to_owned()),
        ];
        if let Some(token) = &key.security_token {
            // EXPOSE: into the request's own header.
            own.insert(0, ("x-acs-security-token", token.expose().clone()));
        }
        // EXPOSE: into the HMAC key; aws-lc keeps it.
        let secret = key.access_key_secret.expose().as_bytes();
        let secret = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
        let mut text = hmac::Context::with_key(&secret);
        text.update(format!("POST\n{digest}\n{CONTENT_TYPE}\n{date}\n").as_bytes());
        for (name, value) in &own {
            for part in [name, ":", value, "\n"] {
                text.update(part.as_bytes());
            }
        }
        text.update(self.path().as_bytes());
        let signature = BASE64_STANDARD.encode(text.sign());
        let authorization = format!("LOG {}:{signature}", key.access_key_id);
        own.extend([
            ("authorization", authorization),
            ("content-md5", digest),
            ("content-type", CONTENT_TYPE.to_owned()),
            // Proxies may set a date of their own.
            ("x-log-date", date.clone()),
            ("date", date),
        ]);
        let owned = |(name, value): (&str, String)| (name.to_owned(), value);
        own.into_iter().map(owned).collect()
    }
}

#[cfg(test)]
mod tests;
