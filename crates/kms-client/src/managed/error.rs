use std::sync::Arc;

use kms_credentials::CredentialsError;
use kms_types::SecretRef;
use thiserror::Error;

use super::ParseAccessKeyPairError;
use crate::CallError;

/// Why there is no hosted AccessKey. Once there was one it stays, whatever fails.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ManagedAccessKeyError {
    /// KMS gave no value.
    #[error("the hosted AccessKey {secret} cannot be read")]
    Read {
        /// Which secret.
        secret: SecretRef,
        /// Why.
        #[source]
        source: Arc<CallError>,
    },
    /// The value is no AccessKey.
    #[error("the value of {secret} {reason}")]
    Value {
        /// Which secret.
        secret: SecretRef,
        /// What is wrong with it.
        #[source]
        reason: ParseAccessKeyPairError,
    },
    /// The service refuses the key, and so many times of late that KMS is not asked now.
    #[error("too many reads of {secret} for keys that were refused; the next is due in a while")]
    TooManyRefusals {
        /// Which secret.
        secret: SecretRef,
    },
    /// The read ended without a result: its task was broken off.
    #[error("the read of {secret} broke off")]
    BrokenOff {
        /// Which secret.
        secret: SecretRef,
    },
}

/// How a call with a hosted AccessKey failed.
#[derive(Debug, Error)]
pub enum ManagedCallError<E: std::error::Error + 'static> {
    /// There is no key to call with.
    #[error(transparent)]
    Key(ManagedAccessKeyError),
    /// The call itself, after what could be done for it.
    #[error(transparent)]
    Call(E),
}

/// How such a key is called among the sources of credentials.
pub(super) const SOURCE: &str = "kms_secret";

// === impl ManagedAccessKeyError ===

impl ManagedAccessKeyError {
    /// Whether the same read may succeed later without anybody's doing.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Read { source, .. } => source.is_transient(),
            Self::Value { .. } => false,
            Self::TooManyRefusals { .. } | Self::BrokenOff { .. } => true,
        }
    }

    /// In one line, with its cause.
    pub(super) fn in_full(&self) -> String {
        match self {
            Self::Read { source, .. } => format!("{self}: {source}"),
            other => other.to_string(),
        }
    }
}

impl From<ManagedAccessKeyError> for CredentialsError {
    fn from(error: ManagedAccessKeyError) -> Self {
        let reason = error.in_full();
        if error.is_transient() {
            Self::Unreachable {
                source_name: SOURCE,
                reason,
            }
        } else {
            Self::Broken {
                source_name: SOURCE,
                reason,
            }
        }
    }
}
