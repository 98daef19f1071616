//! The one way from here to a network: reqwest, set up once.

use std::{
    error::Error,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use kms_credentials::{Exchange, ExchangeError, HttpRequest, HttpResponse, Limits, is_loopback};
use kms_types::{Env, RegionId, Secret};
use reqwest::{Client, ClientBuilder, Response, Url, redirect};
use rustls::RootCertStore;
use thiserror::Error;
use tokio::time::timeout;

mod private_ca;
mod proxy;
mod roots;

pub use roots::{CaBundle, ParseCaBundleError};

/// HTTP/1.1 over TLS, or over plain TCP to this machine and to the metadata service.
///
/// Trust roots, proxy and timeouts are set here and nowhere else. Connections are kept
/// open for the next request; redirects are answers, not orders; no compressed answer is
/// asked for, because a body of bounded size must not unfold into an unbounded one.
#[derive(Clone, Debug)]
pub struct Transport {
    proxied: Client,
    direct: Client,
}

/// Why the way out cannot be set up.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The file of a CA of one's own.
    #[error("{}: {reason}", path.display())]
    CaFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// SSL_CERT_FILE or SSL_CERT_DIR is set, but of no use.
    #[error("SSL_CERT_FILE or SSL_CERT_DIR: {reason}")]
    Roots {
        /// What is wrong with it.
        reason: String,
    },
    /// A KMS instance in a region whose private CA is not compiled in.
    #[error(
        "no private CA is known for KMS instances in {region}; CaFile names one: the console \
         hands it out, and GetKmsInstance as CaCertificateChainPem"
    )]
    NoPrivateCa {
        /// Which region.
        region: RegionId,
    },
    /// A proxy variable is set, but of no use.
    #[error("{variable} {reason}")]
    Proxy {
        /// Which variable.
        variable: &'static str,
        /// What is wrong with it; never its value.
        reason: &'static str,
    },
    /// The libraries below refuse.
    #[error("cannot set up HTTP and TLS: {reason}")]
    Setup {
        /// Why.
        reason: String,
    },
}

/// To the cloud, over whatever network there is.
const CONNECT: Duration = Duration::from_secs(5);

/// To this machine and to the metadata service, which is one hop away: a machine outside
/// the cloud must learn quickly that it has none (reference kms-api §6.3).
const CONNECT_DIRECT: Duration = Duration::from_secs(1);

/// Shorter than the cloud's gateways keep a silent connection, so that a reused one is
/// seldom a dead one.
const IDLE: Duration = Duration::from_secs(30);

// === impl Transport ===

impl Transport {
    /// Sets up with the variables SSL_CERT_FILE, SSL_CERT_DIR, HTTPS_PROXY, ALL_PROXY and
    /// NO_PROXY of `env`, and a file of further CAs.
    ///
    /// # Errors
    /// [`TransportError`].
    pub fn new(env: &Env, ca_file: Option<&Path>) -> Result<Self, TransportError> {
        Self::with_roots(env, roots::trusted(env, ca_file)?)
    }

    /// Sets up for the private gateways of KMS instances in this region: their own CA is
    /// believed there and no other, but for those of a file. Proxy variables count.
    ///
    /// # Errors
    /// [`TransportError`]; among them that no CA of the region is known and no file given.
    pub fn for_instances(
        env: &Env,
        region: &RegionId,
        ca_file: Option<&Path>,
    ) -> Result<Self, TransportError> {
        Self::with_roots(env, roots::of_instances(region, ca_file)?)
    }

    /// Sets up for a service that shows a certificate of these CAs: no other is believed. Proxy
    /// variables count.
    ///
    /// # Errors
    /// [`TransportError`].
    pub fn believing(env: &Env, bundle: CaBundle) -> Result<Self, TransportError> {
        Self::with_roots(env, bundle.into_roots())
    }

    fn with_roots(env: &Env, roots: RootCertStore) -> Result<Self, TransportError> {
        let tls = roots::tls(roots)?;
        let mut proxied = builder(CONNECT);
        if let Some(proxy) = proxy::from_env(env)? {
            proxied = proxied.proxy(proxy);
        }
        let build = |builder: ClientBuilder| {
            builder
                .tls_backend_preconfigured(tls.clone())
                .build()
                .map_err(|error| TransportError::Setup {
                    reason: describe(error),
                })
        };
        Ok(Self {
            proxied: build(proxied)?,
            direct: build(builder(CONNECT_DIRECT))?,
        })
    }
}

#[async_trait]
impl Exchange for Transport {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
        let limits = request.limits;
        timeout(limits.time, self.send(request))
            .await
            .unwrap_or(Err(ExchangeError::Timeout(limits.time)))
    }
}

impl Transport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
        let limits = request.limits;
        let url = Url::parse(&request.url).map_err(|error| ExchangeError::Unsendable {
            reason: error.to_string(),
        })?;
        let local = url.host_str().is_none_or(is_loopback);
        let client = if local || !limits.proxy {
            &self.direct
        } else {
            &self.proxied
        };
        let mut builder = client.request(request.method, url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if !request.body.is_empty() {
            builder = builder.body(request.body);
        }
        let response = builder
            .send()
            .await
            .map_err(|error| failure(error, limits))?;
        collect(response, limits).await
    }
}

fn builder(connect: Duration) -> ClientBuilder {
    Client::builder()
        .no_proxy()
        .http1_only()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(connect)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(16)
        .tcp_nodelay(true)
        // RFC 6761: localhost is this machine, whatever a resolver would say; an image
        // from scratch has nothing to resolve it with.
        .resolve_to_addrs(
            "localhost",
            &[
                SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
            ],
        )
}

async fn collect(mut response: Response, limits: Limits) -> Result<HttpResponse, ExchangeError> {
    let status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    // In one piece where the length is known: growing leaves copies behind.
    let expected = response.content_length().unwrap_or(0);
    let expected = usize::try_from(expected).unwrap_or(usize::MAX);
    if expected > limits.body {
        return Err(ExchangeError::TooLarge(limits.body));
    }
    let mut body = zeroize::Zeroizing::new(Vec::with_capacity(expected));
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failure(error, limits))?
    {
        if body.len().saturating_add(chunk.len()) > limits.body {
            return Err(ExchangeError::TooLarge(limits.body));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpResponse {
        status,
        headers,
        body: Secret::new(std::mem::take(&mut *body)),
    })
}

fn failure(error: reqwest::Error, limits: Limits) -> ExchangeError {
    if error.is_builder() {
        return ExchangeError::Unsendable {
            reason: describe(error),
        };
    }
    if error.is_timeout() && !error.is_connect() {
        return ExchangeError::Timeout(limits.time);
    }
    ExchangeError::Transport {
        reason: describe(error),
    }
}

/// The whole chain in one line, without the URL, whose query holds what was asked.
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let part = inner.to_string();
        if !text.contains(&part) {
            text.push_str(": ");
            text.push_str(&part);
        }
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests;
