use std::{fmt, sync::Arc};

use aws_lc_rs::{
    digest, hkdf, hmac,
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use zeroize::Zeroizing;

use crate::{Keyring, bound::Bound, keyring::KeyringError};

/// What one installation's audit log is chained, correlated and signed with. Cheap to clone.
///
/// All three are derived (HKDF-SHA256) from one term of the keyring, so that nothing more
/// has to be kept, backed up or restored: whoever can open the store can verify its log.
#[derive(Clone)]
pub struct AuditKeys(Arc<Inner>);

struct Inner {
    term: u32,
    chain: hmac::Key,
    values: hmac::Key,
    signer: Ed25519KeyPair,
}

/// What verifies an installation's checkpoints. Not secret: for auditors.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct AuditPublicKey([u8; 32]);

/// A running SHA-256, which anybody can compute.
#[derive(Clone)]
pub struct AuditDigest(digest::Context);

// === impl AuditKeys ===

impl AuditKeys {
    /// The term that they were derived from.
    pub fn term(&self) -> u32 {
        self.0.term
    }

    /// What stands at the end of a line: HMAC-SHA256 over the one of the line before and the
    /// line itself.
    pub fn link(&self, previous: &[u8; 32], line: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0.chain);
        context.update(previous);
        context.update(line);
        array(context.sign().as_ref())
    }

    /// The same for the same value of this installation; tells nobody else anything about it.
    pub fn correlate(&self, value: &[u8]) -> [u8; 32] {
        array(hmac::sign(&self.0.values, value).as_ref())
    }

    /// Signs a checkpoint (Ed25519).
    pub fn sign(&self, checkpoint: &[u8]) -> [u8; 64] {
        array(self.0.signer.sign(checkpoint).as_ref())
    }

    /// What verifies those.
    pub fn public(&self) -> AuditPublicKey {
        AuditPublicKey(array(self.0.signer.public_key().as_ref()))
    }
}

/// The term alone.
impl fmt::Debug for AuditKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditKeys")
            .field("term", &self.0.term)
            .finish_non_exhaustive()
    }
}

// === impl Keyring ===

impl Keyring {
    /// The keys of the audit log, from the first term that there was: they stay what they are
    /// when a term is added or taken away, and are the same on every server of an
    /// installation.
    ///
    /// # Errors
    /// [`KeyringError::Cipher`].
    pub fn audit_keys(&self) -> Result<AuditKeys, KeyringError> {
        self.audit_term()
            .and_then(|number| self.audit_keys_of(number))
            .ok_or(KeyringError::Cipher)
    }

    /// The keys of a log that was begun under that term; nothing if the keyring does not
    /// hold it.
    pub fn audit_keys_of(&self, term: u32) -> Option<AuditKeys> {
        let prk = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, self.audit_prk(term)?.as_ref());
        let installation = self.installation();
        let derived = |purpose: &str| {
            let mut key = Zeroizing::new([0; 32]);
            let about = Bound::to(purpose).and(&installation);
            prk.expand(&[about.as_bytes()], hkdf::HKDF_SHA256)
                .and_then(|okm| okm.fill(key.as_mut()))
                .ok()
                .map(|()| key)
        };
        Some(AuditKeys(Arc::new(Inner {
            term,
            chain: hmac::Key::new(hmac::HMAC_SHA256, derived("chain")?.as_ref()),
            values: hmac::Key::new(hmac::HMAC_SHA256, derived("values")?.as_ref()),
            signer: Ed25519KeyPair::from_seed_unchecked(derived("checkpoints")?.as_ref()).ok()?,
        })))
    }
}

/// HKDF's first half (RFC 5869 §2.2: HMAC under the salt), which is all of a term that logs
/// need once it is gone.
pub(crate) fn extract(term: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let salt = hmac::Key::new(hmac::HMAC_SHA256, b"kms/audit/1");
    Zeroizing::new(array(hmac::sign(&salt, term).as_ref()))
}

// === impl AuditPublicKey ===

impl AuditPublicKey {
    /// From 64 hex digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// As [`AuditPublicKey::from_hex`] reads it.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Whether the installation signed this checkpoint.
    pub fn verifies(&self, checkpoint: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0)
            .verify(checkpoint, signature)
            .is_ok()
    }
}

impl fmt::Debug for AuditPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditPublicKey({})", self.to_hex())
    }
}

// === impl AuditDigest ===

impl AuditDigest {
    /// Goes on from an earlier one.
    pub fn after(previous: &[u8; 32]) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(previous);
        Self(context)
    }

    /// Takes bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// What it is now.
    pub fn value(&self) -> [u8; 32] {
        array(self.0.clone().finish().as_ref())
    }
}

/// Shorter ones, which there are not, would end in zeros.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    for (to, from) in array.iter_mut().zip(bytes) {
        *to = *from;
    }
    array
}

#[cfg(test)]
mod tests;
