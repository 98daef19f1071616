//! The canonical request that V3 and V4 share (reference kms-api §1.3).

use std::collections::BTreeMap;

use aws_lc_rs::digest;

use super::{SigningKey, Unsigned};
use crate::write_timestamp;

/// Queries longer than this move into the body: no HTTP stack here takes a target of
/// 64 KiB, and a secret of 30,720 bytes grows threefold when it is encoded.
const LONGEST_QUERY: usize = 16 * 1024;

/// Headers as a canonical request lists them: lower-case name, and every value received
/// under it.
pub(super) type Headers<'a> = BTreeMap<&'a str, Vec<&'a [u8]>>;

/// A request all but signed.
pub(super) struct Draft {
    pub(super) method: &'static str,
    pub(super) query: String,
    pub(super) body: Vec<u8>,
    /// Those that are signed, sorted by name.
    pub(super) headers: Vec<(String, String)>,
}

// === impl Draft ===

impl Draft {
    /// Signed will be `host`, `content-type` where there is one, and every `x-acs-*`, as
    /// the Go and Node SDKs do; proxies may then rewrite the rest.
    pub(super) fn new(call: &Unsigned<'_>, key: &SigningKey) -> Self {
        let (query, body) = split(call.params.canonical());
        let headers = headers(call, key, &body);
        Self {
            method: method(call.action),
            query,
            body,
            headers,
        }
    }

    pub(super) fn canonical_request(&self) -> Vec<u8> {
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), vec![value.as_bytes()]))
            .collect();
        let body_hash = hex_sha256(&self.body);
        canonical_request(self.method, "/", &self.query, &headers, &body_hash)
    }

    /// The signed headers' names, as `Authorization` lists them.
    pub(super) fn names(&self) -> String {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.join(";")
    }
}

/// Method, path, query, headers, their names, and the body's hash, a line each. `query`
/// is canonical already.
pub(super) fn canonical_request(
    method: &str,
    path: &str,
    query: &str,
    headers: &Headers<'_>,
    payload_hash: &str,
) -> Vec<u8> {
    // Headers and the names in them: 600 bytes, as SDKs write them.
    let mut out = Vec::with_capacity(query.len() + 1024);
    for line in [method, path, query] {
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    }
    for (name, values) in headers {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        if let [value] = values.as_slice() {
            out.extend_from_slice(value.trim_ascii());
        } else {
            let mut values: Vec<&[u8]> = values.iter().map(|value| value.trim_ascii()).collect();
            values.sort_unstable();
            out.extend_from_slice(&values.join(&b","[..]));
        }
        out.push(b'\n');
    }
    out.push(b'\n');
    for (at, name) in headers.keys().enumerate() {
        if at > 0 {
            out.push(b';');
        }
        out.extend_from_slice(name.as_bytes());
    }
    out.push(b'\n');
    out.extend_from_slice(payload_hash.as_bytes());
    out
}

/// The algorithm and the canonical request's hash; V4 adds no scope line (reference
/// kms-api §1.4).
pub(super) fn string_to_sign(algorithm: &str, canonical_request: &[u8]) -> String {
    format!("{algorithm}\n{}", hex_sha256(canonical_request))
}

pub(super) fn hex_sha256(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    // Twice as fast as `hex::encode`, which writes character by character.
    let mut digits = vec![0; 2 * digest.as_ref().len()];
    let _is_written = hex::encode_to_slice(digest, &mut digits);
    String::from_utf8(digits).unwrap_or_default()
}

/// As the official SDKs call the action: by POST, but for two (reference kms-api §0). Both
/// have one short parameter, which stays in the query.
pub(super) fn method(action: &str) -> &'static str {
    match action {
        "GetClientKey" | "ListClientKeys" => "GET",
        _ => "POST",
    }
}

pub(super) fn target(query: &str) -> String {
    if query.is_empty() {
        "/".to_owned()
    } else {
        format!("/?{query}")
    }
}

/// Parameters where they fit: the query, else a form body.
pub(super) fn split(params: String) -> (String, Vec<u8>) {
    if params.len() > LONGEST_QUERY {
        (String::new(), params.into_bytes())
    } else {
        (params, Vec::new())
    }
}

fn headers(call: &Unsigned<'_>, key: &SigningKey, body: &[u8]) -> Vec<(String, String)> {
    let mut headers = vec![
        ("host".to_owned(), call.host.to_owned()),
        ("x-acs-action".to_owned(), call.action.to_owned()),
        ("x-acs-content-sha256".to_owned(), hex_sha256(body)),
        ("x-acs-date".to_owned(), write_timestamp(call.now)),
        ("x-acs-signature-nonce".to_owned(), call.nonce.to_owned()),
        ("x-acs-version".to_owned(), call.version.to_owned()),
    ];
    if !body.is_empty() {
        headers.push((
            "content-type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        ));
    }
    if !call.provider.is_empty() {
        headers.push((
            "x-acs-credentials-provider".to_owned(),
            call.provider.to_owned(),
        ));
    }
    if let Some(token) = &key.security_token {
        headers.push((
            "x-acs-accesskey-id".to_owned(),
            key.access_key_id.to_string(),
        ));
        // EXPOSE: into the request's own header.
        let token = token.expose().clone();
        headers.push(("x-acs-security-token".to_owned(), token));
    }
    headers.sort_unstable();
    headers
}
