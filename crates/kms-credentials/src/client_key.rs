//! ClientKeys: the identity of an application access point (reference kms-api §5.0).

use std::{
    fmt,
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use kms_types::{AccessKeyId, Secret};
use kms_wire::sign::RsaSigningKey;
use p12_keystore::Pkcs12Archive;
use serde::Deserialize;
use thiserror::Error;

use crate::{files::read_file, source::Hidden};

mod renewed;

pub use renewed::{ClientKeyFile, ProvideClientKey};

/// An RSA key that an application access point was given, and until when it is good.
#[derive(Clone)]
pub struct ClientKey {
    key: RsaSigningKey,
    expires: Timestamp,
}

/// Where the password of a ClientKey's file is.
#[derive(Clone, Debug)]
pub enum ClientKeyPassword {
    /// In a file: the password alone, white space around it left out, or JSON
    /// `{"ClientKeyPassword":"…"}`.
    File(PathBuf),
    /// At hand.
    Value(Secret<String>),
}

/// Why a ClientKey cannot be used. Names the file, never what is in it.
#[derive(Clone, Debug, Error)]
#[error("{}: {reason}", path.display())]
pub struct ClientKeyError {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

/// What is wrong with the content of a ClientKey's file.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum ClientKeyContentError {
    /// Not the JSON that KMS gives out.
    #[error("is no JSON with the texts KeyId and PrivateKeyData")]
    Json,
    /// The id.
    #[error("KeyId is no id of a client key")]
    KeyId,
    /// The key is not base64.
    #[error("PrivateKeyData is no base64")]
    Base64,
    /// The key's container.
    #[error("PrivateKeyData is no PKCS#12 that can be read")]
    Container,
    /// The container's integrity check.
    #[error("the password does not open PrivateKeyData")]
    Password,
    /// What is in the container.
    #[error("PrivateKeyData holds no RSA key of 2048 bits or more with its certificate")]
    Key,
}

/// `{"KeyId","PrivateKeyData"}` as the console and Terraform write it, or the answer of
/// CreateClientKey, which says ClientKeyId.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyFile {
    #[serde(alias = "ClientKeyId")]
    key_id: String,
    private_key_data: Hidden,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PasswordFile {
    client_key_password: Hidden,
}

/// A file with a key of 2,048 bits has 4 KiB.
const LARGEST: usize = 256 << 10;

// === impl ClientKey ===

impl ClientKey {
    /// Reads a key's file and opens it with the password.
    ///
    /// # Errors
    /// [`ClientKeyError`]. That it has expired is none: [`ClientKey::expires`] tells.
    pub fn read(path: &Path, password: &ClientKeyPassword) -> Result<Self, ClientKeyError> {
        let content = read(path)?;
        let password = password.read()?;
        Self::parse(&content, &password).map_err(|why| ClientKeyError {
            path: path.to_owned(),
            reason: why.to_string(),
        })
    }

    /// Opens the content of a key's file with the password.
    ///
    /// # Errors
    /// [`ClientKeyContentError`].
    pub fn parse(
        content: &Secret<Vec<u8>>,
        password: &Secret<String>,
    ) -> Result<Self, ClientKeyContentError> {
        // EXPOSE: into its fields, of which the key is a secret again.
        let file: KeyFile = serde_json::from_slice(without_mark(content.expose()))
            .map_err(|_quotes_values| ClientKeyContentError::Json)?;
        let key_id: AccessKeyId = file
            .key_id
            .parse()
            .map_err(|_invalid| ClientKeyContentError::KeyId)?;
        // EXPOSE: from base64 to bytes, which stay a secret.
        let container = BASE64_STANDARD
            .decode(file.private_key_data.0.expose().trim())
            .map(Secret::new)
            .map_err(|_quotes_values| ClientKeyContentError::Base64)?;
        // EXPOSE: to be opened with each other.
        let opened = Pkcs12Archive::from_pkcs12(container.expose(), password.expose())
            .map_err(|error| ClientKeyContentError::from_container(&error))?;
        let ([key], [certificate]) = (&opened.keys[..], &opened.certs[..]) else {
            return Err(ClientKeyContentError::Key);
        };
        let der = Secret::new(key.key.as_der().to_vec());
        Ok(Self {
            key: RsaSigningKey::from_der(key_id, &der)
                .map_err(|_not_rsa| ClientKeyContentError::Key)?,
            expires: not_after(certificate.cert.as_der()).ok_or(ClientKeyContentError::Key)?,
        })
    }

    /// To sign with.
    pub fn key(&self) -> &RsaSigningKey {
        &self.key
    }

    /// Its end: that of its certificate, 5 years after its beginning unless asked for
    /// otherwise.
    pub fn expires(&self) -> Timestamp {
        self.expires
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientKey")
            .field("key_id", self.key.key_id())
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

// === impl ClientKeyPassword ===

impl ClientKeyPassword {
    /// The password, out of its file if it lies in one.
    ///
    /// # Errors
    /// [`ClientKeyError`], which names the file.
    pub fn read(&self) -> Result<Secret<String>, ClientKeyError> {
        let path = match self {
            Self::Value(password) => return Ok(password.clone()),
            Self::File(path) => path,
        };
        let content = read(path)?;
        let wrong = |reason: &str| ClientKeyError {
            path: path.clone(),
            reason: reason.to_owned(),
        };
        // EXPOSE: the password is taken out, and is a secret again.
        let text = std::str::from_utf8(without_mark(content.expose()))
            .map_err(|_invalid| wrong("is no UTF-8 text"))?
            .trim();
        if text.is_empty() {
            return Err(wrong("holds no password"));
        }
        if !text.starts_with('{') {
            return Ok(Secret::from(text));
        }
        // A password may begin with a brace, too; KMS's own alphabet has none.
        serde_json::from_str(text)
            .map(|file: PasswordFile| file.client_key_password.0)
            .map_err(|_quotes_values| wrong("is no JSON with the text ClientKeyPassword"))
    }
}

// === impl ClientKeyContentError ===

impl ClientKeyContentError {
    fn from_container(error: &p12_keystore::error::Error) -> Self {
        use p12_keystore::error::Error;
        match error {
            Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => Self::Password,
            Error::X509Error(_) | Error::InvalidPrivateKey => Self::Key,
            _ => Self::Container,
        }
    }
}

fn read(path: &Path) -> Result<Secret<Vec<u8>>, ClientKeyError> {
    read_file(path, LARGEST).map_err(|error| ClientKeyError {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

fn without_mark(content: &[u8]) -> &[u8] {
    content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content)
}

fn not_after(certificate: &[u8]) -> Option<Timestamp> {
    let (_rest, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
    Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()
}

#[cfg(test)]
mod tests;
