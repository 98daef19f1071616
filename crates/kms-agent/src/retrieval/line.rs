//! One line of the log, written without a serialiser: this runs for every request, and
//! all but two of its fields cannot hold anything that needs escaping. Constant text is
//! written in pieces as long as can be: each is a few moves, where text whose length is
//! not known costs a call.

use std::io::Write;

use jiff::Timestamp;
use kms_types::SecretRef;

use super::{CacheState, Outcome, Retrieval};

pub(super) fn write(retrieval: &Retrieval<'_>, now: Timestamp, into: &mut Vec<u8>) {
    match retrieval.outcome {
        Outcome::Value => {
            raw(into, r#"{"level":"info","ts":"#);
            seconds(into, now);
            raw(
                into,
                r#","caller":"kms-agent/retrieval.rs","msg":"secret retrieved","peer":""#,
            );
        }
        Outcome::Refused(_) => {
            raw(into, r#"{"level":"warn","ts":"#);
            seconds(into, now);
            raw(
                into,
                r#","caller":"kms-agent/retrieval.rs","msg":"request refused","peer":""#,
            );
        }
        Outcome::Failed(_) => {
            raw(into, r#"{"level":"warn","ts":"#);
            seconds(into, now);
            raw(
                into,
                r#","caller":"kms-agent/retrieval.rs","msg":"secret not retrieved","peer":""#,
            );
        }
    }
    raw(into, retrieval.peer);
    raw(into, r#"""#);
    if let Some(uid) = retrieval.uid {
        raw(into, r#","uid":"#);
        number(into, uid);
    }
    // The alphabets of headers' names, of names, ids and stages hold nothing that JSON
    // escapes.
    if let Some(header) = retrieval.header {
        raw(into, r#","header":""#);
        raw(into, header);
        raw(into, r#"""#);
    }
    if let Some(request) = retrieval.request {
        raw(into, r#","secret":""#);
        match &request.secret {
            SecretRef::Name(name) => raw(into, name.as_str()),
            // Writing to a vector cannot fail.
            SecretRef::Arn(arn) => drop(write!(into, "{arn}")),
        }
        raw(into, r#"""#);
        if let Some(id) = &request.version_id {
            raw(into, r#","versionId":""#);
            raw(into, id.as_str());
            raw(into, r#"""#);
        }
        if let Some(stage) = &request.version_stage {
            raw(into, r#","versionStage":""#);
            raw(into, stage.as_str());
            raw(into, r#"""#);
        }
    }
    match retrieval.outcome {
        Outcome::Value => raw(into, r#","outcome":"ok""#),
        Outcome::Refused(reason) => text(into, r#","outcome":"#, reason),
        Outcome::Failed(code) => text(into, r#","outcome":"#, code),
    }
    raw(into, r#","status":"#);
    number(into, retrieval.status);
    match retrieval.cache {
        CacheState::Hit => raw(into, r#","cache":"hit","latencyMicros":"#),
        CacheState::Miss => raw(into, r#","cache":"miss","latencyMicros":"#),
        CacheState::Stale => raw(into, r#","cache":"stale","latencyMicros":"#),
        CacheState::Negative => raw(into, r#","cache":"negative","latencyMicros":"#),
        CacheState::None => raw(into, r#","cache":"none","latencyMicros":"#),
    }
    number(into, retrieval.latency.as_micros());
    if !retrieval.request_id.is_empty() {
        text(into, r#","requestId":"#, retrieval.request_id);
    }
    raw(into, "}");
}

#[inline]
fn raw(into: &mut Vec<u8>, text: &str) {
    into.extend_from_slice(text.as_bytes());
}

fn number(into: &mut Vec<u8>, value: impl itoa::Integer) {
    raw(into, itoa::Buffer::new().format(value));
}

/// Since 1970, with six digits of fraction.
fn seconds(into: &mut Vec<u8>, time: Timestamp) {
    let micros = time.as_microsecond();
    let mut digits = itoa::Buffer::new();
    // Sixteen digits from 2001 to 2286.
    if let Some((seconds, rest)) = digits.format(micros).as_bytes().split_first_chunk::<10>()
        && let Some((fraction, [])) = rest.split_first_chunk::<6>()
    {
        into.extend_from_slice(seconds);
        into.push(b'.');
        into.extend_from_slice(fraction);
        return;
    }
    let (seconds, fraction) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    // Writing to a vector cannot fail.
    drop(write!(into, "{seconds}.{fraction:06}"));
}

/// A member of what KMS sent: a code, a request id. `before`: its name and the colon.
fn text(into: &mut Vec<u8>, before: &str, value: &str) {
    raw(into, before);
    if value
        .bytes()
        .all(|b| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\')
    {
        raw(into, "\"");
        raw(into, value);
        raw(into, "\"");
    } else {
        let quoted = serde_json::Value::from(value).to_string();
        raw(into, &quoted);
    }
}
