use aws_lc_rs::digest;
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};

use super::{Api, CONTENT_TYPE, SIGNATURE_METHOD, VERSION};
use crate::{
    SignedRequest,
    sign::{RsaSignError, RsaSigningKey},
};

/// A call before it is signed.
#[derive(Clone, Copy)]
pub struct Unsigned<'a> {
    /// What is asked.
    pub api: Api,
    /// As the server will see it: host, and port unless it is the scheme's own.
    pub host: &'a str,
    /// Who asks.
    pub user_agent: &'a str,
    /// Wall-clock time.
    pub now: Timestamp,
    /// The message, encoded.
    pub body: &'a [u8],
}

/// Signs with the ClientKey (reference kms-api §5.2).
///
/// # Errors
/// If the system has no random bytes to blind the key with, or the year has not four
/// digits.
pub fn sign(call: &Unsigned<'_>, key: &RsaSigningKey) -> Result<SignedRequest, RsaSignError> {
    let date = DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&call.now)
        .map_err(|_year| RsaSignError)?;
    let hash = body_hash(call.body);
    let kms_headers = [
        // The service spells it with three c.
        ("x-kms-acccesskeyid", key.key_id().as_str()),
        ("x-kms-apiname", call.api.as_str()),
        ("x-kms-apiversion", VERSION),
        ("x-kms-signaturemethod", SIGNATURE_METHOD),
    ];
    let text = string_to_sign(&hash, CONTENT_TYPE, &date, &kms_headers);
    let authorization = format!("Bearer {}", key.sign(text.as_bytes())?);
    let headers = [
        ("accept", CONTENT_TYPE),
        ("authorization", &authorization),
        ("content-sha256", &hash),
        ("content-type", CONTENT_TYPE),
        ("date", &date),
        ("host", call.host),
        ("user-agent", call.user_agent),
    ];
    Ok(SignedRequest {
        method: "POST",
        target: "/".to_owned(),
        headers: headers
            .into_iter()
            .chain(kms_headers)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: call.body.to_owned(),
    })
}

/// SHA-256 in upper-case hex.
pub(super) fn body_hash(body: &[u8]) -> String {
    hex::encode_upper(digest::digest(&digest::SHA256, body))
}

/// `kms_headers` are those that begin with `x-kms-`, sorted by name.
pub(super) fn string_to_sign(
    content_sha256: &str,
    content_type: &str,
    date: &str,
    kms_headers: &[(&str, &str)],
) -> String {
    let mut out = format!("POST\n{content_sha256}\n{content_type}\n{date}\n");
    for (name, value) in kms_headers {
        out.extend([*name, ":", value.trim(), "\n"]);
    }
    out.push('/');
    out
}
