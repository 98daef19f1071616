use kms_crypto::{Binding, CiphertextBlob, random_bytes};
use kms_types::{KeyUsage, Secret};
use kms_wire::{Action, ApiError, instance::message};

use super::{algorithm, check_mode, check_padding, count, key_ref, mode};
use crate::{
    Caller, Service,
    failure::Failure,
    keys::{
        encrypt::parse_blob,
        refusal::{about, unsupported},
    },
};

/// Longest data key in bytes.
const MOST_BYTES: usize = 1024;
/// Its length if none is named.
const BYTES: i32 = 32;

/// A data key as either of two messages orders it.
pub(super) struct Order<'a> {
    key: &'a str,
    algorithm: &'a str,
    number_of_bytes: i32,
    aad: &'a [u8],
}

// === impl Order ===

impl<'a> From<&'a message::GenerateDataKeyRequest> for Order<'a> {
    fn from(asked: &'a message::GenerateDataKeyRequest) -> Self {
        Self {
            key: &asked.key_id,
            algorithm: &asked.algorithm,
            number_of_bytes: asked.number_of_bytes,
            aad: &asked.aad,
        }
    }
}

impl<'a> From<&'a message::AdvanceGenerateDataKeyRequest> for Order<'a> {
    fn from(asked: &'a message::AdvanceGenerateDataKeyRequest) -> Self {
        Self {
            key: &asked.key_id,
            algorithm: "",
            number_of_bytes: asked.number_of_bytes,
            aad: &asked.aad,
        }
    }
}

impl Service {
    /// Encrypt and AdvanceEncrypt: under the primary version, which the ciphertext names in
    /// both.
    pub(super) async fn instance_encrypt(
        &self,
        caller: &Caller,
        asked: &message::EncryptRequest,
    ) -> Result<message::EncryptResponse, Failure> {
        let key = key_ref(&asked.key_id)?;
        let usage = KeyUsage::EncryptDecrypt;
        let ready = self
            .ready(caller, Action::Encrypt, &key, None, usage)
            .await?;
        check_iv(&asked.iv)?;
        let answer = message::EncryptResponse {
            key_id: ready.key.id.to_string(),
            key_version_id: ready.version.to_string(),
            ..message::EncryptResponse::default()
        };
        let spec = ready.key.spec;
        if spec.is_symmetric() {
            check_mode(spec, &asked.algorithm, &asked.padding_mode)?;
            let binding = Binding::Bytes(&asked.aad);
            let blob = ready
                .handle
                .encrypt(&ready.version, binding, &asked.plaintext)
                .map_err(about("Plaintext"))?;
            return Ok(message::EncryptResponse {
                ciphertext_blob: blob.to_bytes(),
                iv: blob.nonce().to_vec(),
                algorithm: mode(spec).to_owned(),
                ..answer
            });
        }
        let algorithm = algorithm(&asked.algorithm, spec.encryption_algorithms())?;
        check_padding(&asked.padding_mode)?;
        check_aad(&asked.aad)?;
        let text = ready
            .handle
            .public_encrypt(algorithm, &asked.plaintext)
            .map_err(about("Plaintext"))?;
        Ok(message::EncryptResponse {
            ciphertext_blob: text,
            algorithm: algorithm.to_string(),
            ..answer
        })
    }

    /// Decrypt and AdvanceDecrypt. A ciphertext of a symmetric key names its version; if a
    /// key is named besides, it must be that one's. One of a key pair is of its primary
    /// version.
    pub(super) async fn instance_decrypt(
        &self,
        caller: &Caller,
        asked: &message::DecryptRequest,
    ) -> Result<message::DecryptResponse, Failure> {
        match CiphertextBlob::parse(&asked.ciphertext_blob) {
            Ok(blob) => self.decrypt_blob(caller, asked, &blob).await,
            Err(_of_a_pair) => self.decrypt_pair(caller, asked).await,
        }
    }

