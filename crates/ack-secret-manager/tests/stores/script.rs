//! HTTP by a script: which way is taken, what is asked, and what comes back.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use ack_secret_manager::backend::Ways;
use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderValue};
use kms_credentials::{Exchange, ExchangeError, HttpRequest, HttpResponse};
use kms_types::Secret;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;

/// One exchange, or several alike.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scripted {
    request: Wanted,
    response: Option<Given>,
    error: Option<String>,
    times: Option<usize>,
}

/// What a request must have; other headers and parameters may be there too.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    /// `public`, `instances`, or the PEM of the CAs that are believed.
    way: String,
    /// Without its query.
    url: String,
    /// Each begins with its value.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Of query and body.
    #[serde(default)]
    params: BTreeMap<String, String>,
    #[serde(default)]
    absent: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Given {
    status: u16,
    #[serde(default)]
    json: Value,
    /// Of an instance, in base64.
    protobuf: Option<String>,
    /// Of the metadata service.
    text: Option<String>,
}

/// The exchanges, each asked for once and in order.
pub(crate) struct Script {
    left: Mutex<VecDeque<Scripted>>,
    wrong: Mutex<Vec<String>>,
}

/// One of the ways.
struct Way(String, Arc<Script>);

// === impl Script ===

impl Script {
    pub(crate) fn new(exchanges: Vec<Scripted>) -> Self {
        let each = exchanges
            .into_iter()
            .flat_map(|one| std::iter::repeat_n(one.clone(), one.times.unwrap_or(1)));
        Self {
            left: Mutex::new(each.collect()),
            wrong: Mutex::default(),
        }
    }

    pub(crate) fn finished(&self) -> Result<(), String> {
        let wrong = self.wrong.lock().unwrap().join("; ");
        if !wrong.is_empty() {
            return Err(wrong);
        }
        match self.left.lock().unwrap().front() {
            Some(next) => Err(format!("never asked for {}", next.request.url)),
            None => Ok(()),
        }
    }

    fn next(&self, way: &str, request: &HttpRequest) -> Result<HttpResponse, ExchangeError> {
        let Some(next) = self.left.lock().unwrap().pop_front() else {
            let unexpected = format!("unexpected {} {}", request.method, request.url);
            self.wrong.lock().unwrap().push(unexpected);
            return Err(ExchangeError::TooLarge(0));
        };
        let differs = next.request.differs(way, request);
        self.wrong.lock().unwrap().extend(differs);
        match next.error.as_deref() {
            Some("connect") => Err(ExchangeError::Transport {
                reason: "connection refused".to_owned(),
            }),
            Some("timeout") => Err(ExchangeError::Timeout(Duration::from_secs(7))),
            Some(other) => panic!("no such error: {other}"),
            None => Ok(next.response.expect("a response or an error").answer()),
        }
    }
}

/// The ways of a script; PEM is taken as it is.
pub(crate) struct ScriptedWays(pub(crate) Arc<Script>);

impl Ways for ScriptedWays {
    fn public(&self) -> Result<Arc<dyn Exchange>, String> {
        Ok(Arc::new(Way("public".to_owned(), Arc::clone(&self.0))))
    }

    fn instances(&self) -> Result<Arc<dyn Exchange>, String> {
        Ok(Arc::new(Way("instances".to_owned(), Arc::clone(&self.0))))
    }

    fn private(&self, pem: &[u8]) -> Result<Arc<dyn Exchange>, String> {
        let pem = String::from_utf8(pem.to_vec()).unwrap();
        if pem.contains("BEGIN") {
            Ok(Arc::new(Way(pem, Arc::clone(&self.0))))
        } else {
            Err("holds no certificate in PEM".to_owned())
        }
    }
}

#[async_trait]
impl Exchange for Way {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
        self.1.next(&self.0, &request)
    }
}

// === impl Given ===

impl Given {
    fn answer(self) -> HttpResponse {
        let (media_type, body) = match (self.protobuf, self.text) {
            (Some(base64), _) => (
                "application/x-protobuf",
                BASE64_STANDARD.decode(base64).unwrap(),
            ),
            (None, Some(text)) => ("text/plain", text.into_bytes()),
            (None, None) => ("application/json", self.json.to_string().into_bytes()),
        };
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static(media_type));
        HttpResponse {
            status: self.status,
            headers,
            body: Secret::new(body),
        }
    }
}

// === impl Wanted ===

impl Wanted {
    fn differs(&self, way: &str, request: &HttpRequest) -> Vec<String> {
        let mut wrong = Vec::new();
        let (url, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        for (what, expected, got) in [("way", &*self.way, way), ("url", &*self.url, url)] {
            if expected != got {
                wrong.push(format!("{what}: expected {expected:?}, got {got:?}"));
            }
        }
        if query.contains("canary") {
            wrong.push(format!("a secret in the query: {query}"));
        }
        let headers: HashMap<_, _> = request
            .headers
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        for (name, value) in &self.headers {
            let got = headers.get(&**name).copied();
            if !got.is_some_and(|got| got.starts_with(&**value)) {
                wrong.push(format!("{name}: expected {value:?}, got {got:?}"));
            }
        }
        let body = String::from_utf8_lossy(&request.body);
        let params = pairs(query).into_iter().chain(pairs(&body));
        let params: HashMap<String, String> = params.collect();
        for (name, value) in &self.params {
            let got = params.get(name);
            if got != Some(value) {
                wrong.push(format!("{name}: expected {value:?}, got {got:?}"));
            }
        }
        for name in &self.absent {
            if headers.contains_key(&**name) || params.contains_key(name) {
                wrong.push(format!("there is {name}"));
            }
        }
        wrong
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}
