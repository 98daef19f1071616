//! The audit log of a folder, for who looks into it.

use std::{fs, io, path::Path, path::PathBuf};

use kms_crypto::{Keyring, RootKey};
use kms_store::{Mode, SqliteStore, StoreError, run_tx};

use super::KmsError;

/// What a folder's log is verified with. The server that uses the folder must have ended.
///
/// # Errors
/// [`KmsError`].
pub async fn keyring(dir: &Path) -> Result<Keyring, KmsError> {
    let root = RootKey::load(&dir.join("root.key"))?;
    let data = dir.join("store/kms.db");
    // Opening would make one.
    if !data.exists() {
        return Err(KmsError::File(
            data.display().to_string(),
            io::ErrorKind::NotFound.into(),
        ));
    }
    let store = SqliteStore::open(&data).await?;
    let record: Result<_, StoreError> = run_tx(&store, Mode::Read, |mut tx| {
        Box::pin(async move { tx.keyrings().load().await })
    })
    .await;
    store.close().await;
    let record = record?.ok_or(KmsError::Unlock(kms_service::UnlockError::NoKeyring))?;
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
