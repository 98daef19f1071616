//! What travels: a body of JSON, signed, and an answer.

use aws_lc_rs::hmac;
use jiff::Timestamp;
use kms_service::{RotationAsk, RotatorError};
use kms_types::Secret;
use serde::Serialize;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// A call that is ready to be sent.
pub(crate) struct Call {
    pub(super) body: Zeroizing<Vec<u8>>,
    /// Seconds since 1970.
    pub(super) timestamp: String,
    /// Never the same twice.
    pub(super) nonce: String,
    /// `v1=` and HMAC-SHA-256 of timestamp, nonce and body, a line feed after each of the
    /// first two.
    pub(super) signature: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    step: &'a str,
    account_id: &'a str,
    secret_name: &'a str,
    secret_type: &'a str,
    extended_config: &'a str,
    version_id: &'a str,
    current_secret_data: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_secret_data: Option<&'a str>,
}

/// The longest new value (reference kms-api §2.1).
const LONGEST_VALUE: usize = 30_720;

pub(super) fn write(
    ask: &RotationAsk,
    key: &Secret<Vec<u8>>,
    now: Timestamp,
) -> Result<Call, RotatorError> {
    let body = Body {
        step: ask.step.as_str(),
        account_id: ask.account.as_str(),
        secret_name: ask.secret.as_str(),
        secret_type: ask.secret_type.as_str(),
        extended_config: &ask.extended_config,
        version_id: ask.version.as_str(),
        // EXPOSE: to the program that has to set it; over TLS, or on this machine.
        current_secret_data: ask.current.expose(),
        // EXPOSE: likewise.
        pending_secret_data: ask.pending.as_ref().map(|value| value.expose().as_str()),
    };
    // Text always serialises.
    let body = serde_json::to_vec(&body)
        .map(Zeroizing::new)
        .map_err(|_cannot_be| RotatorError::Unreachable("the call cannot be written"))?;
    Ok(sign(body, key, now))
}

/// A call of that body.
pub(crate) fn sign(body: Zeroizing<Vec<u8>>, key: &Secret<Vec<u8>>, now: Timestamp) -> Call {
    let timestamp = now.as_second().to_string();
    let nonce = uuid::Uuid::new_v4().to_string();
    // EXPOSE: into the signature.
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose());
    let mut signer = hmac::Context::with_key(&key);
    for part in [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", &body] {
        signer.update(part);
    }
    Call {
        body,
        timestamp,
        nonce,
        signature: format!("v1={}", hex::encode(signer.sign())),
    }
}

/// The new value, if the answer holds one; an empty answer is none.
pub(super) fn read(answer: &[u8]) -> Result<Option<Secret<String>>, RotatorError> {
    if answer.is_empty() {
        return Ok(None);
    }
    // A map, for a list would be taken for an object's values in their order.
    let mut answer: Map<String, Value> = serde_json::from_slice(answer)
        .map_err(|_quotes_it| RotatorError::Answer("it is no JSON object"))?;
    match answer.remove("SecretData") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(value)) if value.len() > LONGEST_VALUE => {
            Err(RotatorError::Answer("its value is longer than 30720 bytes"))
        }
        Some(Value::String(value)) => Ok(Some(Secret::new(value))),
        Some(_) => Err(RotatorError::Answer("its value is no text")),
    }
}
