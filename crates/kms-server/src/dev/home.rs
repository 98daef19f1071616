//! The folder of one `dev`: whose it is, who uses it now, and what lies where in it.

use std::{
    fs::{self, File, Metadata, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use kms_telemetry::Exit;
use thiserror::Error;

use crate::files::make_private_dir;

/// A folder that this process alone uses, for as long as the value lives.
#[derive(Debug)]
pub struct Home {
    path: PathBuf,
    /// Locked; the system lets go when the process ends, however it ends.
    _lock: File,
}

/// Why a folder is not used. Each says what to do instead.
#[derive(Debug, Error)]
pub enum HomeError {
    /// Something else lives there.
    #[error(
        "{} is not empty and was not made by kms-server dev; name another folder with --dir",
        .0.display()
    )]
    Foreign(PathBuf),
    /// It is no folder.
    #[error("{} is not a folder; name another one with --dir", .0.display())]
    NotAFolder(PathBuf),
    /// Others could put files there, or replace ours.
    #[error(
        "{shown} can be written by other users of this machine, who could read secrets then: \
         chmod go-w {shown}", shown = .0.display()
    )]
    Exposed(PathBuf),
    /// Somebody else's.
    #[error("{} belongs to another user; name another folder with --dir", .0.display())]
    Elses(PathBuf),
    /// Two would write to one store.
    #[error(
        "another kms-server dev is running in {}; end it first, or name another folder with --dir",
        .0.display()
    )]
    InUse(PathBuf),
    /// The system refuses.
    #[error("cannot use {} for the state", path.display())]
    Io {
        /// What was tried.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
}

/// Marks the folder as ours, and is what is locked.
const MARK: &str = "kms-server-dev.lock";

// === impl Home ===

impl Home {
    /// Takes the folder: a new one, an empty one, or one that `dev` has used before.
    ///
    /// # Errors
    /// [`HomeError`].
    pub fn claim(path: &Path) -> Result<Self, HomeError> {
        let failed = |source| HomeError::Io {
            path: path.to_owned(),
            source,
        };
        match fs::metadata(path) {
            Ok(found) => check(path, &found)?,
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => {
                make_private_dir(path).map_err(failed)?;
            }
            Err(reason) => return Err(failed(reason)),
        }
        let path = path.canonicalize().map_err(failed)?;
        let mark = path.join(MARK);
        if !mark.exists() && fs::read_dir(&path).map_err(failed)?.next().is_some() {
            return Err(HomeError::Foreign(path));
        }
        let lock = open_mark(&mark).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(HomeError::InUse(path)),
            Err(TryLockError::Error(reason)) => Err(failed(reason)),
        }
    }

    /// The folder itself, absolute.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the server's log goes.
    pub fn logs(&self) -> PathBuf {
        self.path.join("logs")
    }

    /// Where the agent's log goes, which wants a folder of its own.
    pub(super) fn agent_logs(&self) -> PathBuf {
        self.path.join("logs/agent")
    }

    /// The audit log.
    pub(super) fn audit(&self) -> PathBuf {
        self.path.join("audit/audit.log")
    }

    /// What verifies the audit log's checkpoints.
    pub(super) fn audit_key(&self) -> PathBuf {
        self.path.join("audit/audit.pub")
    }

    /// What calls of the webhook are signed with.
    pub(super) fn webhook_key(&self) -> PathBuf {
        self.path.join("webhook.key")
    }

    /// Where findings are sent.
    pub(super) fn deliveries(&self) -> PathBuf {
        self.path.join("deliveries")
    }

    /// The sealed data.
    pub(super) fn store(&self) -> PathBuf {
        self.path.join("store")
    }

    /// What must not be used again.
    pub(super) fn nonces(&self) -> PathBuf {
        self.path.join("store/nonces")
    }

    /// What the data is sealed with: apart from it, so that a copy of one is worth nothing.
    pub(super) fn root_key(&self) -> PathBuf {
        self.path.join("root.key")
    }

    /// Keys and certificates.
    pub(super) fn tls(&self) -> PathBuf {
        self.path.join("tls")
    }

    /// The CA's certificate, for clients.
    pub(super) fn ca(&self) -> PathBuf {
        self.path.join("ca.pem")
    }

    /// The key of the access point.
    pub(super) fn client_key(&self) -> PathBuf {
        self.path.join("clientKey.json")
    }

    /// Its password.
    pub(super) fn client_key_password(&self) -> PathBuf {
        self.path.join("clientKey_Password.txt")
    }

    /// Lines for `source`.
    pub(super) fn env(&self) -> PathBuf {
        self.path.join("env")
    }

    /// The agent's configuration.
    pub(super) fn config(&self) -> PathBuf {
        self.path.join("config.toml")
    }

    /// The agent's token.
    pub(super) fn token(&self) -> PathBuf {
        self.path.join("kmstoken")
    }
}

// === impl HomeError ===

impl HomeError {
    /// How a program should end after this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Foreign(_) | Self::NotAFolder(_) | Self::Exposed(_) | Self::Elses(_) => {
                Exit::Usage
            }
            Self::InUse(_) | Self::Io { .. } => Exit::Failure,
        }
    }
}

fn open_mark(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn check(path: &Path, found: &Metadata) -> Result<(), HomeError> {
    use std::os::unix::fs::MetadataExt;

    if !found.is_dir() {
        return Err(HomeError::NotAFolder(path.to_owned()));
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(HomeError::Elses(path.to_owned()));
    }
    if found.mode() & 0o022 != 0 {
        return Err(HomeError::Exposed(path.to_owned()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check(path: &Path, found: &Metadata) -> Result<(), HomeError> {
    if found.is_dir() {
        Ok(())
    } else {
        Err(HomeError::NotAFolder(path.to_owned()))
    }
}

#[cfg(test)]
mod tests;
