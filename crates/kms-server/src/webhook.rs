//! Rotators that are somebody else's programs, asked over HTTP (docs/secrets.md says what
//! travels).
//!
//! A call holds secrets in the open, so it goes over TLS or nowhere but to this machine. It is
//! signed, so that the program knows whose it is; no redirect is followed, no proxy is used.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use kms_service::{RotationAsk, RotatorError, Rotators};
use kms_types::{AccountId, Clock, Secret, SecretName, SecretType};
use rustls::{ClientConfig, RootCertStore, crypto::CryptoProvider, pki_types::CertificateDer};
use tokio_rustls::TlsConnector;

mod message;
mod names;
mod open;
pub(crate) mod post;
mod url;

pub use names::SecretNames;
pub use open::WebhookError;
pub(crate) use open::{signing_key, system_roots};
pub use url::{ParseWebhookUrlError, WebhookUrl};

/// A program that rotates secrets.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Whose secrets; everybody's, if nobody is named.
    pub account: Option<AccountId>,
    /// Of which types.
    pub types: Vec<SecretType>,
    /// Of which names.
    pub names: Vec<SecretNames>,
    /// Where it is.
    pub url: WebhookUrl,
    /// What calls are signed with (HMAC-SHA-256).
    pub key: Secret<Vec<u8>>,
    /// How long it may take to answer.
    pub patience: Duration,
    /// Who may have issued its certificate; the roots of this machine, if nobody is named.
    pub authorities: Option<Vec<CertificateDer<'static>>>,
}

/// All of them. The first that fits a secret is asked.
pub struct Webhooks {
    hooks: Vec<Hook>,
    clock: Arc<dyn Clock>,
}

struct Hook {
    is: Webhook,
    tls: TlsConnector,
}

/// The longest that a program may take: shorter than the time after which another worker
/// takes a rotation over.
pub const LONGEST_PATIENCE: Duration = Duration::from_mins(2);

// === impl Webhook ===

impl Webhook {
    fn serves(&self, account: &AccountId, kind: SecretType, secret: &SecretName) -> bool {
        self.account.as_ref().is_none_or(|own| own == account)
            && self.types.contains(&kind)
            && self.names.iter().any(|names| names.contain(secret))
    }
}

// === impl Webhooks ===

impl Webhooks {
    /// Trusts these roots where a webhook names no authority.
    ///
    /// # Errors
    /// [`WebhookError::Tls`].
    pub fn new(
        hooks: Vec<Webhook>,
        roots: &[CertificateDer<'static>],
        clock: Arc<dyn Clock>,
    ) -> Result<Self, WebhookError> {
        let hook = |is: Webhook| {
            let trusted = is.authorities.as_deref().unwrap_or(roots);
            let tls = connector(trusted)?;
            Ok::<_, rustls::Error>(Hook { is, tls })
        };
        Ok(Self {
            hooks: hooks.into_iter().map(hook).collect::<Result<_, _>>()?,
            clock,
        })
    }

    fn of(&self, account: &AccountId, kind: SecretType, secret: &SecretName) -> Option<&Hook> {
        let mut hooks = self.hooks.iter();
        hooks.find(|hook| hook.is.serves(account, kind, secret))
    }
}

#[async_trait]
impl Rotators for Webhooks {
    fn serves(&self, account: &AccountId, kind: SecretType, secret: &SecretName) -> bool {
        self.of(account, kind, secret).is_some()
    }

    async fn ask(&self, ask: &RotationAsk) -> Result<Option<Secret<String>>, RotatorError> {
        let hook = self
            .of(&ask.account, ask.secret_type, &ask.secret)
            .ok_or(RotatorError::Absent)?;
        let call = message::write(ask, &hook.is.key, self.clock.now())?;
        let patience = hook.is.patience.min(LONGEST_PATIENCE);
        let answer = tokio::time::timeout(patience, post::post(&hook.is.url, &hook.tls, call))
            .await
            .map_err(|_elapsed| RotatorError::Unreachable("no answer in time"))??;
        message::read(&answer)
    }
}

/// TLS to whoever shows a certificate that one of these issued.
pub(crate) fn connector(
    trusted: &[CertificateDer<'static>],
) -> Result<TlsConnector, rustls::Error> {
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(trusted.iter().cloned());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(store)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

#[cfg(test)]
mod tests;
