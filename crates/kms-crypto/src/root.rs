use std::{fmt, io, path::PathBuf};

use aws_lc_rs::{digest, rand};
use kms_types::Secret;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::aead::{AeadKey, Rejected};

mod file;

/// The key at the top, 256 bits: opens the keyring and nothing else. Lost, it takes the
/// data with it, backups included.
#[derive(Clone)]
pub struct RootKey(Secret<[u8; 32]>);

/// Why there is no root key. No variant holds a piece of one.
#[derive(Debug, Error)]
pub enum RootKeyError {
    /// The file does not exist.
    #[error("there is no root key file {}", path.display())]
    Absent {
        /// Which file.
        path: PathBuf,
    },
    /// The file's content is not a key.
    #[error("the root key file {} must hold exactly 64 hex digits", path.display())]
    Malformed {
        /// Which file.
        path: PathBuf,
    },
    /// A symbolic link, a directory, a device.
    #[error("the root key file {} is not a plain file", path.display())]
    NotPlain {
        /// Which file.
        path: PathBuf,
    },
    /// Others than its owner have rights to the file.
    #[error("others than its owner have rights to the root key file {0}: chmod 0600 {0}", path.display())]
    Exposed {
        /// Which file.
        path: PathBuf,
    },
    /// The file belongs to somebody else.
    #[error("the root key file {} belongs to another user", path.display())]
    Foreign {
        /// Which file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read the root key file {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file cannot be made.
    #[error("cannot write the root key file {}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The system gives no random bits.
    #[error("the system's random generator failed")]
    Random,
}

impl RootKey {
    /// A fresh key, in memory only.
    ///
    /// # Errors
    /// [`RootKeyError::Random`].
    pub fn random() -> Result<Self, RootKeyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::fill(bytes.as_mut()).map_err(|_unspecified| RootKeyError::Random)?;
        Ok(Self(Secret::new(*bytes)))
    }

    /// The key whose 64 hex digits these are.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text, bytes.as_mut()).ok()?;
        Some(Self(Secret::new(*bytes)))
    }

    /// The key of these 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes = Zeroizing::new(<[u8; 32]>::try_from(bytes).ok()?);
        Some(Self(Secret::new(*bytes)))
    }

    /// Which key it is: the first 8 bytes of its SHA-256. Not secret; stands in front of
    /// the keyring, so that a wrong key is told from a damaged keyring.
    pub fn id(&self) -> [u8; 8] {
        // EXPOSE: into the digest.
        let digest = digest::digest(&digest::SHA256, self.0.expose());
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(digest.as_ref()) {
            *to = *from;
        }
        id
    }

    /// For sealing and opening the keyring.
    pub(crate) fn aead(&self) -> Result<AeadKey, Rejected> {
        // EXPOSE: into the cipher's key.
        AeadKey::new(self.0.expose())
    }

    fn to_hex(&self) -> Secret<String> {
        // EXPOSE: into the text of the key's own file.
        Secret::new(hex::encode(self.0.expose()))
    }
}

/// The id alone.
impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootKey({})", hex::encode(self.id()))
    }
}

#[cfg(test)]
mod tests;
