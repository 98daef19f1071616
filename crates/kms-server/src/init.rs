//! `kms-server init`: a root key, a store, its keyring, and somebody who may do everything.

use std::{io, path::PathBuf, sync::Arc};

use kms_crypto::{Keyring, KeyringError, RootKey, random_bytes};
use kms_service::{NewAccessKey, SetupError, UnlockError};
use kms_store::{KeyringRecord, Mode, Store, StoreError, TxError, run_tx};
use kms_telemetry::Exit;
use kms_types::{AccountId, Clock, Env};
use thiserror::Error;

use crate::{
    backend::{Backend, BackendError},
    database::{Database, DatabaseError, Place},
    files::make_private_dir,
    root::SourceError,
    settings::Settings,
};

/// Who is made.
#[derive(Clone, Debug)]
pub struct First {
    /// The account; a random one if nobody says.
    pub account: Option<AccountId>,
    /// Its administrator.
    pub user: String,
}

/// What was made. The AccessKey's secret is nowhere else.
#[derive(Debug)]
pub struct Made {
    /// The account.
    pub account: AccountId,
    /// Its administrator.
    pub user: String,
    /// What the administrator signs with.
    pub key: NewAccessKey,
}

/// Why nothing was made.
#[derive(Debug, Error)]
pub enum InitError {
    /// The folder of the data.
    #[error("cannot make the folder {}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The root key.
    #[error(transparent)]
    RootKey(#[from] SourceError),
    /// The store cannot be opened.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// Something lies there.
    #[error(
        "the store ({0}) is in use already and is left as it is: kms-server serve runs it, \
         kms-server account add makes another account; for a new server name another store"
    )]
    NotEmpty(String),
    /// A keyring without accounts, of another root key.
    #[error("the keyring of an interrupted init does not open")]
    Keyring(#[from] KeyringError),
    /// The service.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The account or its administrator.
    #[error("cannot make the account")]
    Setup(#[from] SetupError),
    /// The system gives no random bits.
    #[error("the system's random generator failed")]
    Random,
}

/// Makes everything that `serve` needs. Interrupted, it can be run again: what counts as
/// not empty is a store with an account.
///
/// # Errors
/// [`InitError`].
pub async fn run(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
    first: First,
) -> Result<Made, InitError> {
    make_private_dir(&settings.data_dir).map_err(|source| InitError::Folder {
        path: settings.data_dir.clone(),
        source,
    })?;
    let place = settings.place();
    if let Place::Sqlite(file) = &place
        && !settings.root_key.same_filesystem
    {
        settings.root_key.current.check_apart(file)?;
    }
    let root = settings.root_key.current.load_or_create(env).await?;
    let database = place.open_or_create().await?;
    let made = furnish(settings, &root, &place, database.clone(), &clock, first).await;
    database.close().await;
    made
}

async fn furnish(
    settings: &Settings,
    root: &RootKey,
    place: &Place,
    database: Database,
    clock: &Arc<dyn Clock>,
    first: First,
) -> Result<Made, InitError> {
    let keyring = new_keyring(&*database.store(), root, place, &**clock).await?;
    let backend = Backend::new(
        database,
        keyring,
        settings.region.clone(),
        &settings.operations_nonces(),
        settings.operations_audit(),
        clock,
    )?;
    let account = match first.account {
        Some(account) => account,
        None => random_account()?,
    };
    let made = make_account(&backend, &account, first.user).await;
    backend.close().await;
    made
}

/// An account, its administrator and an AccessKey.
///
/// # Errors
/// Those of the store, and what RAM says about the name.
pub async fn make_account(
    backend: &Backend,
    account: &AccountId,
    user: String,
) -> Result<Made, InitError> {
    backend.service.ensure_administrator(account, &user).await?;
    let key = backend.service.create_access_key(account, &user).await?;
    let about = [("account", account.as_str()), ("user", user.as_str())];
    backend.audit.note("account", &about);
    Ok(Made {
        account: account.clone(),
        user,
        key,
    })
}

/// 16 digits, as the cloud's are; the first is never 0.
///
/// # Errors
/// `Random`.
pub fn random_account() -> Result<AccountId, InitError> {
    let random = random_bytes(8).map_err(|_no_random| InitError::Random)?;
    // EXPOSE: into an id, which is no secret.
    let bytes = random
        .expose()
        .first_chunk::<8>()
        .copied()
        .unwrap_or_default();
    let digits = u64::from_be_bytes(bytes) % 1_000_000_000_000_000;
    format!("1{digits:015}")
        .parse()
        .map_err(|_never| InitError::Random)
}

/// A fresh keyring, or that of an init which came no further.
async fn new_keyring(
    store: &dyn Store,
    root: &RootKey,
    place: &Place,
    clock: &dyn Clock,
) -> Result<Keyring, InitError> {
    let now = clock.now();
    run_tx(store, Mode::Alone, |mut tx| {
        Box::pin(async move {
            if !tx.accounts().list().await?.is_empty() {
                return Err(InitError::NotEmpty(place.shown()));
            }
            if let Some(record) = tx.keyrings().load().await? {
                return Ok(Keyring::unwrap(root, &record.wrapped)?);
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

// === impl InitError ===

impl InitError {
    /// How a program should end after this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::NotEmpty(_) | Self::Setup(SetupError::UserName) => Exit::Usage,
            Self::RootKey(reason) => reason.exit(),
            Self::Keyring(_) | Self::Backend(BackendError::Unlock(UnlockError::Keyring(_))) => {
                Exit::Refused
            }
            Self::Database(reason) => reason.exit(),
            _ => Exit::Failure,
        }
    }
}

impl TxError for InitError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(StoreError::Conflict))
    }
}
