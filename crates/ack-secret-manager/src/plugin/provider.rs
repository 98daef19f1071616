//! The three methods.

use std::sync::Arc;

use tonic::Status;

use super::{
    api::{
        DecryptRequest, DecryptResponse, EncryptRequest, EncryptResponse, LARGEST_CIPHERTEXT,
        StatusResponse, VERSION,
    },
    health::Health,
    keys::Keys,
    refusal,
};

/// Answers.
pub(super) struct Provider {
    keys: Arc<dyn Keys>,
    health: Arc<Health>,
}

/// Encrypt of KMS takes no more; a seed has 32 bytes.
const LARGEST_PLAINTEXT: usize = 512;

// === impl Provider ===

impl Provider {
    pub(super) fn new(keys: Arc<dyn Keys>, health: Arc<Health>) -> Self {
        Self { keys, health }
    }

    /// From memory.
    pub(super) fn status(&self) -> StatusResponse {
        let report = self.health.report();
        let key = report.key.as_ref();
        StatusResponse {
            version: VERSION.to_owned(),
            healthz: report.healthz,
            key_id: key.map(|key| key.as_str().to_owned()).unwrap_or_default(),
        }
    }

    /// A call of KMS.
    pub(super) async fn encrypt(
        &self,
        mut asked: EncryptRequest,
    ) -> Result<EncryptResponse, Status> {
        let plaintext = asked.take_plaintext();
        // EXPOSE: its length.
        let length = plaintext.expose().len();
        if length == 0 || length > LARGEST_PLAINTEXT {
            return Err(Status::invalid_argument(format!(
                "the plaintext is no seed: it has {length} bytes, not 1 to {LARGEST_PLAINTEXT}"
            )));
        }
        let turn = self.health.begin();
        let encrypted = self.keys.encrypt(&plaintext).await;
        let encrypted = encrypted.map_err(|error| refused("Encrypt", &asked.uid, &error))?;
        self.health.encrypted(turn, &encrypted.by);
        let length = encrypted.ciphertext.len();
        if length == 0 || length > LARGEST_CIPHERTEXT {
            return Err(Status::failed_precondition(format!(
                "KMS made a ciphertext of {length} bytes, and kube-apiserver takes 1 to \
                 {LARGEST_CIPHERTEXT}; configure a symmetric key"
            )));
        }
        Ok(EncryptResponse {
            ciphertext: encrypted.ciphertext,
            key_id: encrypted.by.as_str().to_owned(),
            annotations: std::collections::BTreeMap::new(),
        })
    }

    /// A call of KMS. Whatever key the ciphertext is of, it has to be the one that was noted beside it.
    pub(super) async fn decrypt(&self, asked: DecryptRequest) -> Result<DecryptResponse, Status> {
        if asked.ciphertext.is_empty() || asked.ciphertext.len() > LARGEST_CIPHERTEXT {
            return Err(Status::invalid_argument(
                "the ciphertext is none of this provider's",
            ));
        }
        let decrypted = self.keys.decrypt(&asked.ciphertext).await;
        let decrypted = decrypted.map_err(|error| refused("Decrypt", &asked.uid, &error))?;
        if decrypted.by.as_str() != asked.key_id {
            return Err(Status::invalid_argument(
                "the ciphertext is of another version of a key than the key_id beside it",
            ));
        }
        Ok(DecryptResponse {
            // EXPOSE: to kube-apiserver, which made it, over a socket of this machine.
            plaintext: decrypted.plaintext.expose().clone(),
        })
    }
}

fn refused(method: &str, uid: &str, error: &kms_client::CallError) -> Status {
    let status = refusal::status(error);
    let shown: String = uid
        .chars()
        .filter(char::is_ascii_graphic)
        .take(64)
        .collect();
    tracing::warn!(method, uid = shown, reason = status.message(), "refused");
    status
}
