use kms_crypto::{Binding, BlobError, CiphertextBlob};
use kms_types::{EncryptionAlgorithm, KeyRef, KeyUsage, KeyVersionId, Secret};
use kms_wire::{
    Action, ApiError,
    request::{Base64, Decrypt, Encrypt, ReEncrypt},
    response,
};

use super::{check_dry_run, check_recipient, material::Ready, refusal::about, secret_base64};
use crate::{Caller, Service, failure::Failure};

/// The parameter that ciphertexts travel in.
const CIPHERTEXT: &str = "CiphertextBlob";

/// What ReEncrypt takes for a ciphertext of a key pair.
struct PairSource<'a> {
    key: &'a KeyRef,
    version: Option<&'a KeyVersionId>,
    algorithm: EncryptionAlgorithm,
}

impl Service {
    /// Encrypt: under the key's primary version.
    pub(crate) async fn encrypt(
        &self,
        caller: &Caller,
        call: Encrypt,
    ) -> Result<response::Encrypted, Failure> {
        let usage = KeyUsage::EncryptDecrypt;
        let ready = self
            .ready(caller, Action::Encrypt, &call.key, None, usage)
            .await?;
        let blob = ready.seal(Binding::Context(&call.context), &call.plaintext)?;
        check_dry_run(call.dry_run)?;
        Ok(ready.encrypted(&blob.to_bytes()))
    }

    /// Decrypt: the ciphertext says by which key.
    pub(crate) async fn decrypt(
        &self,
        caller: &Caller,
        call: Decrypt,
    ) -> Result<response::Decrypted, Failure> {
        check_recipient(call.recipient.as_deref())?;
        let binding = Binding::Context(&call.context);
        let (ready, plain) = self
            .open_blob(caller, Action::Decrypt, &call.ciphertext, binding)
            .await?;
        check_dry_run(call.dry_run)?;
        Ok(response::Decrypted {
            key_id: ready.key.id.to_string(),
            key_version_id: ready.version.to_string(),
            plaintext: secret_base64(&plain),
        })
    }

    /// ReEncrypt: decrypts and encrypts, and shows nothing. Asks for the right to it on
    /// both keys.
    pub(crate) async fn re_encrypt(
        &self,
        caller: &Caller,
        call: ReEncrypt,
    ) -> Result<response::Encrypted, Failure> {
        let plain = self.open_source(caller, &call).await?;
        let usage = KeyUsage::EncryptDecrypt;
        let ready = self
            .ready(
                caller,
                Action::ReEncrypt,
                &call.destination_key,
                None,
                usage,
            )
            .await?;
        let blob = ready.seal(Binding::Context(&call.destination_context), &plain)?;
        check_dry_run(call.dry_run)?;
        Ok(ready.encrypted(&blob.to_bytes()))
    }

    async fn open_source(
        &self,
        caller: &Caller,
        call: &ReEncrypt,
    ) -> Result<Secret<Vec<u8>>, Failure> {
        let Some(source) = pair_source(call)? else {
            let binding = Binding::Context(&call.source_context);
            let (_, plain) = self
                .open_blob(caller, Action::ReEncrypt, &call.ciphertext, binding)
                .await?;
            return Ok(plain);
        };
        let usage = KeyUsage::EncryptDecrypt;
        let ready = self
            .ready(caller, Action::ReEncrypt, source.key, source.version, usage)
            .await?;
        ready
            .handle
            .private_decrypt(source.algorithm, &call.ciphertext.0)
            .map_err(about(CIPHERTEXT))
    }

    /// What a ciphertext of a symmetric key holds, and by which key.
    pub(super) async fn open_blob(
        &self,
        caller: &Caller,
        action: Action,
        ciphertext: &Base64,
        binding: Binding<'_>,
    ) -> Result<(Ready, Secret<Vec<u8>>), Failure> {
        let blob = match parse_blob(&ciphertext.0) {
            Ok(blob) => blob,
            Err(reason) => {
                self.authorise_on_none(caller, action)?;
                return Err(reason.into());
            }
        };
        let ready = self.ready_for(caller, action, &blob).await?;
        let plain = ready
            .handle
            .decrypt(&blob, binding)
            .map_err(about(CIPHERTEXT))?;
        Ok((ready, plain))
    }
}

pub(super) fn parse_blob(bytes: &[u8]) -> Result<CiphertextBlob, ApiError> {
    CiphertextBlob::parse(bytes).map_err(|reason: BlobError| {
        ApiError::invalid_parameter(CIPHERTEXT, format_args!("is refused: {reason}"))
    })
}

/// The source, if it is a key pair: what was encrypted under a public key names no key.
fn pair_source(call: &ReEncrypt) -> Result<Option<PairSource<'_>>, ApiError> {
    let Some(algorithm) = call.source_algorithm else {
        return Ok(None);
    };
    let key = call
        .source_key
        .as_ref()
        .ok_or_else(|| ApiError::missing_parameter("SourceKeyId"))?;
    Ok(Some(PairSource {
        key,
        version: call.source_version.as_ref(),
        algorithm,
    }))
}
