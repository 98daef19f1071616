//! `kms-server backup`, `restore` and `migrate`: the whole store in one file and back, and
//! its schema forward. What is sealed stays sealed: a backup is worth nothing without its
//! root key, and everything with it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use kms_crypto::{Keyring, RootKey};
use kms_service::UnlockError;
use kms_store::{StoreError, export, import, snapshot_header};
use kms_telemetry::Exit;
use kms_types::{Clock, Env};
use thiserror::Error;

use crate::{
    audit::{AuditError, Log},
    backend::{self, BackendError, Opener},
    database::DatabaseError,
    files::make_private_dir,
    root::SourceError,
    settings::Settings,
};

/// What went into the file, or came out of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Moved {
    /// Records.
    pub records: u64,
    /// The id of the root key that opens them.
    pub root_key: [u8; 8],
}

/// Which schema a store has, and which this program knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Schemas {
    /// The store's.
    pub found: i64,
    /// The program's.
    pub known: i64,
}

/// Why nothing was moved.
#[derive(Debug, Error)]
pub enum SnapshotError {
    /// The file of the backup.
    #[error("cannot read or write {}", path.display())]
    File {
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
    /// The store, or the file.
    #[error("cannot move the records")]
    Store(#[from] StoreError),
    /// It does not open.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// A backup of another installation, or of before a rekey.
    #[error(
        "the backup opens with the root key {wanted}, which is neither [root_key] current nor \
         previous: put the key of its time there"
    )]
    OtherRootKey {
        /// The id.
        wanted: String,
    },
    /// It cannot be written down.
    #[error("it is done, but not on record")]
    Audit(#[from] AuditError),
}

/// What a backup's note begins with; then the root key's id.
const NOTE: &str = "root key ";

/// Writes the store to a new file, mode 0600, as one moment saw it. It has its name once it
/// is whole and on the disk.
///
/// # Errors
/// [`SnapshotError`].
pub async fn backup(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
    path: &Path,
) -> Result<Moved, SnapshotError> {
    let failed = |source| SnapshotError::File {
        path: path.to_owned(),
        source,
    };
    if path.exists() {
        return Err(failed(io::ErrorKind::AlreadyExists.into()));
    }
    let (current, previous) = settings.root_key.load(env).await?;
    let database = settings.place().open().await?;
    let store = database.store();
    let (keyring, opener) = backend::unseal(&*store, &current, previous.as_ref(), &*clock).await?;
    let root_key = match (opener, previous) {
        (Opener::Previous, Some(previous)) => previous.id(),
        _ => current.id(),
    };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    let draft = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = BufWriter::new(options.open(&draft).map_err(failed)?);
    let note = format!("{NOTE}{}", hex::encode(root_key));
    let records = export(&*store, &note, &mut file).await?;
    database.close().await;
    file.flush()
        .and_then(|()| file.get_ref().sync_all())
        .and_then(|()| fs::rename(&draft, path))
        .map_err(failed)?;
    let moved = Moved { records, root_key };
    write_down(settings, &keyring, clock, "backup", path, moved).await?;
    Ok(moved)
}

/// Fills an empty store from the file, and sees that it opens. Cut off, it is run again;
/// until it ends well no server opens the store.
///
/// # Errors
/// [`SnapshotError`].
pub async fn restore(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
    path: &Path,
) -> Result<Moved, SnapshotError> {
    let open = || {
        File::open(path)
            .map(BufReader::new)
            .map_err(|source| SnapshotError::File {
                path: path.to_owned(),
                source,
            })
    };
    let header = snapshot_header(&mut open()?)?;
    let (current, previous) = settings.root_key.load(env).await?;
    let wanted = header
        .note
        .strip_prefix(NOTE)
        .unwrap_or_default()
        .to_owned();
    let is_wanted = |key: &RootKey| hex::encode(key.id()) == wanted;
    if !is_wanted(&current) && !previous.as_ref().is_some_and(is_wanted) {
        return Err(SnapshotError::OtherRootKey { wanted });
    }
    make_private_dir(&settings.data_dir).map_err(|source| SnapshotError::File {
        path: settings.data_dir.clone(),
        source,
    })?;
    let database = settings.place().open_for_import().await?;
    let store = database.store();
    let records = import(&*store, &mut open()?).await?;
    let (keyring, opener) = backend::unseal(&*store, &current, previous.as_ref(), &*clock).await?;
    database.close().await;
    let root_key = match (opener, previous) {
        (Opener::Previous, Some(previous)) => previous.id(),
        _ => current.id(),
    };
    let moved = Moved { records, root_key };
    write_down(settings, &keyring, clock, "restore", path, moved).await?;
    Ok(moved)
}

/// Brings the store's schema up to the program's; only tells if it is a rehearsal.
///
/// # Errors
/// Those of opening the store.
pub async fn migrate(settings: &Settings, is_rehearsal: bool) -> Result<Schemas, SnapshotError> {
    let place = settings.place();
    let (found, known) = place.schema().await?;
    let schemas = Schemas { found, known };
    if !is_rehearsal {
        place.open_and_migrate().await?.close().await;
    }
    Ok(schemas)
}

async fn write_down(
    settings: &Settings,
    keyring: &Keyring,
    clock: Arc<dyn Clock>,
    event: &str,
    path: &Path,
    moved: Moved,
) -> Result<(), AuditError> {
    let audit = Log::open(settings.operations_audit(), keyring, clock)?;
    let (file, records) = (path.display().to_string(), moved.records.to_string());
    audit.note(event, &[("file", &file), ("records", &records)]);
    audit.close().await;
    Ok(())
}

// === impl SnapshotError ===

impl SnapshotError {
    /// How a program should end after this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::File { .. }
            | Self::Store(StoreError::NotEmpty | StoreError::Snapshot(_))
            | Self::Backend(BackendError::Empty) => Exit::Usage,
            Self::RootKey(reason) => reason.exit(),
            Self::OtherRootKey { .. }
            | Self::Backend(BackendError::Unlock(UnlockError::Keyring(_))) => Exit::Refused,
            Self::Database(reason) => reason.exit(),
            Self::Store(StoreError::Unavailable(_)) => Exit::Unavailable,
            Self::Store(_) | Self::Backend(_) | Self::Audit(_) => Exit::Failure,
        }
    }
}
