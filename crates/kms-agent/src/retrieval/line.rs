//! One line of the log, written without a serialiser: this runs for every request, and
//! all but one of its fields cannot hold anything that needs escaping.

use std::{fmt::Display, io::Write};

use jiff::Timestamp;

use super::{Outcome, Retrieval};

pub(super) fn write(retrieval: &Retrieval<'_>, now: Timestamp, into: &mut Vec<u8>) {
    let (level, message, outcome) = match retrieval.outcome {
        Outcome::Value => ("info", "secret retrieved", "ok"),
        Outcome::Refused(reason) => ("warn", "request refused", reason),
        Outcome::Failed(code) => ("warn", "secret not retrieved", code),
    };
    let micros = now.as_microsecond();
    raw(into, "{\"level\":\"");
    raw(into, level);
    raw(into, "\",\"ts\":");
    number(into, micros.div_euclid(1_000_000));
    raw(into, ".");
    digits(into, micros.rem_euclid(1_000_000));
    raw(into, ",\"caller\":\"kms-agent/retrieval.rs\",\"msg\":\"");
    raw(into, message);
    raw(into, "\",\"peer\":\"");
    number(into, retrieval.peer);
    raw(into, "\"");
    if let Some(uid) = retrieval.uid {
        raw(into, ",\"uid\":");
        number(into, uid);
    }
    if let Some(header) = retrieval.header {
        text(into, "header", header);
    }
    if let Some(request) = retrieval.request {
        raw(into, ",\"secret\":\"");
        // The alphabet of names and ARNs holds nothing that JSON escapes.
        number(into, &request.secret);
        raw(into, "\"");
        if let Some(id) = &request.version_id {
            text(into, "version_id", id.as_str());
        }
        if let Some(stage) = &request.version_stage {
            text(into, "version_stage", stage.as_str());
        }
    }
    text(into, "outcome", outcome);
    raw(into, ",\"status\":");
    number(into, retrieval.status);
    text(into, "cache", retrieval.cache.as_str());
    raw(into, ",\"latency_us\":");
    number(into, retrieval.latency.as_micros());
    if !retrieval.request_id.is_empty() {
        text(into, "request_id", retrieval.request_id);
    }
    raw(into, "}");
}

fn raw(into: &mut Vec<u8>, text: &str) {
    into.extend_from_slice(text.as_bytes());
}

fn number(into: &mut Vec<u8>, value: impl Display) {
    // Writing to a vector cannot fail.
    drop(write!(into, "{value}"));
}

/// Six digits, zeros in front.
fn digits(into: &mut Vec<u8>, micros: i64) {
    drop(write!(into, "{micros:06}"));
}

fn text(into: &mut Vec<u8>, name: &str, value: &str) {
    raw(into, ",\"");
    raw(into, name);
    raw(into, "\":");
    if value
        .bytes()
        .all(|b| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\')
    {
        raw(into, "\"");
        raw(into, value);
        raw(into, "\"");
    } else {
        // Only what KMS sent can come here: codes and request ids.
        let quoted = serde_json::Value::from(value).to_string();
        raw(into, &quoted);
    }
}
