//! How the provider signs and writes a call: HMAC-SHA1, system parameters in the query, the others in
//! a form, or all in the query of a GET (reference accesskey §2.1).

use std::{collections::BTreeMap, net::SocketAddr};

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};
use kms_types::RequestId;
use kms_wire::sign::SigningKey;
use serde_json::Value;

use super::calls::{Call, Part, filled};
use crate::call::{now, send};

/// The provider, with an account's AccessKey.
pub(super) struct Provider {
    at: SocketAddr,
    key: SigningKey,
}

impl Provider {
    pub(super) fn new(at: SocketAddr, key: &SigningKey) -> Self {
        Self {
            at,
            key: key.clone(),
        }
    }

    pub(super) fn send(&self, call: &Call, names: &BTreeMap<String, String>) -> (u16, Value) {
        let parameters: Vec<(Part, String, String)> = call
            .parameters
            .iter()
            .map(|(part, name, value)| (*part, name.clone(), filled(value, names)))
            .collect();
        let answer = send(self.at, &self.signed(call, &parameters));
        let body = serde_json::from_slice(&answer.body).unwrap();
        (answer.status, body)
    }

    fn signed(&self, call: &Call, parameters: &[(Part, String, String)]) -> Vec<u8> {
        let timestamp = now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let nonce = RequestId::random().to_string();
        let system = [
            ("AccessKeyId", self.key.access_key_id.as_str()),
            ("Action", &call.action),
            ("Format", "json"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", &nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", &timestamp),
            ("Version", &call.version),
        ];
        let of = |part: Part| {
            let own = parameters.iter().filter(move |own| own.0 == part);
            own.map(|(_, name, value)| (name.as_str(), value.as_str()))
        };
        let mut query: Vec<_> = system.into_iter().chain(of(Part::Query)).collect();
        let form: Vec<_> = of(Part::Form).collect();
        let mut all = [&query[..], &form[..]].concat();
        all.sort_unstable();
        let text = format!("{}&%2F&{}", call.method, encode(&join(&all)));
        // EXPOSE: this is the client's side of a signature.
        let secret = format!("{}&", self.key.access_key_secret.expose());
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
        let signature = BASE64_STANDARD.encode(hmac::sign(&key, text.as_bytes()));
        query.push(("Signature", &signature));
        let (query, form) = (join(&query), join(&form));
        format!(
            "{} /?{query} HTTP/1.1\r\nHost: localhost\r\nx-acs-action: {}\r\nx-acs-version: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            call.method,
            call.action,
            call.version,
            form.len()
        )
        .into_bytes()
    }
}

fn join(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
