use std::{fmt, sync::Arc};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use kms_types::{AccessKeyId, Secret};
use thiserror::Error;

/// The private key of a ClientKey with its id, `KAAP.…`. Clones share the key.
#[derive(Clone)]
pub struct RsaSigningKey {
    key_id: AccessKeyId,
    pair: Arc<KeyPair>,
}

/// Bytes that are no RSA private key of 2,048 to 8,192 bits.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("not an RSA private key of 2048 to 8192 bits in PKCS#8 or PKCS#1 form")]
pub struct RsaKeyError;

/// The library cannot sign: it has no random bytes.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("cannot sign with the RSA key")]
pub struct RsaSignError;

// === impl RsaSigningKey ===

impl RsaSigningKey {
    /// Takes the key from its DER, PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// If it is neither, or of another size.
    pub fn from_der(key_id: AccessKeyId, der: &Secret<Vec<u8>>) -> Result<Self, RsaKeyError> {
        // EXPOSE: into aws-lc, which keeps the key.
        let der = der.expose();
        let pair = KeyPair::from_pkcs8(der)
            .or_else(|_not_pkcs8| KeyPair::from_der(der))
            .map_err(|_nor_pkcs1| RsaKeyError)?;
        Ok(Self {
            key_id,
            pair: Arc::new(pair),
        })
    }

    /// The ClientKey's id.
    pub fn key_id(&self) -> &AccessKeyId {
        &self.key_id
    }

    /// Signs with RSASSA-PKCS1-v1_5 and SHA-256; the same text, the same signature.
    pub(crate) fn sign(&self, text: &[u8]) -> Result<String, RsaSignError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                text,
                &mut signature,
            )
            .map_err(|_unspecified| RsaSignError)?;
        Ok(BASE64_STANDARD.encode(signature))
    }
}

impl fmt::Debug for RsaSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaSigningKey")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

/// Whether the key, DER of an X.509 SubjectPublicKeyInfo or PKCS#1 RSAPublicKey, made it.
pub(crate) fn is_signed_by(public_key: &[u8], text: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public_key)
        .verify(text, signature)
        .is_ok()
}
