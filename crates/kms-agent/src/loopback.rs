//! A request to an agent on this machine: what `get`, `ready` and the watchdog need.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, Uri, header, uri::Scheme};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use kms_credentials::is_loopback;
use kms_types::Secret;
use thiserror::Error;
use tokio::{net::TcpStream, time::timeout};

mod watchdog;

pub use watchdog::spawn_watchdog;

/// Where an agent listens, on this machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AgentUrl {
    host: String,
    addresses: Vec<SocketAddr>,
}

/// What an agent answered.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The body; may hold a secret.
    pub body: Secret<Vec<u8>>,
}

/// Text that is no agent's address.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error(
    "an agent is named like http://localhost:2025: it only listens on this machine, and a token \
     must not travel further"
)]
pub struct ParseAgentUrlError;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum AskError {
    /// Nobody listens, or it is not HTTP.
    #[error("no agent answers at {url}; is it running? KMS_AGENT names another address")]
    Connect {
        /// Who was asked.
        url: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The connection broke.
    #[error("the agent at {url} broke off")]
    Broken {
        /// Who was asked.
        url: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No answer in time.
    #[error("the agent at {url} did not answer within {} s", patience.as_secs())]
    Timeout {
        /// Who was asked.
        url: String,
        /// How long.
        patience: Duration,
    },
    /// The token or the target cannot be sent.
    #[error("this cannot be asked")]
    Request(#[source] http::Error),
}

/// A secret's answer is far below; whatever sends more is no agent.
const MAX_BODY: usize = 1 << 20;

// === impl AgentUrl ===

impl AgentUrl {
    /// The agent that listens on this port.
    pub fn at_port(port: u16) -> Self {
        Self {
            host: format!("localhost:{port}"),
            addresses: vec![
                (Ipv4Addr::LOCALHOST, port).into(),
                (Ipv6Addr::LOCALHOST, port).into(),
            ],
        }
    }

    /// Sends `GET target`, on a connection of its own, with the token in `X-KMS-Token`
    /// if there is one.
    ///
    /// # Errors
    /// [`AskError`]. A status other than 200 is an answer.
    pub async fn get(
        &self,
        target: &str,
        token: Option<&Secret<String>>,
        patience: Duration,
    ) -> Result<Answer, AskError> {
        let mut request = Request::get(target).header(header::HOST, &self.host);
        if let Some(token) = token {
            // EXPOSE: to the agent that compares it; loopback only.
            let mut value = HeaderValue::from_str(token.expose())
                .map_err(|invalid| AskError::Request(invalid.into()))?;
            value.set_sensitive(true);
            request = request.header("x-kms-token", value);
        }
        let request = request
            .header(header::CONNECTION, "close")
            .body(Empty::<Bytes>::new())
            .map_err(AskError::Request)?;
        timeout(patience, self.exchange(request))
            .await
            .unwrap_or_else(|_elapsed| {
                Err(AskError::Timeout {
                    url: self.to_string(),
                    patience,
                })
            })
    }

    async fn exchange(&self, request: Request<Empty<Bytes>>) -> Result<Answer, AskError> {
        let stream = self.connect().await.map_err(|source| AskError::Connect {
            url: self.to_string(),
            source,
        })?;
        let broken = |source| AskError::Broken {
            url: self.to_string(),
            source,
        };
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| broken(error.into()))?;
        let answering = async {
            let (head, body) = sender.send_request(request).await?.into_parts();
            let body = Limited::new(body, MAX_BODY).collect().await?.to_bytes();
            Ok((head.status, body))
        };
        // The connection is driven here and needs no task of its own.
        let (_closed, answered) = tokio::join!(connection, answering);
        let (status, body) = answered.map_err(broken)?;
        let body = Secret::new(body.to_vec());
        Ok(Answer { status, body })
    }

    async fn connect(&self) -> io::Result<TcpStream> {
        let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in &self.addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }
}

impl FromStr for AgentUrl {
    type Err = ParseAgentUrlError;

    fn from_str(text: &str) -> Result<Self, ParseAgentUrlError> {
        let uri: Uri = text.parse().map_err(|_invalid| ParseAgentUrlError)?;
        let authority = uri.authority().ok_or(ParseAgentUrlError)?;
        let host = authority.host();
        let plain = uri.scheme().is_none_or(|scheme| *scheme == Scheme::HTTP)
            && matches!(uri.path(), "" | "/")
            && uri.query().is_none()
            && !authority.as_str().contains('@');
        if !plain || !is_loopback(host) {
            return Err(ParseAgentUrlError);
        }
        let port = match authority.as_str().strip_prefix(host) {
            Some("") => 80,
            // Present but unreadable is an error, not the default.
            Some(_) => authority.port_u16().ok_or(ParseAgentUrlError)?,
            None => return Err(ParseAgentUrlError),
        };
        let at_port = Self::at_port(port);
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(address) => Ok(Self {
                host: format!("{host}:{port}"),
                addresses: vec![(address, port).into()],
            }),
            // "localhost", which needs no resolver: an image from scratch has none.
            Err(_) => Ok(at_port),
        }
    }
}

impl From<SocketAddr> for AgentUrl {
    fn from(address: SocketAddr) -> Self {
        Self {
            host: address.to_string(),
            addresses: vec![address],
        }
    }
}

impl fmt::Display for AgentUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.host)
    }
}

#[cfg(test)]
mod tests;
