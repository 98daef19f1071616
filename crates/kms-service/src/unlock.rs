use kms_crypto::{Keyring, RootKey};
use kms_store::{Store, StoreError};
use kms_types::Clock;
use thiserror::Error;

/// Why the store stays locked.
#[derive(Debug, Error)]
pub enum UnlockError {
    /// The store failed.
    #[error("cannot read the keyring")]
    Store(#[from] StoreError),
}

/// Opens the store's keyring with the root key; an empty store gets a new one.
pub async fn unlock(
    _store: &dyn Store,
    _root: &RootKey,
    _clock: &dyn Clock,
) -> Result<Keyring, UnlockError> {
    Err(StoreError::Unavailable("not built yet").into())
}
