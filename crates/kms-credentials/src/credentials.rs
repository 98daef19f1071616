use async_trait::async_trait;
use jiff::Timestamp;
use kms_wire::sign::SigningKey;
use thiserror::Error;

/// An identity to sign with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// AccessKey, and token of temporary credentials.
    pub key: SigningKey,
    /// When it ends; `None` for a fixed AccessKey.
    pub expires: Option<Timestamp>,
    /// Where it came from, as the official SDKs label it: `default/env`, `default/oidc_role_arn`.
    pub provider: String,
}

/// Why there is no identity.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum CredentialsError {
    /// No source is configured; lists each that was tried and why it does not apply.
    #[error("no credentials found: {attempts}")]
    NotFound {
        /// `env: ALIBABA_CLOUD_ACCESS_KEY_ID is not set; …`
        attempts: String,
    },
    /// A source is configured but broken: names file and key, never a value.
    #[error("{source_name}: {reason}")]
    Broken {
        /// The source's label.
        source_name: &'static str,
        /// What to mend.
        reason: String,
    },
    /// A source is configured, but its service cannot be reached or does not answer: may pass.
    #[error("{source_name}: {reason}")]
    Unreachable {
        /// The source's label.
        source_name: &'static str,
        /// What failed.
        reason: String,
    },
}

/// Gives out credentials that are valid now; caches and refreshes behind this call.
#[async_trait]
pub trait ProvideCredentials: Send + Sync {
    /// Credentials that will not expire within the next moments.
    async fn credentials(&self) -> Result<Credentials, CredentialsError>;

    /// Tells that the service refuses these. `true` if others may be had now, because
    /// those in hand were let go; a provider that has nothing else says `false`.
    async fn refused(&self, _credentials: &Credentials) -> bool {
        false
    }
}
