//! Galois/Counter Mode over AES and SM4 (NIST SP 800-38D, RFC 8998).

use aes_gcm::{
    AesGcm,
    aead::{AeadInOut, KeyInit, consts::U12},
};
use aws_lc_rs::aead::{AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use kms_types::KeySpec;
use sm4::Sm4;
use zeroize::Zeroizing;

use super::KeyError;

pub(super) const NONCE: usize = 12;
pub(super) const TAG: usize = 16;

/// A key that can be used and not be looked at.
pub(super) enum Gcm {
    Aes(LessSafeKey),
    Sm4(Box<AesGcm<Sm4, U12>>),
}

impl Gcm {
    /// Bytes of a key of that kind.
    pub(super) fn length(spec: KeySpec) -> Option<usize> {
        match spec {
            KeySpec::Aes256 => Some(32),
            KeySpec::Aes192 => Some(24),
            KeySpec::Aes128 | KeySpec::Sm4 => Some(16),
            _ => None,
        }
    }

    pub(super) fn new(spec: KeySpec, bytes: &[u8]) -> Result<Self, KeyError> {
        let algorithm = match spec {
            KeySpec::Aes256 => &AES_256_GCM,
            KeySpec::Aes192 => &AES_192_GCM,
            KeySpec::Aes128 => &AES_128_GCM,
            KeySpec::Sm4 => {
                return AesGcm::new_from_slice(bytes)
                    .map(|key| Self::Sm4(Box::new(key)))
                    .map_err(|_length| KeyError::Material(spec));
            }
            _ => return Err(KeyError::Unsupported(spec)),
        };
        UnboundKey::new(algorithm, bytes)
            .map(|key| Self::Aes(LessSafeKey::new(key)))
            .map_err(|_length| KeyError::Material(spec))
    }

    /// Encrypts in place. The nonce must be one of its own.
    pub(super) fn seal(
        &self,
        nonce: [u8; NONCE],
        bound: &[u8],
        text: &mut [u8],
    ) -> Result<[u8; TAG], KeyError> {
        match self {
            Self::Aes(key) => key
                .seal_in_place_separate_tag(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::from(bound),
                    text,
                )
                .ok()
                .and_then(|tag| tag.as_ref().try_into().ok())
                .ok_or(KeyError::Cipher),
            Self::Sm4(key) => key
                .encrypt_inout_detached(&nonce.into(), bound, text.into())
                .map(Into::into)
                .map_err(|_limit| KeyError::Cipher),
        }
    }

    /// Decrypts in place what has its tag at the end, and takes the tag away.
    pub(super) fn open(
        &self,
        nonce: [u8; NONCE],
        bound: &[u8],
        text: &mut Zeroizing<Vec<u8>>,
    ) -> Result<(), KeyError> {
        let length = text.len().checked_sub(TAG).ok_or(KeyError::Rejected)?;
        match self {
            Self::Aes(key) => key
                .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(bound), text)
                .map(|_plain| ())
                .map_err(|_unspecified| KeyError::Rejected)?,
            Self::Sm4(key) => {
                let (cipher, tag) = text
                    .split_last_chunk_mut::<TAG>()
                    .ok_or(KeyError::Rejected)?;
                let tag = *tag;
                key.decrypt_inout_detached(&nonce.into(), bound, cipher.into(), &tag.into())
                    .map_err(|_tag| KeyError::Rejected)?;
            }
        }
        text.truncate(length);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
