use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use kms_client::AccessKeyPair;
use serde::Serialize;

/// What the official SDKs read at a credentials URI (reference kms-api §6.2). They want
/// temporary credentials; with an empty token they sign as with a fixed key.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    code: &'static str,
    access_key_id: &'a str,
    access_key_secret: &'a str,
    security_token: &'static str,
    expiration: String,
}

/// How much later than the agent's own next look at KMS an answer says to end. The SDKs come
/// back before the end: that for Go when 180 s are left, that for Python each time when
/// 15 min are (reference kms-api §6.5). So they come back just after the agent has looked, and
/// a new key reaches them one of the agent's intervals after its rotation.
const MARGIN: Duration = Duration::from_secs(200);

/// Writes it. `left`: until the agent asks KMS for the key again. `None` if the time has no
/// such year.
pub(crate) fn answer(key: &AccessKeyPair, now: Timestamp, left: Duration) -> Option<Bytes> {
    let end = now.checked_add(left.saturating_add(MARGIN)).ok()?;
    let answer = Answer {
        code: "Success",
        access_key_id: key.id.as_str(),
        // EXPOSE: to a program that holds the token.
        access_key_secret: key.secret.expose(),
        security_token: "",
        expiration: end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    };
    serde_json::to_vec(&answer).ok().map(Bytes::from)
}
