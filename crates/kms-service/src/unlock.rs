use kms_crypto::{Keyring, KeyringError, RootKey};
use kms_store::{KeyringRecord, Mode, Store, StoreError, TxError, run_tx};
use kms_types::Clock;
use thiserror::Error;

/// Why the store stays locked.
#[derive(Debug, Error)]
pub enum UnlockError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The keyring does not open.
    #[error("the store does not open")]
    Keyring(#[from] KeyringError),
    /// There are records, but no keyring: half a store was restored.
    #[error("the store holds accounts but no keyring: it was restored in part")]
    NoKeyring,
}

/// Opens the store's keyring with the root key. A store with nothing in it gets a new
/// one; a store that holds anything never does, for nothing in it would open again.
///
/// # Errors
/// [`UnlockError`].
pub async fn unlock(
    store: &dyn Store,
    root: &RootKey,
    clock: &dyn Clock,
) -> Result<Keyring, UnlockError> {
    let now = clock.now();
    run_tx(store, Mode::Write, |mut tx| {
        Box::pin(async move {
            if let Some(record) = tx.keyrings().load().await? {
                return Ok(Keyring::unwrap(root, &record.wrapped)?);
            }
            if !tx.accounts().list().await?.is_empty() {
                return Err(UnlockError::NoKeyring);
            }
            let keyring = Keyring::generate(now)?;
            let record = KeyringRecord {
                revision: 1,
                wrapped: keyring.wrap(root)?,
            };
            tx.keyrings().save(&record).await?;
            Ok(keyring)
        })
    })
    .await
}

impl TxError for UnlockError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(StoreError::Conflict))
    }
}

#[cfg(test)]
mod tests;