    async fn decrypt_blob(
        &self,
        caller: &Caller,
        asked: &message::DecryptRequest,
        blob: &CiphertextBlob,
    ) -> Result<message::DecryptResponse, Failure> {
        let ready = self.ready_for(caller, Action::Decrypt, blob).await?;
        let spec = ready.key.spec;
        if !asked.key_id.is_empty() {
            let key = key_ref(&asked.key_id)?;
            let named = self.read_key(caller, Action::Decrypt, &key).await?;
            if named.id != ready.key.id {
                return Err(ApiError::invalid_parameter("KeyId", "is another key's").into());
            }
        }
        check_mode(spec, &asked.algorithm, &asked.padding_mode)?;
        if !asked.iv.is_empty() && asked.iv != blob.nonce() {
            return Err(ApiError::invalid_parameter("Iv", "is another ciphertext's").into());
        }
        let plain = ready
            .handle
            .decrypt(blob, Binding::Bytes(&asked.aad))
            .map_err(about("CiphertextBlob"))?;
        Ok(message::DecryptResponse {
            key_id: ready.key.id.to_string(),
            plaintext: reveal(&plain),
            algorithm: mode(spec).to_owned(),
            padding_mode: String::new(),
            key_version_id: ready.version.to_string(),
            request_id: String::new(),
        })
    }

    async fn decrypt_pair(
        &self,
        caller: &Caller,
        asked: &message::DecryptRequest,
    ) -> Result<message::DecryptResponse, Failure> {
        let key = key_ref(&asked.key_id)?;
        let usage = KeyUsage::EncryptDecrypt;
        let ready = self
            .ready(caller, Action::Decrypt, &key, None, usage)
            .await?;
        let spec = ready.key.spec;
        if spec.is_symmetric() {
            // Says why it cannot be read.
            parse_blob(&asked.ciphertext_blob)?;
        }
        let algorithm = algorithm(&asked.algorithm, spec.encryption_algorithms())?;
        check_iv(&asked.iv)?;
        check_padding(&asked.padding_mode)?;
        check_aad(&asked.aad)?;
        let plain = ready
            .handle
            .private_decrypt(algorithm, &asked.ciphertext_blob)
            .map_err(about("CiphertextBlob"))?;
        Ok(message::DecryptResponse {
            key_id: ready.key.id.to_string(),
            plaintext: reveal(&plain),
            algorithm: algorithm.to_string(),
            padding_mode: String::new(),
            key_version_id: ready.version.to_string(),
            request_id: String::new(),
        })
    }

    /// GenerateDataKey and AdvanceGenerateDataKey.
    pub(super) async fn instance_data_key(
        &self,
        caller: &Caller,
        order: Order<'_>,
    ) -> Result<message::GenerateDataKeyResponse, Failure> {
        let key = key_ref(order.key)?;
        let (action, usage) = (Action::GenerateDataKey, KeyUsage::EncryptDecrypt);
        let ready = self.ready(caller, action, &key, None, usage).await?;
        let spec = ready.key.spec;
        check_mode(spec, order.algorithm, "")?;
        let asked = match order.number_of_bytes {
            0 => BYTES,
            asked => asked,
        };
        let length = count(asked, MOST_BYTES).ok_or_else(|| {
            ApiError::invalid_parameter("NumberOfBytes", "must be a number from 1 to 1024")
        })?;
        let plain = random_bytes(length)?;
        let blob = ready.seal(Binding::Bytes(order.aad), &plain)?;
        Ok(message::GenerateDataKeyResponse {
            key_id: ready.key.id.to_string(),
            iv: blob.nonce().to_vec(),
            plaintext: reveal(&plain),
            ciphertext_blob: blob.to_bytes(),
            algorithm: mode(spec).to_owned(),
            key_version_id: ready.version.to_string(),
            request_id: String::new(),
        })
    }
}

/// Into a message, which wipes it.
pub(super) fn reveal(plain: &Secret<Vec<u8>>) -> Vec<u8> {
    // EXPOSE: into the answer to a caller who was allowed to read it.
    plain.expose().clone()
}

/// One nonce twice gives a key's authentication away: nobody brings one along.
fn check_iv(iv: &[u8]) -> Result<(), ApiError> {
    if iv.is_empty() {
        return Ok(());
    }
    Err(unsupported("This server chooses the Iv itself."))
}

/// Of symmetric keys only.
fn check_aad(aad: &[u8]) -> Result<(), ApiError> {
    if aad.is_empty() {
        return Ok(());
    }
    Err(unsupported(
        "Ciphertexts of a key pair are bound to no Aad.",
    ))
}
