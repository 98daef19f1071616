//! Files that hold secrets: never a moment readable by others, never half written.

use std::{
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Replaces `path` with a file of this content, whole and at once: whoever has the old one
/// open reads on in it. The mode is 0600, or 0640 with `group`, from the first moment.
pub(crate) fn replace(path: &Path, content: &[u8], group: bool) -> io::Result<()> {
    let temporary = beside(path, ".rendered-")?;
    let written = create(&temporary, group)
        .and_then(|mut file| {
            file.write_all(content)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // What cannot be written may not be there to be removed.
        drop(fs::remove_file(&temporary));
    }
    written
}

/// A name in the same folder that nobody can have guessed.
pub(crate) fn beside(path: &Path, begin: &str) -> io::Result<PathBuf> {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_unspecified| io::Error::other("the system gives no random numbers"))?;
    let mut name = begin.to_owned();
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    Ok(path.with_file_name(name))
}

/// A new file, for its owner and, with `group`, for the group's eyes.
#[cfg(unix)]
pub(crate) fn create(path: &Path, group: bool) -> io::Result<File> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)?;
    if group {
        // The umask may take the group's right away.
        file.set_permissions(fs::Permissions::from_mode(0o640))?;
    }
    Ok(file)
}

/// A new file.
#[cfg(not(unix))]
pub(crate) fn create(path: &Path, _group: bool) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests;
