//! The service and what it stands on, the same for `serve` and `dev`.

use std::{io, path::PathBuf, sync::Arc};

use kms_crypto::{Keyring, KeyringError, RootKey};
use kms_service::{Parts, Service, UnlockError, unlock};
use kms_store::{Mode, Store, StoreError, run_tx};
use kms_types::{Clock, RegionId};
use thiserror::Error;

use crate::{
    audit::{self, AuditError, Log},
    database::Database,
    events::EventCounts,
    issuer::HttpIssuers,
    nonce_file::NonceFile,
    rotation::RotationCounts,
    settings::Nonces,
};

/// What answers calls. Cheap to clone.
#[derive(Clone)]
pub struct Backend {
    /// Who carries calls out.
    pub service: Service,
    /// What it writes to.
    pub database: Database,
    /// Where everything is written down.
    pub audit: Log,
    /// What becomes of rotations.
    pub rotations: RotationCounts,
    /// What happened.
    pub events: EventCounts,
}

/// Why there is none.
#[derive(Debug, Error)]
pub enum BackendError {
    /// The nonces' file.
    #[error("cannot read or write the nonces in {}", path.display())]
    Nonces {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The audit log.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The store holds nothing.
    #[error("the store is empty: kms-server init makes the first account")]
    Empty,
    /// The keyring.
    #[error("cannot unseal the store")]
    Unlock(#[from] UnlockError),
}

/// What opened the keyring.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Opener {
    /// The key that is current.
    Current,
    /// The one before: a rekey has not happened yet.
    Previous,
}

// === impl Backend ===

impl Backend {
    /// Puts a service on an open store and its keyring.
    ///
    /// # Errors
    /// `Nonces` and `Audit`.
    pub fn new(
        database: Database,
        keyring: Keyring,
        region: RegionId,
        nonces: &Nonces,
        audit: audit::Options,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, BackendError> {
        let audit = Log::open(audit, &keyring, Arc::clone(clock))?;
        let terms = keyring.terms().count().to_string();
        audit.note("unseal", &[("terms", &terms)]);
        let history = NonceFile::open(&nonces.file, Arc::clone(clock)).map_err(|source| {
            BackendError::Nonces {
                path: nonces.file.clone(),
                source,
            }
        })?;
        let parts = Parts {
            store: database.store(),
            keyring,
            clock: Arc::clone(clock),
            region,
            issuers: Arc::new(HttpIssuers::with_system_roots()),
        };
        Ok(Self {
            service: Service::with_nonce_history(parts, nonces.most, history),
            database,
            audit,
            rotations: RotationCounts::new(),
            events: EventCounts::new(Arc::clone(clock)),
        })
    }

    /// Waits for what is being written and closes the data and the audit log. The service
    /// fails after that.
    pub async fn close(&self) {
        self.database.close().await;
        self.audit.note("stop", &[]);
        self.audit.close().await;
    }
}

/// Opens the keyring of a store that was initialised, with the current root key or, if it
/// was wrapped by that one, the previous.
///
/// # Errors
/// `Empty` and `Unlock`.
pub async fn unseal(
    store: &dyn Store,
    current: &RootKey,
    previous: Option<&RootKey>,
    clock: &dyn Clock,
) -> Result<(Keyring, Opener), BackendError> {
    if is_empty(store).await.map_err(UnlockError::from)? {
        return Err(BackendError::Empty);
    }
    match (unlock(store, current, clock).await, previous) {
        (
            Err(UnlockError::Keyring(KeyringError::OtherRootKey { wrapped_by, .. })),
            Some(before),
        ) if wrapped_by == before.id() => {
            Ok((unlock(store, before, clock).await?, Opener::Previous))
        }
        (opened, _) => Ok((opened?, Opener::Current)),
    }
}

/// Whether nothing was ever put into the store.
pub(crate) async fn is_empty(store: &dyn Store) -> Result<bool, StoreError> {
    run_tx(store, Mode::Read, |mut tx| {
        Box::pin(async move {
            Ok::<_, StoreError>(
                tx.keyrings().load().await?.is_none() && tx.accounts().list().await?.is_empty(),
            )
        })
    })
    .await
}
