//! The key that seeds are encrypted under: a port, and KMS behind it.

use std::fmt;

use async_trait::async_trait;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use kms_client::{
    CallError, Client,
    request::{Decrypt, Encrypt},
};
use kms_types::{EncryptionContext, KeyRef, Secret};

use super::api::LARGEST_KEY_ID;

/// Encrypts and decrypts under one key, and what was encrypted under earlier ones.
#[async_trait]
pub(super) trait Keys: Send + Sync {
    /// Encrypts under the key as it is now.
    async fn encrypt(&self, plaintext: &Secret<Vec<u8>>) -> Result<Encrypted, CallError>;

    /// Decrypts; the ciphertext knows its key.
    async fn decrypt(&self, ciphertext: &[u8]) -> Result<Decrypted, CallError>;
}

/// A ciphertext.
#[derive(Clone, Debug)]
pub(super) struct Encrypted {
    pub(super) ciphertext: Vec<u8>,
    pub(super) by: KeyVersion,
}

/// What was in a ciphertext.
#[derive(Clone, Debug)]
pub(super) struct Decrypted {
    pub(super) plaintext: Secret<Vec<u8>>,
    pub(super) by: KeyVersion,
}

/// A version of a key, as `key_id` of KMS v2 names it: `KEY/VERSION`. It changes when the key is rotated
/// in KMS, when an alias is given another key, and when another key is configured.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyVersion(String);

/// Over KMS.
pub(super) struct Kms {
    client: Client,
    key: KeyRef,
    context: EncryptionContext,
}

// === impl KeyVersion ===

impl KeyVersion {
    /// Of what KMS says of a ciphertext; nothing if it says nothing that kube-apiserver takes.
    fn told(key_id: &str, version_id: &str) -> Option<Self> {
        let text = format!("{key_id}/{version_id}");
        let is_good = !key_id.is_empty()
            && !version_id.is_empty()
            && text.len() < LARGEST_KEY_ID
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_good.then_some(Self(text))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// === impl Kms ===

impl Kms {
    /// Under this key; ciphertexts are bound to the context.
    pub(super) fn new(client: Client, key: KeyRef, context: EncryptionContext) -> Self {
        Self {
            client,
            key,
            context,
        }
    }
}

#[async_trait]
impl Keys for Kms {
    async fn encrypt(&self, plaintext: &Secret<Vec<u8>>) -> Result<Encrypted, CallError> {
        let mut call = Encrypt::new(self.key.clone(), plaintext.clone());
        call.context = self.context.clone();
        let told = self.client.call(&call).await?;
        Ok(Encrypted {
            ciphertext: BASE64_STANDARD
                .decode(&told.ciphertext_blob)
                .map_err(|_quotes| unreadable("CiphertextBlob is no base64"))?,
            by: KeyVersion::told(&told.key_id, &told.key_version_id).ok_or_else(no_version)?,
        })
    }

    async fn decrypt(&self, ciphertext: &[u8]) -> Result<Decrypted, CallError> {
        let mut call = Decrypt::new(ciphertext.to_vec());
        call.context = self.context.clone();
        let told = self.client.call(&call).await?;
        // EXPOSE: out of base64, into a secret again.
        let plaintext = BASE64_STANDARD.decode(told.plaintext.expose());
        Ok(Decrypted {
            plaintext: plaintext
                .map(Secret::new)
                .map_err(|_quotes| unreadable("Plaintext is no base64"))?,
            by: KeyVersion::told(&told.key_id, &told.key_version_id).ok_or_else(no_version)?,
        })
    }
}

fn no_version() -> CallError {
    unreadable("it names no version of a key")
}

fn unreadable(reason: &str) -> CallError {
    CallError::Unreadable {
        host: "KMS".to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
pub(super) mod fake;
#[cfg(test)]
mod tests;
