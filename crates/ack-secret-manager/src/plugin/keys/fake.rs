//! Keys that fail when they are told to.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use kms_client::CallError;
use kms_types::Secret;

use super::{Decrypted, Encrypted, KeyVersion, Keys};

/// A ciphertext is the version, a line feed, and the plaintext with all bits turned.
pub(in crate::plugin) struct FakeKeys {
    version: Mutex<&'static str>,
    fault: Mutex<Option<fn() -> CallError>>,
    encrypts: Mutex<usize>,
    /// How many bytes are put behind each ciphertext.
    pub(in crate::plugin) padding: usize,
}

impl FakeKeys {
    pub(in crate::plugin) fn new() -> Self {
        Self {
            version: Mutex::new("v1"),
            fault: Mutex::new(None),
            encrypts: Mutex::new(0),
            padding: 0,
        }
    }

    pub(in crate::plugin) fn rotate_to(&self, version: &'static str) {
        *self.version.lock().unwrap_or_else(PoisonError::into_inner) = version;
    }

    pub(in crate::plugin) fn fail(&self, fault: Option<fn() -> CallError>) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    pub(in crate::plugin) fn encrypts(&self) -> usize {
        *self.encrypts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self) -> Result<(), CallError> {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.map_or(Ok(()), |fault| Err(fault()))
    }
}

#[async_trait]
impl Keys for FakeKeys {
    async fn encrypt(&self, plaintext: &Secret<Vec<u8>>) -> Result<Encrypted, CallError> {
        *self.encrypts.lock().unwrap() += 1;
        self.fault()?;
        let version = *self.version.lock().unwrap();
        let mut ciphertext = format!("{version}\n").into_bytes();
        ciphertext.extend(plaintext.expose().iter().map(|byte| !byte));
        ciphertext.resize(ciphertext.len() + self.padding, !b' ');
        Ok(Encrypted {
            ciphertext,
            by: KeyVersion::told("key-fake", version).unwrap(),
        })
    }

    async fn decrypt(&self, ciphertext: &[u8]) -> Result<Decrypted, CallError> {
        self.fault()?;
        let mut parts = ciphertext.splitn(2, |byte| *byte == b'\n');
        let version = std::str::from_utf8(parts.next().unwrap()).unwrap();
        let turned = parts.next().unwrap().iter().map(|byte| !byte).collect();
        Ok(Decrypted {
            plaintext: Secret::new(turned),
            by: KeyVersion::told("key-fake", version).unwrap(),
        })
    }
}

pub(in crate::plugin) fn down() -> CallError {
    CallError::Transport {
        host: "kms.example".to_owned(),
        reason: "connection refused".to_owned(),
    }
}

/// What KMS says when it is asked for a key that is disabled; with a message that repeats the question.
pub(in crate::plugin) fn disabled() -> CallError {
    CallError::Service {
        status: 409,
        code: "Rejected.Disabled".to_owned(),
        message: "canary-of-a-message".to_owned(),
        request_id: "R1".to_owned(),
    }
}

pub(in crate::plugin) fn forbidden() -> CallError {
    CallError::Service {
        status: 403,
        code: "Forbidden.NoPermission".to_owned(),
        message: String::new(),
        request_id: "R2".to_owned(),
    }
}
