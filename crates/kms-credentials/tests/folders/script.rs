//! HTTP by a script: what is asked for, in which order, and what comes back.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Mutex,
    time::Duration,
};

use async_trait::async_trait;
use http::HeaderMap;
use kms_credentials::{Exchange, ExchangeError, HttpRequest, HttpResponse};
use kms_types::Secret;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Scripted {
    request: Wanted,
    response: Option<Given>,
    error: Option<String>,
}

/// What a request must have; other headers and parameters may be there too.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    method: String,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    absent_headers: Vec<String>,
    #[serde(default)]
    query: BTreeMap<String, String>,
    #[serde(default)]
    form: BTreeMap<String, String>,
    #[serde(default)]
    absent_form: Vec<String>,
    json: Option<Value>,
    proxy: Option<bool>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    status: u16,
    body: Option<Value>,
    text: Option<String>,
}

/// The exchanges, each asked for once and in order.
pub(crate) struct Script {
    left: Mutex<VecDeque<Scripted>>,
    wrong: Mutex<Vec<String>>,
}

impl Script {
    pub(crate) fn new(exchanges: Vec<Scripted>) -> Self {
        Self {
            left: Mutex::new(exchanges.into()),
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
}

#[async_trait]
impl Exchange for Script {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
        let Some(next) = self.left.lock().unwrap().pop_front() else {
            let unexpected = format!("unexpected {} {}", request.method, request.url);
            self.wrong.lock().unwrap().push(unexpected);
            return Err(ExchangeError::Timeout(Duration::ZERO));
        };
        self.wrong
            .lock()
            .unwrap()
            .extend(next.request.differs(&request));
        match next.error.as_deref() {
            Some("connect") => Err(ExchangeError::Transport {
                reason: "connection refused".to_owned(),
            }),
            Some("timeout") => Err(ExchangeError::Timeout(request.limits.time)),
            Some("too-large") => Err(ExchangeError::TooLarge(request.limits.body)),
            Some(other) => panic!("no such error: {other}"),
            None => {
                let given = next.response.expect("a response or an error");
                let body = match (given.body, given.text) {
                    (Some(body), None) => body.to_string(),
                    (None, Some(text)) => text,
                    _ => panic!("a body or a text"),
                };
                Ok(HttpResponse {
                    status: given.status,
                    headers: HeaderMap::new(),
                    body: Secret::new(body.into_bytes()),
                })
            }
        }
    }
}

impl Wanted {
    fn differs(&self, request: &HttpRequest) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut check = |what: &str, expected: &str, got: Option<&str>| {
            if got != Some(expected) {
                wrong.push(format!("{what}: expected {expected:?}, got {got:?}"));
            }
        };
        let url = if self.query.is_empty() {
            &*request.url
        } else {
            request.url.split('?').next().unwrap()
        };
        check("method", &self.method, Some(request.method.as_str()));
        check("url", &self.url, Some(url));
        let headers: HashMap<_, _> = request
            .headers
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        for (name, value) in &self.headers {
            check(name, value, headers.get(&**name).copied());
        }
        let query = pairs(request.url.split_once('?').map_or("", |(_, query)| query));
        for (name, value) in &self.query {
            check(name, value, query.get(name).map(String::as_str));
        }
        let body = String::from_utf8(request.body.clone()).unwrap();
        let form = if self.form.is_empty() {
            HashMap::new()
        } else {
            pairs(&body)
        };
        for (name, value) in &self.form {
            check(name, value, form.get(name).map(String::as_str));
        }
        if let Some(json) = &self.json {
            check("body", &json.to_string(), Some(&*body));
        }
        if let Some(proxy) = self.proxy {
            check(
                "proxy",
                &proxy.to_string(),
                Some(&*request.limits.proxy.to_string()),
            );
        }
        for name in &self.absent_headers {
            if headers.contains_key(&**name) {
                wrong.push(format!("there is a header {name}"));
            }
        }
        for name in &self.absent_form {
            if form.contains_key(name) {
                wrong.push(format!("there is a parameter {name}"));
            }
        }
        wrong
    }
}

fn pairs(text: &str) -> HashMap<String, String> {
    let decode = |part: &str| percent_decode_str(part).decode_utf8().unwrap().into_owned();
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}
