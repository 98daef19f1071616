//! The socket: nobody but the process's own user and root may ask, from the first moment on.

use std::{
    fs::{self, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use thiserror::Error;
use tokio::net::{UnixListener, UnixStream};

/// A socket that is listened on; taken away when dropped, unless somebody else's is there by then.
#[derive(Debug)]
pub(super) struct Socket {
    listener: UnixListener,
    _place: Place,
}

#[derive(Debug)]
struct Place {
    path: PathBuf,
    /// Device and number.
    file: (u64, u64),
}

/// Why there can be no socket.
#[derive(Debug, Error)]
pub enum SocketError {
    /// There is no such folder, or it cannot be looked at.
    #[error("{}: {source}; make the folder first, for root or the user of kube-apiserver alone", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Others could put a socket of theirs there, and be given seeds.
    #[error("{} can be written to by others than its owner; chmod go-w it", path.display())]
    Open {
        /// The folder.
        path: PathBuf,
    },
    /// Somebody serves there.
    #[error("{} is served by another process; end that one first", path.display())]
    Served {
        /// The socket.
        path: PathBuf,
    },
    /// What is there is no socket.
    #[error("{} is there and no socket; give another path", path.display())]
    Taken {
        /// What is there.
        path: PathBuf,
    },
    /// It cannot be made.
    #[error("cannot listen on {}: {source}", path.display())]
    Listen {
        /// The socket.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// Group and others may write.
const WRITABLE_BY_OTHERS: u32 = 0o022;

// === impl Socket ===

impl Socket {
    /// Listens. A socket that nobody serves any more is replaced.
    pub(super) async fn listen(path: &Path) -> Result<Self, SocketError> {
        check_folder(path)?;
        check_free(path).await?;
        let failed = |source| SocketError::Listen {
            path: path.to_owned(),
            source,
        };
        // Under another name until its mode is right, and then in one step where it belongs.
        let new = beside(path);
        remove(&new).map_err(failed)?;
        let listener = UnixListener::bind(&new).map_err(failed)?;
        let place = fs::set_permissions(&new, Permissions::from_mode(0o600))
            .and_then(|()| fs::symlink_metadata(&new))
            .and_then(|made| {
                fs::rename(&new, path)?;
                Ok(Place {
                    path: path.to_owned(),
                    file: (made.dev(), made.ino()),
                })
            })
            .inspect_err(|_why| drop(remove(&new)))
            .map_err(failed)?;
        Ok(Self {
            listener,
            _place: place,
        })
    }

    /// The next one who asks.
    pub(super) async fn accept(&self) -> io::Result<UnixStream> {
        let (stream, _unnamed) = self.listener.accept().await?;
        Ok(stream)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let there = fs::symlink_metadata(&self.path);
        if there.is_ok_and(|there| (there.dev(), there.ino()) == self.file) {
            // Who comes next replaces it.
            drop(fs::remove_file(&self.path));
        }
    }
}

fn check_folder(socket: &Path) -> Result<(), SocketError> {
    let path = match socket.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    match fs::metadata(&path) {
        Ok(found) if !found.is_dir() => Err(SocketError::Folder {
            path,
            source: ErrorKind::NotADirectory.into(),
        }),
        Ok(found) if found.mode() & WRITABLE_BY_OTHERS != 0 => Err(SocketError::Open { path }),
        Ok(_good) => Ok(()),
        Err(source) => Err(SocketError::Folder { path, source }),
    }
}

async fn check_free(path: &Path) -> Result<(), SocketError> {
    let path = path.to_owned();
    let there = match fs::symlink_metadata(&path) {
        Ok(there) => there,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(SocketError::Listen { path, source }),
    };
    if !there.file_type().is_socket() {
        return Err(SocketError::Taken { path });
    }
    match UnixStream::connect(&path).await {
        Ok(_served) => Err(SocketError::Served { path }),
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => Ok(()),
        Err(source) => Err(SocketError::Listen { path, source }),
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
