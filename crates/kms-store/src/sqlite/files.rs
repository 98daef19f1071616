//! The database file, its folder and the lock beside it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

use crate::StoreError;

/// Makes the folder (mode 0700) and the file (0600) if they are missing, and takes the
/// lock. SQLite gives its `-wal` and `-shm` files the mode of the database.
pub(super) fn prepare(path: &Path, may_make: bool) -> Result<File, StoreError> {
    if !may_make && !path.exists() {
        return Err(StoreError::Absent);
    }
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        make_folder(folder)?;
    }
    let lock_path = beside(path, ".lock");
    let lock = open(&lock_path)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(StoreError::InUse {
                path: path.to_owned(),
            });
        }
        Err(TryLockError::Error(source)) => {
            return Err(StoreError::File {
                path: lock_path,
                source,
            });
        }
    }
    open(path)?;
    Ok(lock)
}

fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|source| StoreError::File {
        path: folder.to_owned(),
        source,
    })
}

fn open(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
