use async_trait::async_trait;
use kms_types::{Fingerprint, IssuerUrl};
use thiserror::Error;

use super::KeySet;

/// Whom to ask for keys, and how to know that it is them.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Issuer {
    /// Where.
    pub url: IssuerUrl,
    /// Certificates of which it has to show one; none: its chain has to lead to a root that
    /// the server trusts.
    pub fingerprints: Vec<Fingerprint>,
}

/// Why an issuer's keys are not to be had. For the log: callers are told less.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
pub enum IssuerError {
    /// No connection, no TLS, no answer in time, or one that is not 200.
    #[error("the issuer cannot be asked: {0}")]
    Unreachable(String),
    /// It shows other certificates than its provider is pinned to.
    #[error("the issuer shows none of the certificates that its provider names")]
    Fingerprint,
    /// The answer is too long, names another issuer, or is no key set.
    #[error("the issuer's answer is of no use: {0}")]
    Answer(String),
}

/// How issuers are asked. Whoever calls remembers the answer and does not ask often.
#[async_trait]
pub trait Issuers: Send + Sync {
    /// The issuer's keys as they are now (OpenID Connect Discovery 1.0 §4).
    ///
    /// # Errors
    /// [`IssuerError`].
    async fn key_set(&self, issuer: &Issuer) -> Result<KeySet, IssuerError>;
}
