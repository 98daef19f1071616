use kms_crypto::ToSign;
use kms_types::{KeyUsage, MessageType};
use kms_wire::{Action, ApiError, instance::message};

use super::{algorithm, key_ref};
use crate::{Caller, Service, failure::Failure, keys::refusal::about};

/// What is to be signed, as one of two fields holds it.
struct Subject<'a> {
    bytes: &'a [u8],
    kind: MessageType,
}

// === impl Subject ===

impl<'a> Subject<'a> {
    /// Old clients send a digest in a field of its own.
    fn of(digest: &'a [u8], message: &'a [u8], kind: &str) -> Result<Self, ApiError> {
        if message.is_empty() && !digest.is_empty() {
            return Ok(Self {
                bytes: digest,
                kind: MessageType::Digest,
            });
        }
        let kind = match kind {
            "" => MessageType::Raw,
            text => text
                .parse()
                .map_err(|reason| ApiError::invalid_parameter("MessageType", reason))?,
        };
        Ok(Self {
            bytes: message,
            kind,
        })
    }

    fn to_sign(&self) -> ToSign<'a> {
        match self.kind {
            MessageType::Raw => ToSign::Message(self.bytes),
            MessageType::Digest => ToSign::Digest(self.bytes),
        }
    }
}

impl Service {
    /// Sign, with the primary version.
    pub(super) async fn instance_sign(
        &self,
        caller: &Caller,
        asked: &message::SignRequest,
    ) -> Result<message::SignResponse, Failure> {
        let key = key_ref(&asked.key_id)?;
        let subject = Subject::of(&asked.digest, &asked.message, &asked.message_type)?;
        let (action, usage) = (Action::AsymmetricSign, KeyUsage::SignVerify);
        let ready = self.ready(caller, action, &key, None, usage).await?;
        let algorithm = algorithm(&asked.algorithm, ready.key.spec.signature_algorithms())?;
        let signature = ready
            .handle
            .sign(algorithm, subject.to_sign())
            .map_err(about("Message"))?;
        Ok(message::SignResponse {
            key_id: ready.key.id.to_string(),
            signature,
            request_id: String::new(),
            algorithm: algorithm.to_string(),
            message_type: subject.kind.to_string(),
        })
    }

    /// Verify, with the primary version.
    pub(super) async fn instance_verify(
        &self,
        caller: &Caller,
        asked: &message::VerifyRequest,
    ) -> Result<message::VerifyResponse, Failure> {
        let key = key_ref(&asked.key_id)?;
        let subject = Subject::of(&asked.digest, &asked.message, &asked.message_type)?;
        let (action, usage) = (Action::AsymmetricVerify, KeyUsage::SignVerify);
        let ready = self.ready(caller, action, &key, None, usage).await?;
        let algorithm = algorithm(&asked.algorithm, ready.key.spec.signature_algorithms())?;
        let value = ready
            .handle
            .verify(algorithm, subject.to_sign(), &asked.signature)
            .map_err(about("Message"))?;
        Ok(message::VerifyResponse {
            key_id: ready.key.id.to_string(),
            value,
            request_id: String::new(),
            algorithm: algorithm.to_string(),
            message_type: subject.kind.to_string(),
        })
    }

    /// GetPublicKey, of the primary version.
    pub(super) async fn instance_public_key(
        &self,
        caller: &Caller,
        asked: &message::GetPublicKeyRequest,
    ) -> Result<message::GetPublicKeyResponse, Failure> {
        let key = key_ref(&asked.key_id)?;
        let ready = self.ready_pair(caller, &key, None).await?;
        Ok(message::GetPublicKeyResponse {
            key_id: ready.key.id.to_string(),
            public_key: ready.handle.public_key_pem()?,
            request_id: String::new(),
        })
    }
}
