//! Asks issuers of OIDC tokens for their keys (OpenID Connect Discovery 1.0 §4): the
//! discovery document first, then the key set that it names.
//!
//! What comes back is believed because of the connection: TLS with a certificate of the
//! provider's fingerprints, or of a root that this server trusts. Plain HTTP is for issuers
//! on this machine alone. No redirect is followed, no proxy is used.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use http::Uri;
use kms_service::{Issuer, IssuerError, Issuers, KeySet};
use rustls::{
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::CertificateDer,
};
use serde::Deserialize;
use tokio::sync::OnceCell;

mod get;
mod trust;

use trust::Trust;

/// Issuers as they are reached over the network.
pub struct HttpIssuers {
    /// Empty until they are needed: most servers never ask anybody.
    roots: OnceCell<Roots>,
    provider: Arc<CryptoProvider>,
}

type Roots = Arc<[CertificateDer<'static>]>;

/// How long an issuer may take for both answers.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is read of the discovery document.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

// === impl HttpIssuers ===

impl HttpIssuers {
    /// Trusts these roots where a provider has no fingerprints.
    pub fn new(roots: Vec<CertificateDer<'static>>) -> Self {
        Self::with(OnceCell::new_with(Some(roots.into())))
    }

    /// Trusts the system's roots, or those of SSL_CERT_FILE and SSL_CERT_DIR. They are read
    /// when an issuer is asked first.
    pub fn with_system_roots() -> Self {
        Self::with(OnceCell::new())
    }

    fn with(roots: OnceCell<Roots>) -> Self {
        Self {
            roots,
            provider: CryptoProvider::get_default()
                .cloned()
                .unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider())),
        }
    }

    async fn ask(&self, issuer: &Issuer) -> Result<KeySet, IssuerError> {
        let roots = self.roots.get_or_try_init(system_roots).await?;
        let trust = Trust::new(
            &issuer.fingerprints,
            Arc::clone(roots),
            Arc::clone(&self.provider),
        )?;
        let base = issuer.url.as_str().trim_end_matches('/');
        let place = format!("{base}/.well-known/openid-configuration");
        let document = get::json(&location(&place, issuer)?, &trust).await?;
        let document: Discovery = serde_json::from_slice(&document)
            .map_err(|_quotes_it| answer("no discovery document"))?;
        if document.issuer != issuer.url.as_str() {
            return Err(answer("the discovery document is another issuer's"));
        }
        let keys = get::json(&location(&document.jwks_uri, issuer)?, &trust).await?;
        KeySet::parse(&keys).map_err(|why| answer(&why.to_string()))
    }
}

#[async_trait]
impl Issuers for HttpIssuers {
    async fn key_set(&self, issuer: &Issuer) -> Result<KeySet, IssuerError> {
        tokio::time::timeout(PATIENCE, self.ask(issuer))
            .await
            .unwrap_or_else(|_elapsed| Err(unreachable("no answer within 5 seconds")))
    }
}

async fn system_roots() -> Result<Roots, IssuerError> {
    let found = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs)
        .await
        .map_err(unreachable)?;
    for error in &found.errors {
        tracing::debug!(%error, "a root of the system cannot be read");
    }
    Ok(found.certs.into())
}

/// Where to ask. An issuer that is reached over TLS does not lead to where there is none,
/// and one without TLS not away from this machine, but over TLS.
fn location(text: &str, issuer: &Issuer) -> Result<Uri, IssuerError> {
    let wrong = || answer("its jwks_uri is none that an issuer of its kind can have");
    let uri: Uri = text.parse().map_err(|_no_uri| wrong())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(wrong());
    };
    if authority.host().is_empty() || authority.as_str().contains('@') {
        return Err(wrong());
    }
    // The rule for hosts of plain HTTP is that for issuers; theirs have no query.
    let origin = format!("{scheme}://{authority}");
    let is_allowed = match scheme {
        "https" => true,
        "http" => !issuer.url.is_tls() && origin.parse::<kms_types::IssuerUrl>().is_ok(),
        _ => false,
    };
    if is_allowed { Ok(uri) } else { Err(wrong()) }
}

fn answer(why: &str) -> IssuerError {
    IssuerError::Answer(why.to_owned())
}

fn unreachable(why: impl std::fmt::Display) -> IssuerError {
    IssuerError::Unreachable(why.to_string())
}

#[cfg(test)]
mod tests;
