use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use arc_swap::{ArcSwap, Guard};
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

/// The keyring in use, and what opens the next one: other servers of the store, and commands
/// beside them, make new terms (reference security §6.2).
pub(crate) struct LiveKeyring {
    in_use: ArcSwap<Keyring>,
    /// The root keys of this server: the current one and, maybe, the one before.
    roots: OnceLock<Vec<RootKey>>,
    /// When somebody's claim last made it look.
    looked: Mutex<Option<Duration>>,
}

/// Between two looks that claims of senders cause.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

// === impl LiveKeyring ===

impl LiveKeyring {
    pub(crate) fn new(keyring: Keyring) -> Self {
        Self {
            in_use: ArcSwap::from_pointee(keyring),
            roots: OnceLock::new(),
            looked: Mutex::new(None),
        }
    }

    pub(crate) fn in_use(&self) -> Guard<Arc<Keyring>> {
        self.in_use.load()
    }

    pub(crate) fn set_roots(&self, roots: Vec<RootKey>) {
        // A second call would be a mistake of the program's; the first stays.
        let _is_set = self.roots.set(roots);
    }

    /// Whether a claim may make it look now.
    pub(crate) fn may_look(&self, now: Duration) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = looked.is_none_or(|last| now.saturating_sub(last) >= BETWEEN_LOOKS);
        if is_due {
            *looked = Some(now);
        }
        is_due
    }

    /// Takes the stored keyring if it has other terms than the one in use; whether it had.
    /// Nothing happens without root keys.
    ///
    /// # Errors
    /// [`UnlockError`]; the one in use stays.
    pub(crate) async fn reload(&self, store: &dyn Store) -> Result<bool, UnlockError> {
        let Some(roots) = self.roots.get() else {
            return Ok(false);
        };
        let stored = run_tx(store, Mode::Read, |mut tx| {
            Box::pin(async move { tx.keyrings().load().await })
        })
        .await?
        .ok_or(UnlockError::NoKeyring)?;
        let stored = open_with(roots, &stored)?;
        let is_new = !stored.terms().eq(self.in_use.load().terms());
        if is_new {
            self.in_use.store(Arc::new(stored));
        }
        Ok(is_new)
    }
}

/// Each knows whether it is the one; the first says what is wrong if none is.
fn open_with(roots: &[RootKey], record: &KeyringRecord) -> Result<Keyring, UnlockError> {
    let mut first = None;
    for root in roots {
        match Keyring::unwrap(root, &record.wrapped) {
            Ok(keyring) => return Ok(keyring),
            Err(reason) => first = first.or(Some(reason)),
        }
    }
    Err(first.map_or(UnlockError::NoKeyring, UnlockError::Keyring))
}

impl TxError for UnlockError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(StoreError::Conflict))
    }
}

#[cfg(test)]
mod tests;
