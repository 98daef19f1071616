use kms_crypto::{ClientKeyError, KeyError, OpenError, SealError};
use kms_store::{StoreError, TxError};
use kms_types::ErrorCode;
use kms_wire::ApiError;
use thiserror::Error;

/// How a use case ends that does not succeed.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The caller is to blame, and told.
    #[error(transparent)]
    Refused(#[from] ApiError),
    /// The store is to blame.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A document in the store cannot be read: written by something else, or damaged.
    #[error("a document of kind {0} is damaged")]
    Document(&'static str),
    /// A record in the store does not open.
    #[error("a sealed record does not open")]
    Open(#[from] OpenError),
    /// The cipher is to blame.
    #[error("a record could not be sealed")]
    Seal(#[from] SealError),
    /// No key pair, certificate or file for it.
    #[error("a ClientKey could not be made")]
    ClientKey(#[from] ClientKeyError),
    /// A key did not do what was asked, and the caller is not to blame.
    #[error("a key failed")]
    Key(#[from] KeyError),
    /// The system gives no random bits.
    #[error("the system's random generator failed")]
    Random,
    /// A sealed text is no text.
    #[error("a sealed text is not UTF-8")]
    NotText,
}

impl TxError for Failure {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(StoreError::Conflict))
    }
}

/// An error of work that may have met a term of the keyring that this server does not know.
pub(crate) trait MayMissTerm: TxError {
    /// Whether it has.
    fn is_unknown_term(&self) -> bool;
}

impl MayMissTerm for Failure {
    fn is_unknown_term(&self) -> bool {
        matches!(
            self,
            Self::Open(OpenError::UnknownTerm(_))
                | Self::Key(KeyError::Open(OpenError::UnknownTerm(_)))
        )
    }
}

impl MayMissTerm for StoreError {
    fn is_unknown_term(&self) -> bool {
        // Nothing sealed is opened.
        false
    }
}

impl Failure {
    /// What the caller is told. What is not the caller's fault is logged here, once, and
    /// not told in detail.
    pub(crate) fn into_api_error(self) -> ApiError {
        match self {
            Self::Refused(error) => error,
            Self::Store(StoreError::Conflict | StoreError::Unavailable(_) | StoreError::Full) => {
                self.log();
                ApiError::new(
                    ErrorCode::ServiceUnavailable,
                    "Service Unavailable Temporary.",
                )
            }
            _ => {
                self.log();
                ApiError::internal()
            }
        }
    }

    fn log(&self) {
        let mut chain = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            chain.push_str(": ");
            chain.push_str(&error.to_string());
            source = error.source();
        }
        tracing::error!(error = %chain, "a call failed inside");
    }
}
