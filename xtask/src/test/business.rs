//! The API that applications call with their AccessKey: a relay to the server, whose
//! GetCallerIdentity answers, or refuses as the cloud does (the AccessKey is not there, is disabled,
//! or another secret signed). What became of the calls is counted by AccessKey.

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kms_testkit::RawResponse;
use serde_json::Value;

use super::relay::Relay;

/// On a free port of 127.0.0.1, until the suite ends.
pub(super) struct Business {
    relay: Relay,
    calls: Arc<Mutex<BTreeMap<String, Calls>>>,
}

/// What became of the calls with one AccessKey.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Calls {
    /// How many were answered.
    pub(super) answered: usize,
    /// How many were refused, by code.
    pub(super) refused: BTreeMap<String, usize>,
}

// === impl Business ===

impl Business {
    pub(super) fn start(upstream: SocketAddr) -> io::Result<Self> {
        let calls = Arc::<Mutex<BTreeMap<String, Calls>>>::default();
        let noted = Arc::clone(&calls);
        let relay = Relay::watched(upstream, move |request, answer| {
            let key = access_key_id(&String::from_utf8_lossy(request));
            lock(&noted).entry(key).or_default().note(answer);
        })?;
        Ok(Self { relay, calls })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.relay.address()
    }

    /// The calls with this AccessKey so far.
    pub(super) fn calls(&self, access_key_id: &str) -> Calls {
        lock(&self.calls)
            .get(access_key_id)
            .cloned()
            .unwrap_or_default()
    }
}

// === impl Calls ===

impl Calls {
    fn note(&mut self, answer: &RawResponse) {
        if answer.status == 200 {
            self.answered += 1;
        } else {
            *self.refused.entry(code(answer)).or_default() += 1;
        }
    }
}

/// The AccessKey of a signed request: a parameter of V1, in the query or the form, or a part of V3's
/// header. Empty if it has none.
fn access_key_id(request: &str) -> String {
    ["AccessKeyId=", "Credential="]
        .into_iter()
        .find_map(|name| request.split_once(name))
        .map(|(_, rest)| {
            rest.chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect()
        })
        .unwrap_or_default()
}

/// The code of a refusal, in JSON or XML.
fn code(answer: &RawResponse) -> String {
    let text = answer.text();
    let json = serde_json::from_str::<Value>(&text).ok();
    let code = match &json {
        Some(body) => body.get("Code").and_then(Value::as_str),
        None => text
            .split_once("<Code>")
            .and_then(|(_, rest)| rest.split_once("</Code>"))
            .map(|(code, _)| code),
    };
    code.map_or_else(|| format!("status {}", answer.status), str::to_owned)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
