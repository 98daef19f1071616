use kms_types::KeySpec;
use thiserror::Error;

use crate::{OpenError, SealError};

/// Why a key did not do what was asked. Says nothing of keys and texts but lengths.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum KeyError {
    /// Keys of this kind do not do that, or not by that algorithm.
    #[error("a key of the kind {0} cannot do that")]
    Unsupported(KeySpec),
    /// More bytes than the algorithm or the service takes, or none at all.
    #[error("there must be 1 to {most} bytes")]
    Length {
        /// How many are taken.
        most: usize,
    },
    /// A digest of another length than the algorithm's.
    #[error("the digest must have {length} bytes")]
    Digest {
        /// The algorithm's length.
        length: usize,
    },
    /// The ciphertext was changed, or belongs to another key, context or algorithm. Which
    /// one is not said.
    #[error("the ciphertext is damaged, or of another key or context")]
    Rejected,
    /// What was imported is no key of this kind.
    #[error("the key material is none of the kind {0}")]
    Material(KeySpec),
    /// What was handed in is no public key of the kind that was said.
    #[error("the public key is not of the kind that was said")]
    PublicKey,
    /// The import token is over.
    #[error("the import token has expired")]
    Expired,
    /// The sealed key was written by a later version of this program.
    #[error("the sealed key is of an unknown format")]
    Format,
    /// The material was imported and taken away.
    #[error("the key's material was taken away")]
    TakenAway,
    /// The sealed key does not open.
    #[error("the sealed key does not open")]
    Open(#[source] OpenError),
    /// No random bits, or the cipher failed.
    #[error("the system's random generator or cipher failed")]
    Cipher,
}

impl From<OpenError> for KeyError {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl From<SealError> for KeyError {
    fn from(SealError: SealError) -> Self {
        Self::Cipher
    }
}
