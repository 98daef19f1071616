use ::hmac::{Hmac, KeyInit, Mac};
use aws_lc_rs::hmac;
use kms_types::MacAlgorithm;
use sm3::Sm3;

use super::KeyError;

/// A key of message authentication codes.
pub(super) enum MacKey {
    Sha(Box<hmac::Key>),
    Sm3(Box<Hmac<Sm3>>),
}

impl MacKey {
    /// Bytes of a key that we make: as many as the digest has.
    pub(super) fn length(algorithm: MacAlgorithm) -> usize {
        match algorithm {
            MacAlgorithm::HmacSha224 => 28,
            MacAlgorithm::HmacSha256 | MacAlgorithm::HmacSm3 => 32,
            MacAlgorithm::HmacSha384 => 48,
            MacAlgorithm::HmacSha512 => 64,
        }
    }

    pub(super) fn new(algorithm: MacAlgorithm, bytes: &[u8]) -> Result<Self, KeyError> {
        let algorithm = match algorithm {
            MacAlgorithm::HmacSha224 => hmac::HMAC_SHA224,
            MacAlgorithm::HmacSha256 => hmac::HMAC_SHA256,
            MacAlgorithm::HmacSha384 => hmac::HMAC_SHA384,
            MacAlgorithm::HmacSha512 => hmac::HMAC_SHA512,
            MacAlgorithm::HmacSm3 => {
                return Hmac::new_from_slice(bytes)
                    .map(|key| Self::Sm3(Box::new(key)))
                    .map_err(|_length| KeyError::Cipher);
            }
        };
        Ok(Self::Sha(Box::new(hmac::Key::new(algorithm, bytes))))
    }

    pub(super) fn make(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha(key) => hmac::sign(key, message).as_ref().to_vec(),
            Self::Sm3(key) => Hmac::clone(key)
                .chain_update(message)
                .finalize()
                .into_bytes()
                .to_vec(),
        }
    }

    /// In full length, in constant time.
    pub(super) fn verify(&self, message: &[u8], mac: &[u8]) -> bool {
        match self {
            Self::Sha(key) => hmac::verify(key, message, mac).is_ok(),
            Self::Sm3(key) => Hmac::clone(key)
                .chain_update(message)
                .verify_slice(mac)
                .is_ok(),
        }
    }
}

#[cfg(test)]
mod tests;
