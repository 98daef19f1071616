use kms_credentials::{CredentialsError, ExchangeError};
use thiserror::Error;

/// Why a call has no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CallError {
    /// No identity to sign with.
    #[error("no credentials")]
    Credentials(#[source] CredentialsError),
    /// The service said no.
    #[error("{code} (HTTP {status}): {message}")]
    Service {
        /// The HTTP status.
        status: u16,
        /// The service's code, verbatim.
        code: String,
        /// The service's message, verbatim.
        message: String,
        /// To quote to the service's operators; may be empty.
        request_id: String,
    },
    /// No complete answer in time, after all attempts.
    #[error("no answer within {seconds} s")]
    Timeout {
        /// The time given.
        seconds: u64,
    },
    /// No connection, TLS failure, or the connection broke, after all attempts.
    #[error("cannot talk to {host}: {reason}")]
    Transport {
        /// Who was called.
        host: String,
        /// What failed; no secret, no URL query.
        reason: String,
    },
    /// This identity cannot make this call, so it was not made.
    #[error("{action} cannot be called: {reason}")]
    Unsupported {
        /// The action's name.
        action: String,
        /// Why not.
        reason: String,
    },
    /// An answer that is no answer: not JSON, too large, fields missing.
    #[error("{host} sent an answer that cannot be read: {reason}")]
    Unreadable {
        /// Who was called.
        host: String,
        /// What is wrong with it; never a piece of it.
        reason: String,
    },
}

impl CallError {
    /// What came of it that a host was asked.
    pub(crate) fn of_exchange(host: &str, error: ExchangeError) -> Self {
        let host = host.to_owned();
        match error {
            ExchangeError::Timeout(time) => Self::Timeout {
                seconds: time.as_secs().max(1),
            },
            ExchangeError::TooLarge(_) => Self::Unreadable {
                host,
                reason: error.to_string(),
            },
            ExchangeError::Unsendable { reason } => Self::Transport { host, reason },
            other => Self::Transport {
                host,
                reason: other.to_string(),
            },
        }
    }

    /// Whether the same call may succeed later: transport, timeout, 429, 5xx, and the codes
    /// of the cloud's gateways for too many calls, which come as 400, too (reference kms-api
    /// §1.8).
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Service { status, code, .. } => {
                *status == 429 || *status >= 500 || is_throttling(code)
            }
            Self::Timeout { .. } | Self::Transport { .. } | Self::Unreadable { .. } => true,
            Self::Unsupported { .. } => false,
            Self::Credentials(reason) => matches!(reason, CredentialsError::Unreachable { .. }),
        }
    }
}

/// Whether a gateway of the cloud says so that there were too many calls.
pub(crate) fn is_throttling(code: &str) -> bool {
    code == "Throttling" || code.starts_with("Throttling.")
}
