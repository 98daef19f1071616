//! Files that hold secrets: for their owner alone, and never in the place of another.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use super::CtlError;

/// Whether files can be put there, as far as can be said without doing it.
pub(super) fn check_dir(dir: &Path) -> Result<(), CtlError> {
    let failed = |error| CtlError::Io(format!("use {}", dir.display()), error);
    if fs::metadata(dir).map_err(failed)?.is_dir() {
        Ok(())
    } else {
        Err(failed(io::Error::other("is no folder")))
    }
}

/// Writes a new file.
pub(super) fn create_private(path: &Path, content: &[u8]) -> Result<(), CtlError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| {
            file.write_all(content)?;
            file.sync_all()
        })
        .map_err(|error| CtlError::Io(format!("write {}", path.display()), error))
}
