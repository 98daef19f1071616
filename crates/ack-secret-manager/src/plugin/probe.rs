//! Encrypts and decrypts again and again: whether KMS works, and under which version of the key.

use std::{sync::Arc, time::Duration};

use kms_client::CallError;
use kms_types::Secret;
use thiserror::Error;
use tokio::time::sleep;

use super::{
    health::Health,
    keys::{KeyVersion, Keys},
    refusal,
};

/// Why KMS is of no use.
#[derive(Debug, Error)]
pub enum ProbeError {
    /// It does not encrypt.
    #[error("cannot encrypt: {}", refusal::reason(.0))]
    Encrypt(CallError),
    /// It does not decrypt.
    #[error("cannot decrypt: {}", refusal::reason(.0))]
    Decrypt(CallError),
    /// It decrypts to something else, or by another key.
    #[error("what was encrypted is decrypted to something else")]
    Different,
}

/// What is encrypted to try it. No secret.
const PROBE: &[u8] = b"ack-secret-manager kms-plugin";

// === impl ProbeError ===

impl ProbeError {
    /// Whether the same may work later.
    pub fn is_transient(&self) -> bool {
        self.call().is_some_and(CallError::is_transient)
    }

    /// Whether KMS knows who calls, and says no, or cannot know.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self.call(),
            Some(
                CallError::Credentials(_)
                    | CallError::Service {
                        status: 401 | 403,
                        ..
                    }
            )
        )
    }

    fn call(&self) -> Option<&CallError> {
        match self {
            Self::Encrypt(error) | Self::Decrypt(error) => Some(error),
            Self::Different => None,
        }
    }
}

/// Once; health is told.
///
/// # Errors
/// [`ProbeError`].
pub(super) async fn once(keys: &dyn Keys, health: &Health) -> Result<KeyVersion, ProbeError> {
    let found = round_trip(keys, health).await;
    let told = found.as_ref().map(|_found| ()).map_err(ToString::to_string);
    health.round_trip(told);
    found
}

/// For as long as it is polled, with such a pause in between.
pub(super) async fn for_ever(keys: Arc<dyn Keys>, health: Arc<Health>, pause: Duration) {
    loop {
        sleep(pause).await;
        // Health was told.
        drop(once(keys.as_ref(), &health).await);
    }
}

async fn round_trip(keys: &dyn Keys, health: &Health) -> Result<KeyVersion, ProbeError> {
    let turn = health.begin();
    let plaintext = Secret::new(PROBE.to_vec());
    let encrypted = keys.encrypt(&plaintext).await;
    let encrypted = encrypted.map_err(ProbeError::Encrypt)?;
    health.encrypted(turn, &encrypted.by);
    let decrypted = keys.decrypt(&encrypted.ciphertext).await;
    let decrypted = decrypted.map_err(ProbeError::Decrypt)?;
    if decrypted.by == encrypted.by && decrypted.plaintext.matches(PROBE) {
        Ok(encrypted.by)
    } else {
        Err(ProbeError::Different)
    }
}

#[cfg(test)]
mod tests;
