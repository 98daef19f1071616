//! A root key that a KMS keeps: the cloud's, or another server's. The file holds it
//! encrypted, with who decrypts it; the KMS is asked once at each start.
//!
//! While that KMS cannot be reached, no server starts. Hence the recovery copy, which is
//! kept where a fire reaches neither.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use kms_client::{
    CallError, Connection, Endpoint, Env, RegionId, Secret, TransportError,
    request::{Decrypt, GenerateDataKey},
};
use kms_crypto::RootKey;
use kms_types::{EncryptionContext, KeyRef};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

/// Who keeps a root key.
#[derive(Clone, Debug)]
pub struct Keeper {
    /// Its region, for signatures.
    pub region: RegionId,
    /// Where it answers; the region's shared gateway if nothing is said.
    pub endpoint: Option<Endpoint>,
    /// Whose certificates are believed besides the public ones.
    pub ca_file: Option<PathBuf>,
}

/// What the file holds. Nothing in it is secret.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Wrapped {
    version: u32,
    region: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ca_file: Option<PathBuf>,
    key_id: String,
    ciphertext_blob: String,
    /// The root key's.
    id: String,
}

/// Why a KMS gives no root key.
#[derive(Debug, Error)]
pub enum WrappedError {
    /// The file.
    #[error("the file {} of an encrypted root key", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Its content.
    #[error("{} holds no root key that kms-server root-key wrap encrypted: {why}", path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The way to the KMS.
    #[error("no way to the KMS that decrypts the root key")]
    Transport(#[from] TransportError),
    /// The call.
    #[error(
        "the KMS that decrypts the root key did not; while it cannot be reached, the recovery \
         copy opens the store as file:PATH"
    )]
    Call(#[from] CallError),
    /// Another key than the one that was wrapped.
    #[error("the KMS decrypted something else than the root key {0}")]
    OtherKey(String),
    /// The answer holds no key.
    #[error("the KMS answered with something else than 32 bytes in base64")]
    Answer,
}

const VERSION: u32 = 1;

/// What the ciphertext is bound to, so that no other ciphertext of the KMS passes for one.
const CONTEXT: [(&str, &str); 1] = [("kms-server", "root-key")];

/// A file is smaller.
const LARGEST: u64 = 64 << 10;

/// Lets the KMS make a root key and writes it to a new file, encrypted. The key itself is
/// given for the recovery copy and for nothing else.
///
/// # Errors
/// [`WrappedError`]; then there is no file.
pub async fn make(
    keeper: &Keeper,
    key: KeyRef,
    path: &Path,
    env: &Env,
) -> Result<RootKey, WrappedError> {
    if path.exists() {
        return Err(WrappedError::File {
            path: path.to_owned(),
            source: io::ErrorKind::AlreadyExists.into(),
        });
    }
    let mut call = GenerateDataKey::new(key);
    call.context = context();
    let made = connection(keeper, env).open()?.call(&call).await?;
    let root = root_key(&made.plaintext)?;
    let wrapped = Wrapped {
        version: VERSION,
        region: keeper.region.to_string(),
        endpoint: keeper.endpoint.as_ref().map(ToString::to_string),
        ca_file: keeper.ca_file.clone(),
        key_id: made.key_id,
        ciphertext_blob: made.ciphertext_blob,
        id: hex::encode(root.id()),
    };
    let mut text =
        serde_json::to_string_pretty(&wrapped).map_err(|reason| malformed(path, &reason))?;
    text.push('\n');
    crate::files::write_private(path, text.as_bytes()).map_err(|source| WrappedError::File {
        path: path.to_owned(),
        source,
    })?;
    Ok(root)
}

/// The key, decrypted by its KMS.
pub(super) async fn load(path: &Path, env: &Env) -> Result<RootKey, WrappedError> {
    let wrapped = read(path)?;
    let keeper = Keeper {
        region: wrapped
            .region
            .parse()
            .map_err(|reason| malformed(path, &reason))?,
        endpoint: wrapped
            .endpoint
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|reason| malformed(path, &reason))?,
        ca_file: wrapped.ca_file,
    };
    let blob = STANDARD
        .decode(&wrapped.ciphertext_blob)
        .map_err(|reason| malformed(path, &reason))?;
    let mut call = Decrypt::new(blob);
    call.context = context();
    let answer = connection(&keeper, env).open()?.call(&call).await?;
    let root = root_key(&answer.plaintext)?;
    if hex::encode(root.id()) != wrapped.id {
        return Err(WrappedError::OtherKey(wrapped.id));
    }
    Ok(root)
}

fn read(path: &Path) -> Result<Wrapped, WrappedError> {
    let failed = |source| WrappedError::File {
        path: path.to_owned(),
        source,
    };
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > LARGEST {
        return Err(malformed(path, &"it is too long"));
    }
    let text = fs::read(path).map_err(failed)?;
    let wrapped: Wrapped =
        serde_json::from_slice(&text).map_err(|reason| malformed(path, &reason))?;
    if wrapped.version != VERSION {
        return Err(malformed(path, &"it is of a later version"));
    }
    Ok(wrapped)
}

fn connection(keeper: &Keeper, env: &Env) -> Connection {
    let mut connection = Connection::new(env.clone(), keeper.region.clone());
    if let Some(endpoint) = &keeper.endpoint {
        connection = connection.endpoint(endpoint.clone());
    }
    if let Some(file) = &keeper.ca_file {
        connection = connection.ca_file(file);
    }
    connection
}

fn context() -> EncryptionContext {
    CONTEXT
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into_iter()
        .collect()
}

fn root_key(plaintext: &Secret<String>) -> Result<RootKey, WrappedError> {
    // EXPOSE: into the key.
    let bytes = STANDARD
        .decode(plaintext.expose())
        .map_err(|_reason| WrappedError::Answer)?;
    RootKey::from_bytes(&Zeroizing::new(bytes)).ok_or(WrappedError::Answer)
}

fn malformed(path: &Path, why: &dyn std::fmt::Display) -> WrappedError {
    WrappedError::Malformed {
        path: path.to_owned(),
        why: why.to_string(),
    }
}

#[cfg(test)]
mod tests;
