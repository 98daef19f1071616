use jiff::Timestamp;
use kms_types::{
    AccountId, EncryptionAlgorithm, KeyId, KeySpec, WrappingAlgorithm, WrappingKeySpec,
};
use zeroize::Zeroizing;

use super::{KeyError, KeyMaterial};
use crate::{Keyring, Place};

/// What GetParametersForImport answers with.
#[derive(Clone, Debug)]
pub struct ImportOffer {
    /// The public half of a fresh wrapping key, SubjectPublicKeyInfo in DER.
    pub public_key: Vec<u8>,
    /// To be brought along by whoever imports. Holds the private half, sealed for this
    /// key of this account: nothing of an offer is stored.
    pub token: Vec<u8>,
}

/// A token that was brought along.
#[derive(Clone, Debug)]
pub struct ImportToken {
    algorithm: WrappingAlgorithm,
    wrapping: KeyMaterial,
}

/// First byte of a token's text.
const FORMAT: u8 = 1;

// === impl ImportOffer ===

impl ImportOffer {
    /// Makes a wrapping key that material for `key` can be encrypted under until `expires`,
    /// as often as one likes. RSA takes a tenth of a second.
    ///
    /// # Errors
    /// [`KeyError::PublicKey`] if keys of that kind know no such algorithm,
    /// [`KeyError::Cipher`].
    pub fn new(
        keyring: &Keyring,
        account: &AccountId,
        key: &KeyId,
        spec: WrappingKeySpec,
        algorithm: WrappingAlgorithm,
        expires: Timestamp,
    ) -> Result<Self, KeyError> {
        if !spec.algorithms().contains(&algorithm) {
            return Err(KeyError::PublicKey);
        }
        let wrapping = KeyMaterial::generate(match spec {
            WrappingKeySpec::Rsa2048 => KeySpec::Rsa2048,
            WrappingKeySpec::EcSm2 => KeySpec::EcSm2,
        })?;
        let name = algorithm.as_str();
        let mut text = Zeroizing::new(Vec::with_capacity(
            1 + 8 + 1 + name.len() + wrapping.written_len(),
        ));
        text.push(FORMAT);
        text.extend_from_slice(&expires.as_second().to_be_bytes());
        // The longest has 18 characters.
        text.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
        text.extend_from_slice(name.as_bytes());
        wrapping.write(&mut text);
        Ok(Self {
            public_key: wrapping.handle()?.public_key_der()?,
            token: keyring.seal(&Place::ImportToken { account, key }, &text)?,
        })
    }
}

// === impl ImportToken ===

impl ImportToken {
    /// Opens a token that an offer for this key of this account came with.
    ///
    /// # Errors
    /// [`KeyError::Open`], [`KeyError::Format`], [`KeyError::Expired`].
    pub fn open(
        keyring: &Keyring,
        account: &AccountId,
        key: &KeyId,
        token: &[u8],
        now: Timestamp,
    ) -> Result<Self, KeyError> {
        let text = keyring.open(&Place::ImportToken { account, key }, token)?;
        // EXPOSE: into the wrapping key.
        let rest = text
            .expose()
            .strip_prefix(&[FORMAT])
            .ok_or(KeyError::Format)?;
        let (expires, rest) = rest.split_first_chunk().ok_or(KeyError::Format)?;
        let (length, rest) = rest.split_first().ok_or(KeyError::Format)?;
        let (name, rest) = rest
            .split_at_checked(usize::from(*length))
            .ok_or(KeyError::Format)?;
        let algorithm = std::str::from_utf8(name)
            .ok()
            .and_then(|name| name.parse().ok())
            .ok_or(KeyError::Format)?;
        let wrapping = KeyMaterial::read(rest)?;
        if now.as_second() >= i64::from_be_bytes(*expires) {
            return Err(KeyError::Expired);
        }
        Ok(Self {
            algorithm,
            wrapping,
        })
    }

    /// The material that was encrypted under the offer's public key.
    ///
    /// # Errors
    /// [`KeyError::Material`], whether it does not decrypt or is no key of that kind: who
    /// asks learns nothing about the padding.
    pub fn unwrap(&self, spec: KeySpec, encrypted: &[u8]) -> Result<KeyMaterial, KeyError> {
        let wrapping = self.wrapping.handle()?;
        match self.algorithm {
            WrappingAlgorithm::RsaesPkcs1V15 => wrapping.decrypt_pkcs1(encrypted),
            WrappingAlgorithm::RsaesOaepSha1 => {
                wrapping.private_decrypt(EncryptionAlgorithm::RsaesOaepSha1, encrypted)
            }
            WrappingAlgorithm::RsaesOaepSha256 => {
                wrapping.private_decrypt(EncryptionAlgorithm::RsaesOaepSha256, encrypted)
            }
            WrappingAlgorithm::Sm2Pke => {
                wrapping.private_decrypt(EncryptionAlgorithm::Sm2Pke, encrypted)
            }
        }
        .and_then(|bytes| KeyMaterial::import(spec, &bytes))
        .map_err(|_which| KeyError::Material(spec))
    }
}
