use async_trait::async_trait;
use kms_wire::response::GetSecretValue;
use thiserror::Error;

use crate::SecretRequest;

/// Where values come from when the cache has none: KMS, or a test's double.
#[async_trait]
pub trait Upstream: Send + Sync + 'static {
    /// One read, retries included.
    async fn fetch(&self, request: &SecretRequest) -> Result<GetSecretValue, UpstreamError>;
}

/// Why KMS gave no value. Cloned to all who wait for the same read.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum UpstreamError {
    /// KMS said no.
    #[error("{code} (HTTP {status})")]
    Refused {
        /// The HTTP status, passed on to the application.
        status: u16,
        /// The code, verbatim.
        code: String,
        /// The message, verbatim.
        message: String,
        /// KMS's request id; may be empty.
        request_id: String,
    },
    /// No answer in time: 504.
    #[error("KMS did not answer in time")]
    Timeout,
    /// No connection, or an answer that cannot be read: 502.
    #[error("KMS cannot be reached: {reason}")]
    Unreachable {
        /// For the log.
        reason: String,
    },
    /// The machine has no identity any more: 500.
    #[error("no valid credentials: {reason}")]
    Credentials {
        /// For the log; names files and keys, never values.
        reason: String,
        /// Whether it may pass by itself.
        transient: bool,
    },
}

impl UpstreamError {
    /// Whether a value that has run out may be served in its place: transport errors,
    /// timeouts, 429 and 5xx, never a refusal (security reference §3.1).
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Credentials { transient, .. } => *transient,
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            Self::Timeout | Self::Unreachable { .. } => true,
        }
    }
}
