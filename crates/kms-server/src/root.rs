//! Where the root key comes from, and what makes a place unsafe for it (reference security
//! §6.2).

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use kms_crypto::{RootKey, RootKeyError};
use kms_telemetry::Exit;
use kms_types::Env;
use thiserror::Error;

use crate::settings::RootKeySettings;

mod credential;
mod filesystem;
mod token;
pub mod wrapped;

pub use token::{ParseTokenUriError, TokenError, TokenUri};
pub use wrapped::WrappedError;

/// A place that a root key is taken from; written `kms:PATH`, `pkcs11:…`, `file:PATH`,
/// `credential:NAME`, `env:NAME`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RootKeySource {
    /// A file that holds the key encrypted by a KMS, which is asked to decrypt it.
    Wrapped(PathBuf),
    /// A key in hardware, which the root key is derived from.
    Token(TokenUri),
    /// A file of 64 hex digits, of the server's user or root, for nobody else.
    File(PathBuf),
    /// A credential that systemd hands over (`LoadCredential=`, `LoadCredentialEncrypted=`).
    Credential(String),
    /// A variable of the environment, the last resort: others can read it.
    Variable(String),
}

/// Why text is no source.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
pub enum ParseSourceError {
    /// Not one of ours.
    #[error(
        "write kms:PATH, pkcs11:…, credential:NAME (systemd's LoadCredential=), file:PATH or \
         env:NAME"
    )]
    Unknown,
    /// A relative path.
    #[error("write the path of the key's file from the root on")]
    Relative,
    /// No URI of a key in hardware.
    #[error(transparent)]
    Token(#[from] ParseTokenUriError),
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
    /// The hardware's.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The KMS's.
    #[error(transparent)]
    Wrapped(#[from] WrappedError),
}

// === impl RootKeySource ===

impl RootKeySource {
    /// The key. A KMS is asked as the default credential chain finds in this environment.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn load(&self, env: &Env) -> Result<RootKey, SourceError> {
        match self {
            Self::Wrapped(path) => Ok(wrapped::load(path, env).await?),
            Self::Token(uri) => Ok(token::load(uri).await?),
            Self::File(path) => Ok(RootKey::load(path)?),
            Self::Credential(name) => credential::load(name, env),
            Self::Variable(name) => env
                .get(name)
                .and_then(RootKey::from_hex)
                .ok_or_else(|| SourceError::Variable(name.clone())),
        }
    }

    /// The key, made if its place is a file that is not there, or hardware that has no such
    /// key. `kms-server root-key wrap` makes one that a KMS encrypts.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn load_or_create(&self, env: &Env) -> Result<RootKey, SourceError> {
        match self {
            Self::File(path) => Ok(RootKey::load_or_create(path)?),
            Self::Token(uri) => Ok(token::load_or_create(uri).await?),
            _ => self.load(env).await,
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
        let absolute = || match Path::new(rest) {
            path if path.is_absolute() => Ok(path.to_owned()),
            _ => Err(ParseSourceError::Relative),
        };
        let is_name = !rest.is_empty()
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
            && !rest.starts_with('.');
        match kind {
            "kms" => Ok(Self::Wrapped(absolute()?)),
            "pkcs11" => Ok(Self::Token(text.parse()?)),
            "file" => Ok(Self::File(absolute()?)),
            "credential" if is_name => Ok(Self::Credential(rest.to_owned())),
            "env" if is_name => Ok(Self::Variable(rest.to_owned())),
            _ => Err(ParseSourceError::Unknown),
        }
    }
}

impl fmt::Display for RootKeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrapped(path) => write!(f, "kms:{}", path.display()),
            Self::Token(uri) => uri.fmt(f),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Credential(name) => write!(f, "credential:{name}"),
            Self::Variable(name) => write!(f, "env:{name}"),
        }
    }
}

// === impl SourceError ===

impl SourceError {
    /// How a program should end after this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::SameFilesystem(_) => Exit::Usage,
            Self::Wrapped(WrappedError::Call(_)) => Exit::Unavailable,
            _ => Exit::Refused,
        }
    }
}

// === impl RootKeySettings ===

impl RootKeySettings {
    /// The current key, and the previous one if there is one.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn load(&self, env: &Env) -> Result<(RootKey, Option<RootKey>), SourceError> {
        let current = self.current.load(env).await?;
        Ok((current, self.load_previous(env).await?))
    }

    /// The previous key, if there is one.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn load_previous(&self, env: &Env) -> Result<Option<RootKey>, SourceError> {
        match &self.previous {
            Some(previous) => previous.load(env).await.map(Some),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
