use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

use crate::CacheState;

/// What every request gets back.
pub(super) type Answer = Response<Full<Bytes>>;

/// Prepared once: a hit copies them, which parses nothing and looks up only the age.
#[derive(Debug)]
pub(super) struct Headers {
    hit: HeaderMap,
    miss: HeaderMap,
    stale: HeaderMap,
    /// `Age` in seconds, by itself.
    ages: Vec<HeaderValue>,
}

const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

impl Headers {
    pub(super) fn new(ttl: Duration) -> Self {
        let with = |state| {
            let mut headers = common();
            headers.insert(X_CACHE, HeaderValue::from_static(state));
            headers.insert(header::AGE, HeaderValue::from(0));
            headers
        };
        Self {
            hit: with("HIT"),
            miss: with("MISS"),
            stale: with("STALE"),
            ages: (0..ttl.as_secs().min(3600))
                .map(HeaderValue::from)
                .collect(),
        }
    }

    /// A value: its state, and how old it is.
    pub(super) fn value(&self, body: Bytes, state: CacheState, age: Duration) -> Answer {
        let seconds = age.as_secs();
        let age = usize::try_from(seconds)
            .ok()
            .and_then(|at| self.ages.get(at))
            .cloned()
            .unwrap_or_else(|| HeaderValue::from(seconds));
        let mut headers = match state {
            CacheState::Hit => self.hit.clone(),
            CacheState::Stale => self.stale.clone(),
            CacheState::Miss | CacheState::Negative | CacheState::None => self.miss.clone(),
        };
        headers.insert(header::AGE, age);
        let mut answer = Response::new(Full::new(body));
        *answer.headers_mut() = headers;
        answer
    }
}

/// Any other answer that has a body.
pub(super) fn json(status: u16, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    *answer.headers_mut() = common();
    answer
}

/// A word, for probes.
pub(super) fn text(status: u16, word: &'static str) -> Answer {
    let mut answer = json(status, Bytes::from_static(word.as_bytes()));
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    answer
}

fn common() -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers
}
