//! AES-256-GCM with a random nonce in front: nonce (12 bytes), ciphertext, tag (16).

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, MAX_TAG_LEN, NONCE_LEN, Nonce, UnboundKey},
    rand,
};
use zeroize::{Zeroize, Zeroizing};

/// Bytes that a sealed text is longer than its plain text.
pub(crate) const OVERHEAD: usize = NONCE_LEN + MAX_TAG_LEN;

/// A key that can be used and not be looked at.
pub(crate) struct AeadKey(LessSafeKey);

/// The ciphertext does not belong to this key and these bound facts, or was changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rejected;

impl AeadKey {
    /// From key bytes.
    pub(crate) fn new(bytes: &[u8; 32]) -> Result<Self, Rejected> {
        UnboundKey::new(&AES_256_GCM, bytes)
            .map(|key| Self(LessSafeKey::new(key)))
            .map_err(|_unspecified| Rejected)
    }

    /// Seals under a nonce of 96 random bits. Safe for 2^32 texts of one key; a data key
    /// seals one, and a store that wraps 2^32 data keys under one term does not exist. Session
    /// tokens count too: 100 of them a second get there in 16 months, and a new term begins
    /// anew.
    pub(crate) fn seal(&self, bound: &[u8], plain: &[u8]) -> Result<Vec<u8>, Rejected> {
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_unspecified| Rejected)?;
        let mut text = Vec::with_capacity(plain.len() + MAX_TAG_LEN);
        text.extend_from_slice(plain);
        let sealed = self.0.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(bound),
            &mut text,
        );
        if sealed.is_err() {
            text.zeroize();
            return Err(Rejected);
        }
        let mut out = Vec::with_capacity(NONCE_LEN + text.len());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&text);
        Ok(out)
    }

    /// Opens what [`AeadKey::seal`] made.
    pub(crate) fn open(&self, bound: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Rejected> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Rejected)?;
        let mut text = Zeroizing::new(rest.to_vec());
        let plain_len = self
            .0
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(bound),
                &mut text,
            )
            .map_err(|_unspecified| Rejected)?
            .len();
        text.truncate(plain_len);
        Ok(text)
    }
}
