use std::fmt;

use aws_lc_rs::rand;
use kms_types::{EncryptionContext, KeySpec, KeyVersionId, Secret};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    KeyError,
    gcm::{Gcm, NONCE, TAG},
};
use crate::bound::Bound;

/// How many bytes Encrypt takes at most: 6 KiB.
pub const MOST_PLAINTEXT: usize = 6144;

/// What Encrypt answers with, parsed: the id of the key's version in 36 characters, then
/// format (1 byte), nonce (12), ciphertext, tag (16). Clients take all of it for opaque;
/// the id in front is the cloud's, and is how Decrypt finds the key (reference kms-api §3).
#[derive(Clone, Eq, PartialEq)]
pub struct CiphertextBlob {
    version: KeyVersionId,
    nonce: [u8; NONCE],
    /// With its tag.
    text: Vec<u8>,
}

/// What a ciphertext is bound to beside its key.
#[derive(Clone, Copy, Debug)]
pub enum Binding<'a> {
    /// Names and values. None is the same as nothing.
    Context(&'a EncryptionContext),
    /// Bytes (`Aad` of the instance's API). None is the same as nothing.
    Bytes(&'a [u8]),
    /// Nothing.
    Nothing,
}

/// Bytes that no ciphertext of ours begins or ends with.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum BlobError {
    /// Does not begin with the id of a key's version.
    #[error("the ciphertext does not begin with a key version id")]
    Version,
    /// Written by a later version of this program, or no ciphertext at all.
    #[error("the ciphertext is of an unknown format")]
    Format,
    /// Too short to hold nonce and tag, or longer than any that is made.
    #[error("the ciphertext is too short or too long")]
    Length,
}

/// What stands behind the version's id.
const FORMAT: u8 = 1;
const HEAD: usize = KeyVersionId::LENGTH + 1 + NONCE;

// === impl CiphertextBlob ===

impl CiphertextBlob {
    /// Reads what a client brought back.
    ///
    /// # Errors
    /// [`BlobError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, BlobError> {
        let (version, rest) = bytes
            .split_first_chunk::<{ KeyVersionId::LENGTH }>()
            .ok_or(BlobError::Version)?;
        let version = std::str::from_utf8(version)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or(BlobError::Version)?;
        let rest = rest.strip_prefix(&[FORMAT]).ok_or(BlobError::Format)?;
        let (nonce, text) = rest.split_first_chunk().ok_or(BlobError::Length)?;
        if !(TAG..=TAG + MOST_PLAINTEXT).contains(&text.len()) {
            return Err(BlobError::Length);
        }
        Ok(Self {
            version,
            nonce: *nonce,
            text: text.to_vec(),
        })
    }

    /// Under which version of which key it was made: whether that is so shows when it is
    /// opened.
    pub fn version(&self) -> &KeyVersionId {
        &self.version
    }

    /// The nonce, which the instance's API answers with (`Iv`). Not secret.
    pub fn nonce(&self) -> &[u8] {
        &self.nonce
    }

    /// As it travels.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + self.text.len());
        bytes.extend_from_slice(self.version.as_str().as_bytes());
        bytes.push(FORMAT);
        bytes.extend_from_slice(&self.nonce);
        bytes.extend_from_slice(&self.text);
        bytes
    }

    /// Under a nonce of 96 random bits: safe for 2^32 texts under one version of a key, and
    /// rotation begins anew.
    pub(super) fn seal(
        key: &Gcm,
        spec: KeySpec,
        version: &KeyVersionId,
        binding: Binding<'_>,
        plain: &[u8],
    ) -> Result<Self, KeyError> {
        if !(1..=MOST_PLAINTEXT).contains(&plain.len()) {
            return Err(KeyError::Length {
                most: MOST_PLAINTEXT,
            });
        }
        let mut nonce = [0; NONCE];
        rand::fill(&mut nonce).map_err(|_unspecified| KeyError::Cipher)?;
        // Its full size at once: growing would leave a copy of the plain text behind.
        let mut text = Zeroizing::new(Vec::with_capacity(plain.len() + TAG));
        text.extend_from_slice(plain);
        let tag = key.seal(nonce, bound(spec, version, binding).as_bytes(), &mut text)?;
        text.extend_from_slice(&tag);
        Ok(Self {
            version: version.clone(),
            nonce,
            text: std::mem::take(&mut *text),
        })
    }

    pub(super) fn open(
        &self,
        key: &Gcm,
        spec: KeySpec,
        binding: Binding<'_>,
    ) -> Result<Secret<Vec<u8>>, KeyError> {
        let mut text = Zeroizing::new(self.text.clone());
        let bound = bound(spec, &self.version, binding);
        key.open(self.nonce, bound.as_bytes(), &mut text)?;
        Ok(Secret::new(std::mem::take(&mut *text)))
    }
}

/// Whose it is, nothing of what is inside.
impl fmt::Debug for CiphertextBlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CiphertextBlob({})", self.version)
    }
}

/// Each fact with its length in front, names in the order of their bytes: two contexts
/// never look alike.
fn bound(spec: KeySpec, version: &KeyVersionId, binding: Binding<'_>) -> Bound {
    let bound = Bound::to("kms/ciphertext/1")
        .and(version.as_str().as_bytes())
        .and(spec.as_str().as_bytes());
    match binding {
        Binding::Context(context) if !context.is_empty() => context
            .pairs()
            .fold(bound.and(b"context"), |bound, (name, value)| {
                bound.and(name.as_bytes()).and(value.as_bytes())
            }),
        Binding::Bytes(bytes) if !bytes.is_empty() => bound.and(b"bytes").and(bytes),
        Binding::Context(_) | Binding::Bytes(_) | Binding::Nothing => bound,
    }
}
