use kms_crypto::ToSign;
use kms_types::{KeyRef, KeyUsage, KeyVersionId};
use kms_wire::{
    Action,
    request::{
        AsymmetricDecrypt, AsymmetricEncrypt, AsymmetricSign, AsymmetricVerify, GetPublicKey,
    },
    response,
};

use super::{
    base64, check_dry_run, check_recipient,
    material::Ready,
    refusal::{about, unsupported},
    secret_base64,
    state::check_enabled,
};
use crate::{Caller, Service, failure::Failure};

impl Service {
    /// AsymmetricEncrypt.
    pub(crate) async fn asymmetric_encrypt(
        &self,
        caller: &Caller,
        call: AsymmetricEncrypt,
    ) -> Result<response::Encrypted, Failure> {
        let (action, usage) = (Action::AsymmetricEncrypt, KeyUsage::EncryptDecrypt);
        let version = Some(&call.version);
        let ready = self
            .ready(caller, action, &call.key, version, usage)
            .await?;
        // EXPOSE: into the cipher.
        let plain = call.plaintext.expose();
        let text = ready
            .handle
            .public_encrypt(call.algorithm, plain)
            .map_err(about("Plaintext"))?;
        check_dry_run(call.dry_run)?;
        Ok(ready.encrypted(&text))
    }

    /// AsymmetricDecrypt.
    pub(crate) async fn asymmetric_decrypt(
        &self,
        caller: &Caller,
        call: AsymmetricDecrypt,
    ) -> Result<response::Decrypted, Failure> {
        check_recipient(call.recipient.as_deref())?;
        let (action, usage) = (Action::AsymmetricDecrypt, KeyUsage::EncryptDecrypt);
        let version = Some(&call.version);
        let ready = self
            .ready(caller, action, &call.key, version, usage)
            .await?;
        let plain = ready
            .handle
            .private_decrypt(call.algorithm, &call.ciphertext.0)
            .map_err(about("CiphertextBlob"))?;
        check_dry_run(call.dry_run)?;
        Ok(response::Decrypted {
            key_id: ready.key.id.to_string(),
            key_version_id: ready.version.to_string(),
            plaintext: secret_base64(&plain),
        })
    }

    /// AsymmetricSign.
    pub(crate) async fn asymmetric_sign(
        &self,
        caller: &Caller,
        call: AsymmetricSign,
    ) -> Result<response::Signed, Failure> {
        let (action, usage) = (Action::AsymmetricSign, KeyUsage::SignVerify);
        let version = Some(&call.version);
        let ready = self
            .ready(caller, action, &call.key, version, usage)
            .await?;
        let signature = ready
            .handle
            .sign(call.algorithm, ToSign::Digest(&call.digest.0))
            .map_err(about("Digest"))?;
        check_dry_run(call.dry_run)?;
        Ok(response::Signed {
            key_id: ready.key.id.to_string(),
            key_version_id: ready.version.to_string(),
            value: base64(&signature),
        })
    }

    /// AsymmetricVerify.
    pub(crate) async fn asymmetric_verify(
        &self,
        caller: &Caller,
        call: AsymmetricVerify,
    ) -> Result<response::SignatureVerified, Failure> {
        let (action, usage) = (Action::AsymmetricVerify, KeyUsage::SignVerify);
        let version = Some(&call.version);
        let ready = self
            .ready(caller, action, &call.key, version, usage)
            .await?;
        let what = ToSign::Digest(&call.digest.0);
        let value = ready
            .handle
            .verify(call.algorithm, what, &call.signature.0)
            .map_err(about("Digest"))?;
        check_dry_run(call.dry_run)?;
        Ok(response::SignatureVerified {
            key_id: ready.key.id.to_string(),
            key_version_id: ready.version.to_string(),
            value,
        })
    }

    /// GetPublicKey, whatever the pair is for.
    pub(crate) async fn public_key(
        &self,
        caller: &Caller,
        call: GetPublicKey,
    ) -> Result<response::GetPublicKey, Failure> {
        let ready = self
            .ready_pair(caller, &call.key, Some(&call.version))
            .await?;
        let public_key = ready.handle.public_key_pem()?;
        check_dry_run(call.dry_run)?;
        Ok(response::GetPublicKey {
            key_id: ready.key.id.to_string(),
            key_version_id: ready.version.to_string(),
            public_key,
        })
    }

    /// A key pair, for its public half.
    pub(super) async fn ready_pair(
        &self,
        caller: &Caller,
        key: &KeyRef,
        version: Option<&KeyVersionId>,
    ) -> Result<Ready, Failure> {
        let wish = self.wish(caller, Action::GetPublicKey, key);
        self.read(caller.moment.as_ref(), |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let key = self.key(tx, wish).await?;
                check_enabled(&key, wish.now)?;
                if !key.spec.is_pair() {
                    return Err(unsupported("This key has no public half.").into());
                }
                let version = version.unwrap_or(&key.primary_version).clone();
                let handle = self.handle(tx, &key, &version).await?;
                Ok::<_, Failure>(Ready {
                    key,
                    version,
                    handle,
                })
            })
        })
        .await
    }
}
