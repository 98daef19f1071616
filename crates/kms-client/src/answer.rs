//! Reads what a service answered, and repeats of it only what may be shown.

use kms_credentials::HttpResponse;
use kms_types::Secret;
use serde::de::DeserializeOwned;
use serde_json::{Value, error::Category};

use crate::CallError;

/// The typed answer in a body.
pub(crate) fn read<T: DeserializeOwned>(
    host: &str,
    body: &Secret<Vec<u8>>,
) -> Result<T, CallError> {
    // EXPOSE: into the typed answer, whose values are secrets again.
    serde_json::from_slice(body.expose()).map_err(|error| CallError::Unreadable {
        host: host.to_owned(),
        // Serde's own words quote the value, so only the place is told.
        reason: format!(
            "{} at byte {} of line {}",
            match error.classify() {
                Category::Data => "a field is missing or of the wrong kind",
                Category::Eof => "the JSON ends early",
                Category::Io | Category::Syntax => "it is no JSON",
            },
            error.column(),
            error.line()
        ),
    })
}

/// What a status other than 200 means.
pub(crate) fn refusal(host: &str, response: &HttpResponse) -> CallError {
    let status = response.status;
    // EXPOSE: errors hold no values but the string to sign, which is cut off below.
    let body = serde_json::from_slice::<Value>(response.body.expose()).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let code = text("Code");
    if code.is_empty() {
        return CallError::Unreadable {
            host: host.to_owned(),
            reason: format!("HTTP {status} without an error code; is this a KMS endpoint?"),
        };
    }
    service(status, code, text("Message"), text("RequestId"))
}

/// A refusal, cut to what may be shown.
pub(crate) fn service(status: u16, code: &str, message: &str, request_id: &str) -> CallError {
    CallError::Service {
        status,
        code: printable(code, 128),
        message: printable(without_string_to_sign(message), 512),
        request_id: printable(request_id, 64),
    }
}

/// The gateway repeats the string that it would have signed, with every parameter in it
/// (reference kms-api §1.8).
fn without_string_to_sign(message: &str) -> &str {
    let lower = message.to_ascii_lowercase();
    let end = lower.find("string to sign is").unwrap_or(message.len());
    let kept = message.get(..end).unwrap_or_default();
    if end == message.len() {
        return kept;
    }
    kept.trim_end().trim_end_matches("server").trim_end()
}

fn printable(text: &str, limit: usize) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(limit)
        .collect()
}

#[cfg(test)]
mod tests;
