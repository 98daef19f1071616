//! Where the root key comes from, and what makes a place unsafe for it (reference security
//! §6.2).

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use kms_crypto::{RootKey, RootKeyError};
use kms_types::Env;
use thiserror::Error;

mod credential;
mod filesystem;

/// A place that a root key is taken from; written `file:PATH`, `credential:NAME`,
/// `env:NAME`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RootKeySource {
    /// A file of 64 hex digits, of the server's user or root, for nobody else.
    File(PathBuf),
    /// A credential that systemd hands over (`LoadCredential=`, `LoadCredentialEncrypted=`).
    Credential(String),
    /// A variable of the environment, the last resort: others can read it.
    Variable(String),
}

/// Why text is no source.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
pub enum ParseSourceError {
    /// Not one of ours.
    #[error("write file:PATH, credential:NAME (systemd's LoadCredential=) or env:NAME")]
    Unknown,
    /// A relative path.
    #[error("write the path of the key's file from the root on")]
    Relative,
    /// Hardware.
    #[error(
        "pkcs11: is not built in; let the module's own tool hand the key to systemd \
         (LoadCredentialEncrypted=) and write credential:NAME"
    )]
    Pkcs11,
}

/// Why there is no root key.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The file's.
    #[error(transparent)]
    File(#[from] RootKeyError),
    /// The key lies beside what it opens.
    #[error(
        "the root key file {} lies on the same filesystem as the data, so that one stolen disk \
         or backup holds both; move it to another one, use credential:, or set [root_key] \
         same_filesystem = true", .0.display()
    )]
    SameFilesystem(PathBuf),
    /// Not started by systemd, or without the credential.
    #[error(
        "there is no credential {0}: the unit needs LoadCredential={0}:PATH, and only systemd \
         hands it over"
    )]
    NoCredential(String),
    /// A credential that is none.
    #[error("cannot read the credential {name}: {why}")]
    Credential {
        /// Its name.
        name: String,
        /// Why.
        why: String,
    },
    /// No such variable, or no key in it.
    #[error("the variable {0} must hold exactly 64 hex digits")]
    Variable(String),
}

// === impl RootKeySource ===

impl RootKeySource {
    /// The key.
    ///
    /// # Errors
    /// [`SourceError`].
    pub fn load(&self, env: &Env) -> Result<RootKey, SourceError> {
        match self {
            Self::File(path) => Ok(RootKey::load(path)?),
            Self::Credential(name) => credential::load(name, env),
            Self::Variable(name) => env
                .get(name)
                .and_then(RootKey::from_hex)
                .ok_or_else(|| SourceError::Variable(name.clone())),
        }
    }

    /// The key, made if its place is a file that is not there.
    ///
    /// # Errors
    /// [`SourceError`].
    pub fn load_or_create(&self, env: &Env) -> Result<RootKey, SourceError> {
        match self {
            Self::File(path) => Ok(RootKey::load_or_create(path)?),
            _ => self.load(env),
        }
    }

    /// Refuses a file that lies where the data lies.
    ///
    /// # Errors
    /// `SameFilesystem`.
    pub fn check_apart(&self, data: &Path) -> Result<(), SourceError> {
        match self {
            Self::File(path) if filesystem::is_same(path, data) => {
                Err(SourceError::SameFilesystem(path.clone()))
            }
            _ => Ok(()),
        }
    }

    /// Whether it is the last resort.
    pub fn is_environment(&self) -> bool {
        matches!(self, Self::Variable(_))
    }
}

impl FromStr for RootKeySource {
    type Err = ParseSourceError;

    fn from_str(text: &str) -> Result<Self, ParseSourceError> {
        let (kind, rest) = text.split_once(':').ok_or(ParseSourceError::Unknown)?;
        let is_name = !rest.is_empty()
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
            && !rest.starts_with('.');
        match kind {
            "file" if Path::new(rest).is_absolute() => Ok(Self::File(rest.into())),
            "file" => Err(ParseSourceError::Relative),
            "credential" if is_name => Ok(Self::Credential(rest.to_owned())),
            "env" if is_name => Ok(Self::Variable(rest.to_owned())),
            "pkcs11" => Err(ParseSourceError::Pkcs11),
            _ => Err(ParseSourceError::Unknown),
        }
    }
}

impl fmt::Display for RootKeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Credential(name) => write!(f, "credential:{name}"),
            Self::Variable(name) => write!(f, "env:{name}"),
        }
    }
}

#[cfg(test)]
mod tests;
