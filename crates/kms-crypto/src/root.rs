use std::path::{Path, PathBuf};

use kms_types::Secret;
use thiserror::Error;

/// The key at the top, 256 bits; opens the keyring and nothing else.
#[derive(Clone, Debug)]
pub struct RootKey(#[expect(dead_code, reason = "the keyring comes next")] Secret<[u8; 32]>);

/// Why there is no root key.
#[derive(Debug, Error)]
pub enum RootKeyError {
    /// The file's content is not a key.
    #[error("{path} does not hold 64 hex digits")]
    Malformed {
        /// The file.
        path: PathBuf,
    },
}

impl RootKey {
    /// Reads the key, or makes one if there is no such file.
    pub fn load_or_create(path: &Path) -> Result<Self, RootKeyError> {
        Err(RootKeyError::Malformed {
            path: path.to_owned(),
        })
    }
}
