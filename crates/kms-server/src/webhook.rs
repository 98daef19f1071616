//! Rotators that are somebody else's programs, asked over HTTP (docs/secrets.md says what
//! travels).
//!
//! A call holds secrets in the open, so it goes over TLS or nowhere but to this machine. It is
//! signed, so that the program knows whose it is; no redirect is followed, no proxy is used.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use kms_service::{RotationAsk, RotatorError, Rotators};
use kms_types::{Clock, Secret, SecretName, SecretType};
use rustls::{ClientConfig, RootCertStore, crypto::CryptoProvider, pki_types::CertificateDer};
use thiserror::Error;
use tokio_rustls::TlsConnector;

mod message;
mod post;
mod url;

pub use url::{ParseWebhookUrlError, WebhookUrl};

/// A program that rotates secrets.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Of which types; of all that can be rotated, if none is named.
    pub types: Vec<SecretType>,
    /// Of which names: one, or all that begin with what stands before a `*` at the end.
    pub names: String,
    /// Where it is.
    pub url: WebhookUrl,
    /// What calls are signed with (HMAC-SHA-256).
    pub key: Secret<Vec<u8>>,
    /// How long it may take to answer.
    pub patience: Duration,
}

/// All of them. The first that fits a secret is asked.
pub struct Webhooks {
    hooks: Vec<Webhook>,
    tls: TlsConnector,
    clock: Arc<dyn Clock>,
}

/// No TLS.
#[derive(Debug, Error)]
#[error("cannot set up TLS for webhooks")]
pub struct WebhookError(#[source] rustls::Error);

/// The longest that a program may take: shorter than the time after which another worker
/// takes a rotation over.
pub const LONGEST_PATIENCE: Duration = Duration::from_mins(2);

// === impl Webhook ===

impl Webhook {
    fn serves(&self, secret_type: SecretType, secret: &SecretName) -> bool {
        let is_of_type = self.types.is_empty() || self.types.contains(&secret_type);
        is_of_type
            && match self.names.strip_suffix('*') {
                Some(beginning) => secret.as_str().starts_with(beginning),
                None => secret.as_str() == self.names,
            }
    }
}

// === impl Webhooks ===

impl Webhooks {
    /// Trusts these roots.
    ///
    /// # Errors
    /// [`WebhookError`].
    pub fn new(
        hooks: Vec<Webhook>,
        roots: &[CertificateDer<'static>],
        clock: Arc<dyn Clock>,
    ) -> Result<Self, WebhookError> {
        let provider = CryptoProvider::get_default()
            .cloned()
            .unwrap_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots.iter().cloned());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(WebhookError)?
            .with_root_certificates(store)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            hooks,
            tls: TlsConnector::from(Arc::new(config)),
            clock,
        })
    }

    /// Trusts the system's roots, or those of SSL_CERT_FILE and SSL_CERT_DIR.
    ///
    /// # Errors
    /// [`WebhookError`].
    pub fn with_system_roots(
        hooks: Vec<Webhook>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, WebhookError> {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::debug!(%error, "a root of the system cannot be read");
        }
        Self::new(hooks, &found.certs, clock)
    }

    fn of(&self, secret_type: SecretType, secret: &SecretName) -> Option<&Webhook> {
        let mut hooks = self.hooks.iter();
        hooks.find(|hook| hook.serves(secret_type, secret))
    }
}

#[async_trait]
impl Rotators for Webhooks {
    fn serves(&self, secret_type: SecretType, secret: &SecretName) -> bool {
        self.of(secret_type, secret).is_some()
    }

    async fn ask(&self, ask: &RotationAsk) -> Result<Option<Secret<String>>, RotatorError> {
        let hook = self
            .of(ask.secret_type, &ask.secret)
            .ok_or(RotatorError::Absent)?;
        let call = message::write(ask, &hook.key, self.clock.now())?;
        let patience = hook.patience.min(LONGEST_PATIENCE);
        let answer = tokio::time::timeout(patience, post::post(&hook.url, &self.tls, call))
            .await
            .map_err(|_elapsed| RotatorError::Unreachable("no answer in time"))??;
        message::read(&answer)
    }
}

#[cfg(test)]
mod tests;
