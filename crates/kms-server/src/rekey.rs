//! `kms-server rekey`: another root key on top. Only the keyring is wrapped anew; no record
//! is touched (reference security §6.2). [`keyring`] is about the keys under it.
//!
//! The configuration names both keys. A keyring is wrapped by one of them at any moment,
//! before, during and after: the change is one transaction. So a run that is cut off at any
//! point is run again, and servers with both keys in their configuration start throughout.

use std::sync::Arc;

use jiff::Timestamp;
use kms_crypto::{Keyring, KeyringError, OpenError, RootKey};
use kms_store::{KeyringRecord, Mode, Store, StoreError, TxError, run_tx};
use kms_telemetry::Exit;
use kms_types::{Clock, Env};
use thiserror::Error;

use crate::{
    audit::{AuditError, Log},
    database::{Database, DatabaseError, Place},
    root::SourceError,
    settings::Settings,
};

pub mod keyring;

/// What came of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rekeyed {
    /// The current key opens the store from now on, the previous one no more.
    Done {
        /// The current key's id.
        now: [u8; 8],
        /// The previous key's.
        before: [u8; 8],
    },
    /// It did before.
    Already {
        /// The current key's id.
        now: [u8; 8],
    },
}

/// Why nothing changed.
#[derive(Debug, Error)]
pub enum RekeyError {
    /// One key alone is no change.
    #[error(
        "[root_key] previous is not set: write the key in use there, the new one into current \
         (a file that is not there is made), and run this again"
    )]
    NoPrevious,
    /// The root keys.
    #[error(transparent)]
    RootKey(#[from] SourceError),
    /// The store cannot be opened.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The store holds nothing.
    #[error("the store has no keyring: kms-server init makes one")]
    Empty,
    /// It is done, and cannot be written down.
    #[error("the store is rekeyed, but that is not on record")]
    Audit(#[from] AuditError),
    /// The keyring is of the root key before.
    #[error("the keyring is not wrapped by [root_key] current: run kms-server rekey first")]
    RootFirst,
    /// A record that nobody could read.
    #[error("{place} cannot be sealed anew")]
    Record {
        /// Where it lies.
        place: String,
        /// Why.
        #[source]
        source: OpenError,
    },
    /// Another run has made another term meanwhile.
    #[error("another run of this command has begun meanwhile; run it again once that is over")]
    Overtaken,
    /// There is something under an old term again and again.
    #[error(
        "records are sealed under an older term still: by a server that does not know the newest \
         one (of an older version, or with other root keys); end it, and run rekey --keyring again"
    )]
    StillUsed,
    /// Not everything is sealed anew.
    #[error("rekey --keyring has not come to its end: run it again, then --retire")]
    Unfinished,
    /// Somebody may hold a token.
    #[error(
        "session and import tokens of before may be in use until {0}: older terms can be taken \
         away after that"
    )]
    TooEarly(Timestamp),
    /// Neither key opens it.
    #[error("the store opens with neither key")]
    Keyring(#[from] KeyringError),
}

/// Wraps the keyring with the current root key, which it makes if its file is not there.
///
/// # Errors
/// [`RekeyError`]; then the keyring is as it was.
pub async fn run(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
) -> Result<Rekeyed, RekeyError> {
    let keys = &settings.root_key;
    let previous = keys.previous.as_ref().ok_or(RekeyError::NoPrevious)?;
    let before = previous.load(env).await?;
    let place = settings.place();
    if let Place::Sqlite(file) = &place
        && !keys.same_filesystem
    {
        keys.current.check_apart(file)?;
    }
    let database: Database = place.open().await?;
    let done = match keys.current.load_or_create(env).await {
        Ok(now) => rewrap(&database.store(), &now, &before).await,
        Err(reason) => Err(reason.into()),
    };
    database.close().await;
    let (done, keyring) = done?;
    let audit = Log::open(settings.operations_audit(), &keyring, clock)?;
    if let Rekeyed::Done { now, before } = done {
        let (now, before) = (hex::encode(now), hex::encode(before));
        audit.note("rekey", &[("root", &now), ("before", &before)]);
    }
    audit.close().await;
    Ok(done)
}

async fn rewrap(
    store: &Arc<dyn Store>,
    now: &RootKey,
    before: &RootKey,
) -> Result<(Rekeyed, Keyring), RekeyError> {
    run_tx(&**store, Mode::Alone, |mut tx| {
        Box::pin(async move {
            let record = tx.keyrings().load().await?.ok_or(RekeyError::Empty)?;
            if let Ok(keyring) = Keyring::unwrap(now, &record.wrapped) {
                return Ok((Rekeyed::Already { now: now.id() }, keyring));
            }
            let keyring = Keyring::unwrap(before, &record.wrapped)?;
            let wrapped = keyring.wrap(now)?;
            // What does not open again must not take the place of what does.
            Keyring::unwrap(now, &wrapped)?;
            let record = KeyringRecord {
                revision: record.revision + 1,
                wrapped,
            };
            tx.keyrings().save(&record).await?;
            let done = Rekeyed::Done {
                now: now.id(),
                before: before.id(),
            };
            Ok((done, keyring))
        })
    })
    .await
}

// === impl RekeyError ===

impl RekeyError {
    /// How a program should end after this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::NoPrevious
            | Self::Empty
            | Self::RootFirst
            | Self::Unfinished
            | Self::TooEarly(_) => Exit::Usage,
            Self::RootKey(reason) => reason.exit(),
            Self::Keyring(_) => Exit::Refused,
            Self::Database(reason) => reason.exit(),
            Self::Store(StoreError::Unavailable(_)) => Exit::Unavailable,
            Self::Store(_)
            | Self::Audit(_)
            | Self::Record { .. }
            | Self::Overtaken
            | Self::StillUsed => Exit::Failure,
        }
    }
}

impl TxError for RekeyError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(StoreError::Conflict))
    }
}
