use std::fmt;

use aws_lc_rs::rsa::{OaepPublicEncryptingKey, PublicEncryptingKey};
use kms_types::{EncryptionAlgorithm, Secret, WrappingKeySpec};
use sm2::{PublicKey, pkcs8::DecodePublicKey};

use super::{KeyError, rsa, sm2 as pke};

/// A caller's public key, under which a data key leaves (`PublicKeyBlob` of ExportDataKey).
pub struct ForeignKey(Inner);

enum Inner {
    Rsa(OaepPublicEncryptingKey),
    Sm2(PublicKey),
}

impl ForeignKey {
    /// Reads SubjectPublicKeyInfo in DER; for SM2 an uncompressed point will do.
    ///
    /// # Errors
    /// [`KeyError::PublicKey`] if it is something else, or RSA not of 2,048 bits.
    pub fn parse(spec: WrappingKeySpec, der: &[u8]) -> Result<Self, KeyError> {
        match spec {
            WrappingKeySpec::Rsa2048 => PublicEncryptingKey::from_der(der)
                .ok()
                .filter(|key| key.key_size_bits() == 2048)
                .and_then(|key| OaepPublicEncryptingKey::new(key).ok())
                .map(Inner::Rsa),
            WrappingKeySpec::EcSm2 if der.first() == Some(&4) => {
                PublicKey::from_sec1_bytes(der).ok().map(Inner::Sm2)
            }
            WrappingKeySpec::EcSm2 => PublicKey::from_public_key_der(der).ok().map(Inner::Sm2),
        }
        .map(Self)
        .ok_or(KeyError::PublicKey)
    }

    /// The secret for the holder of the private half alone.
    ///
    /// # Errors
    /// [`KeyError::PublicKey`] if keys of this kind know no such algorithm,
    /// [`KeyError::Length`], [`KeyError::Cipher`].
    pub fn encrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        secret: &Secret<Vec<u8>>,
    ) -> Result<Vec<u8>, KeyError> {
        // EXPOSE: encrypted under the caller's public key, which is what was asked for.
        let plain = secret.expose();
        match (&self.0, rsa::oaep(algorithm)) {
            (Inner::Rsa(key), Some(algorithm)) => rsa::encrypt(key, algorithm, plain),
            (Inner::Sm2(key), None) => pke::encrypt(*key, plain),
            _ => Err(KeyError::PublicKey),
        }
    }
}

impl fmt::Debug for ForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Inner::Rsa(_) => "ForeignKey(RSA_2048)",
            Inner::Sm2(_) => "ForeignKey(EC_SM2)",
        })
    }
}
