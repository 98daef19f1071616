//! The key's file: 64 hex digits and a line feed, mode 0600, a plain file of the user
//! that runs the server.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use aws_lc_rs::rand;
use zeroize::Zeroizing;

use super::{RootKey, RootKeyError};

/// More than the file can hold.
const READ_LIMIT: u64 = 128;

impl RootKey {
    /// Reads the key from its file.
    ///
    /// # Errors
    /// All of [`RootKeyError`] but `Write` and `Random`: an unsafe file is refused, not
    /// repaired, for somebody may have read it already.
    pub fn load(path: &Path) -> Result<Self, RootKeyError> {
        let file = open(path)?;
        check(&file, path)?;
        let mut text = Zeroizing::new(String::new());
        file.take(READ_LIMIT)
            .read_to_string(&mut text)
            .map_err(|source| match source.kind() {
                io::ErrorKind::InvalidData => RootKeyError::Malformed {
                    path: path.to_owned(),
                },
                _ => RootKeyError::Read {
                    path: path.to_owned(),
                    source,
                },
            })?;
        let digits = text.strip_suffix('\n').unwrap_or(&text);
        Self::from_hex(digits).ok_or_else(|| RootKeyError::Malformed {
            path: path.to_owned(),
        })
    }

    /// Reads the key, or, if there is no such file, makes one. The file appears whole or
    /// not at all; of two that make it at once, both get the one that stays.
    ///
    /// # Errors
    /// All of [`RootKeyError`] but `Absent`.
    pub fn load_or_create(path: &Path) -> Result<Self, RootKeyError> {
        match Self::load(path) {
            Err(RootKeyError::Absent { .. }) => {}
            loaded => return loaded,
        }
        let failed = |source| RootKeyError::Write {
            path: path.to_owned(),
            source,
        };
        let draft = draft_beside(path)?;
        let key = Self::random()?;
        let written = write_new(&draft, &key).and_then(|()| fs::hard_link(&draft, path));
        let removed = fs::remove_file(&draft);
        match written {
            Err(source) if source.kind() == io::ErrorKind::AlreadyExists => {}
            written => written.map_err(failed)?,
        }
        removed.map_err(failed)?;
        sync_parent(path).map_err(failed)?;
        Self::load(path)
    }

    /// Writes the key to a new file of its own, which [`RootKey::load`] reads.
    ///
    /// # Errors
    /// [`RootKeyError::Write`], if there is such a file already, too.
    pub fn save(&self, path: &Path) -> Result<(), RootKeyError> {
        write_new(path, self)
            .and_then(|()| sync_parent(path))
            .map_err(|source| RootKeyError::Write {
                path: path.to_owned(),
                source,
            })
    }
}

fn open(path: &Path) -> Result<File, RootKeyError> {
    // Looked at before it is opened, since opening a FIFO or a device waits or acts; and
    // opened without following links, since it may change in between.
    let looked_at = fs::symlink_metadata(path);
    match &looked_at {
        Ok(metadata) if !metadata.is_file() => {
            return Err(RootKeyError::NotPlain {
                path: path.to_owned(),
            });
        }
        Err(source) if source.kind() == io::ErrorKind::NotFound => {
            return Err(RootKeyError::Absent {
                path: path.to_owned(),
            });
        }
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    options.open(path).map_err(|source| RootKeyError::Read {
        path: path.to_owned(),
        source,
    })
}

#[cfg(unix)]
fn check(file: &File, path: &Path) -> Result<(), RootKeyError> {
    use std::os::unix::fs::MetadataExt;

    let metadata = file.metadata().map_err(|source| RootKeyError::Read {
        path: path.to_owned(),
        source,
    })?;
    let path = path.to_owned();
    let us = rustix::process::geteuid().as_raw();
    if !metadata.is_file() {
        Err(RootKeyError::NotPlain { path })
    } else if metadata.uid() != us && metadata.uid() != 0 {
        Err(RootKeyError::Foreign { path })
    } else if metadata.mode() & 0o077 != 0 {
        Err(RootKeyError::Exposed { path })
    } else {
        Ok(())
    }
}

#[cfg(not(unix))]
fn check(_file: &File, _path: &Path) -> Result<(), RootKeyError> {
    Ok(())
}

/// A name of its own for each that drafts a key.
fn draft_beside(path: &Path) -> Result<PathBuf, RootKeyError> {
    let mut suffix = [0; 8];
    rand::fill(&mut suffix).map_err(|_unspecified| RootKeyError::Random)?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", hex::encode(suffix)));
    Ok(name.into())
}

fn write_new(path: &Path, key: &RootKey) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    // EXPOSE: into the key's own file.
    file.write_all(key.to_hex().expose().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Makes the file's name durable, which syncing the file alone does not.
#[cfg(unix)]
fn sync_parent(path: &Path) -> io::Result<()> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_parent(_path: &Path) -> io::Result<()> {
    Ok(())
}
