use std::{fmt, time::Duration};

use async_trait::async_trait;
use http::{HeaderMap, Method};
use kms_types::Secret;
use thiserror::Error;

/// One request and its whole answer: all that this crate asks of a network. kms-client
/// brings the implementation that talks; tests script one.
#[async_trait]
pub trait Exchange: Send + Sync {
    /// Sends the request once. Follows no redirect, retries nothing.
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, ExchangeError>;
}

/// What is sent.
#[derive(Clone)]
pub struct HttpRequest {
    /// `GET`, `POST` or `PUT`.
    pub method: Method,
    /// Absolute, with scheme; what follows the host may hold secrets.
    pub url: String,
    /// Names in lower case; `host` only where it differs from the URL's.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
    /// What this one exchange may take and bring.
    pub limits: Limits,
}

/// What an exchange may take and bring.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// From the first byte of the connection to the last of the answer.
    pub time: Duration,
    /// Of the answer's body, in bytes; more is an error.
    pub body: usize,
    /// Whether the proxy variables count. Not for the metadata service: a proxy would be
    /// handed the machine's credentials.
    pub proxy: bool,
}

/// What came back.
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, whole.
    pub body: Secret<Vec<u8>>,
}

/// Why nothing came back. Says nothing of path, query, headers or bodies.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// No connection, a TLS failure, or the connection broke.
    #[error("{reason}")]
    Transport {
        /// What failed.
        reason: String,
    },
    /// No complete answer within the time.
    #[error("no answer within {} s", .0.as_secs_f32())]
    Timeout(Duration),
    /// An answer larger than allowed.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// A request that cannot be sent: a bad URL or header.
    #[error("the request cannot be sent: {reason}")]
    Unsendable {
        /// What is wrong with it.
        reason: String,
    },
}

// === impl HttpRequest ===

impl HttpRequest {
    /// Scheme, host and port: what may be shown of the URL.
    pub fn origin(&self) -> &str {
        let after_scheme = self.url.find("://").map_or(0, |at| at.saturating_add(3));
        let rest = self.url.get(after_scheme..).unwrap_or_default();
        let length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let origin = self.url.get(..after_scheme.saturating_add(length));
        // A user name before the host is not for logs either.
        origin.filter(|text| !text.contains('@')).unwrap_or("?")
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("origin", &self.origin())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

// === impl HttpResponse ===

impl HttpResponse {
    /// A header that is there once and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(value)
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
