use kms_crypto::{Binding, DataKeyPair};
use kms_types::{KeyFormat, KeySpec, KeyUsage};
use kms_wire::{Action, ApiError, instance::message};

use super::{check_mode, key_ref, mode, symmetric::reveal};
use crate::{Caller, Service, failure::Failure, keys::material::aside};

/// A key pair as either of two messages orders it.
pub(super) struct Order<'a> {
    key: &'a str,
    algorithm: &'a str,
    spec: &'a str,
    format: &'a str,
    aad: &'a [u8],
}

// === impl Order ===

impl<'a> From<&'a message::GenerateDataKeyPairRequest> for Order<'a> {
    fn from(asked: &'a message::GenerateDataKeyPairRequest) -> Self {
        Self {
            key: &asked.key_id,
            algorithm: &asked.algorithm,
            spec: &asked.key_pair_spec,
            format: &asked.key_format,
            aad: &asked.aad,
        }
    }
}

impl<'a> From<&'a message::AdvanceGenerateDataKeyPairRequest> for Order<'a> {
    fn from(asked: &'a message::AdvanceGenerateDataKeyPairRequest) -> Self {
        Self {
            key: &asked.key_id,
            algorithm: "",
            spec: &asked.key_pair_spec,
            format: &asked.key_format,
            aad: &asked.aad,
        }
    }
}

impl Order<'_> {
    fn spec(&self) -> Result<KeySpec, ApiError> {
        let spec: Option<KeySpec> = self.spec.parse().ok();
        spec.filter(|spec| spec.is_pair())
            .ok_or_else(|| ApiError::invalid_parameter("KeyPairSpec", "is no kind of key pair"))
    }

    /// PEM if nothing is said: no document names what is meant.
    fn format(&self) -> Result<KeyFormat, ApiError> {
        match self.format {
            "" => Ok(KeyFormat::Pem),
            text => text
                .parse()
                .map_err(|reason| ApiError::invalid_parameter("KeyFormat", reason)),
        }
    }
}

impl Service {
    /// The four that make a key pair. It is kept nowhere.
    pub(super) async fn instance_pair(
        &self,
        caller: &Caller,
        order: Order<'_>,
    ) -> Result<message::GenerateDataKeyPairResponse, Failure> {
        let (spec, format) = (order.spec()?, order.format()?);
        let key = key_ref(order.key)?;
        let (action, usage) = (Action::GenerateDataKey, KeyUsage::EncryptDecrypt);
        let ready = self.ready(caller, action, &key, None, usage).await?;
        check_mode(ready.key.spec, order.algorithm, "")?;
        let pair = aside(move || DataKeyPair::generate(spec, format)).await?;
        let blob = ready.seal(Binding::Bytes(order.aad), &pair.private)?;
        Ok(message::GenerateDataKeyPairResponse {
            key_id: ready.key.id.to_string(),
            iv: blob.nonce().to_vec(),
            key_pair_spec: spec.to_string(),
            private_key_plaintext: reveal(&pair.private),
            private_key_ciphertext_blob: blob.to_bytes(),
            public_key: pair.public,
            request_id: String::new(),
            algorithm: mode(ready.key.spec).to_owned(),
            key_version_id: ready.version.to_string(),
        })
    }
}

/// All but the plain private half.
pub(super) fn without_plaintext(
    made: &message::GenerateDataKeyPairResponse,
) -> message::GenerateDataKeyPairWithoutPlaintextResponse {
    message::GenerateDataKeyPairWithoutPlaintextResponse {
        key_id: made.key_id.clone(),
        iv: made.iv.clone(),
        key_pair_spec: made.key_pair_spec.clone(),
        private_key_ciphertext_blob: made.private_key_ciphertext_blob.clone(),
        public_key: made.public_key.clone(),
        request_id: String::new(),
        algorithm: made.algorithm.clone(),
        key_version_id: made.key_version_id.clone(),
    }
}
