//! The audit log of a folder, for who looks into it.

use std::{fs, io, path::Path, path::PathBuf};

use kms_crypto::{Keyring, RootKey};
use kms_service::UnlockError;
use kms_store::{Mode, StoreError, run_tx};

use super::KmsError;
use crate::database::Place;

/// What a folder's log is verified with. The server that uses the folder must have ended.
///
/// # Errors
/// [`KmsError`].
pub async fn keyring(dir: &Path) -> Result<Keyring, KmsError> {
    let root = RootKey::load(&dir.join("root.key"))?;
    let database = Place::Sqlite(dir.join("store/kms.db")).open().await?;
    let record: Result<_, StoreError> = run_tx(&*database.store(), Mode::Read, |mut tx| {
        Box::pin(async move { tx.keyrings().load().await })
    })
    .await;
    database.close().await;
    let record = record
        .map_err(UnlockError::from)?
        .ok_or(KmsError::Unlock(UnlockError::NoKeyring))?;
    let keyring = Keyring::unwrap(&root, &record.wrapped);
    keyring.map_err(|reason| KmsError::Unlock(reason.into()))
}

/// The files of a folder's log.
///
/// # Errors
/// If the folder cannot be read.
pub fn audit_files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir.join("audit"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    files.sort();
    Ok(files)
}
