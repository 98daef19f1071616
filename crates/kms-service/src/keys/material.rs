//! From a key's record to a handle that works, and from nothing to a sealed key.

use kms_crypto::{Binding, CiphertextBlob, KeyError, KeyHandle, KeyMaterial};
use kms_store::{KeyRecord, Tx};
use kms_types::{AccountId, KeyId, KeyRef, KeySpec, KeyUsage, KeyVersionId, Secret};
use kms_wire::{Action, response};

use super::{
    KeyWish, base64,
    refusal::{about, pending_import, version_not_found},
    state::{check_enabled, check_usage},
};
use crate::{Caller, Service, failure::Failure, instances};

/// A key that may be used for what is asked, and can be.
pub(super) struct Ready {
    pub(super) key: KeyRecord,
    pub(super) version: KeyVersionId,
    pub(super) handle: KeyHandle,
}

impl Ready {
    /// Encrypts under a symmetric key.
    pub(super) fn seal(
        &self,
        binding: Binding<'_>,
        plain: &Secret<Vec<u8>>,
    ) -> Result<CiphertextBlob, Failure> {
        // EXPOSE: into the cipher.
        let plain = plain.expose();
        self.handle
            .encrypt(&self.version, binding, plain)
            .map_err(about("Plaintext"))
    }

    /// The answer of whatever encrypts.
    pub(super) fn encrypted(&self, ciphertext: &[u8]) -> response::Encrypted {
        response::Encrypted {
            key_id: self.key.id.to_string(),
            key_version_id: self.version.to_string(),
            ciphertext_blob: base64(ciphertext),
        }
    }
}

impl Service {
    /// The key, ready: that version, or the one that encrypts.
    ///
    /// # Errors
    /// Those of [`Service::key`]; those of a state or usage that does not allow it;
    /// `Forbidden.KeyVersionNotFound`.
    pub(super) async fn ready(
        &self,
        caller: &Caller,
        action: Action,
        key: &KeyRef,
        version: Option<&KeyVersionId>,
        usage: KeyUsage,
    ) -> Result<Ready, Failure> {
        let wish = self.wish(caller, action, key);
        self.read(caller.moment.as_ref(), |mut tx| {
            Box::pin(async move { self.ready_in(&mut *tx, wish, version, usage).await })
        })
        .await
    }

    pub(super) async fn ready_in(
        &self,
        tx: &mut dyn Tx,
        wish: KeyWish<'_>,
        version: Option<&KeyVersionId>,
        usage: KeyUsage,
    ) -> Result<Ready, Failure> {
        let key = self.key(tx, wish).await?;
        check_enabled(&key, wish.now)?;
        check_usage(&key, usage)?;
        instances::check_live(tx, &key.instance_id, wish.now).await?;
        let version = version.unwrap_or(&key.primary_version).clone();
        let handle = self.handle(tx, &key, &version).await?;
        Ok(Ready {
            key,
            version,
            handle,
        })
    }

    /// The key that a ciphertext is of, ready to decrypt it.
    ///
    /// # Errors
    /// Those of [`Service::key_of_version`], and those of a state that does not allow it.
    pub(super) async fn ready_for(
        &self,
        caller: &Caller,
        action: Action,
        blob: &CiphertextBlob,
    ) -> Result<Ready, Failure> {
        self.read(caller.moment.as_ref(), |mut tx| {
            Box::pin(async move { self.ready_for_in(&mut *tx, caller, action, blob).await })
        })
        .await
    }

    pub(super) async fn ready_for_in(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        action: Action,
        blob: &CiphertextBlob,
    ) -> Result<Ready, Failure> {
        let (version, now) = (blob.version(), self.now());
        let key = self
            .key_of_version(tx, caller, action, version, now)
            .await?;
        check_enabled(&key, now)?;
        check_usage(&key, KeyUsage::EncryptDecrypt)?;
        instances::check_live(tx, &key.instance_id, now).await?;
        let handle = self.handle(tx, &key, version).await?;
        Ok(Ready {
            key,
            version: version.clone(),
            handle,
        })
    }

    /// The version's handle, opened if it is not kept.
    ///
    /// # Errors
    /// `Forbidden.KeyVersionNotFound`, `Rejected.PendingImport`.
    pub(super) async fn handle(
        &self,
        tx: &mut dyn Tx,
        key: &KeyRecord,
        version: &KeyVersionId,
    ) -> Result<KeyHandle, Failure> {
        let now = self.monotonic();
        if let Some(handle) = self.handles().get(&key.id, version, now) {
            return Ok(handle);
        }
        let found = tx
            .key_versions()
            .find(version)
            .await?
            .filter(|found| found.key == key.id)
            .ok_or_else(version_not_found)?;
        let sealed = found.sealed.ok_or_else(pending_import)?;
        let opened = KeyHandle::open(&self.keyring(), &key.account, &key.id, version, &sealed);
        let handle = match opened {
            Err(KeyError::TakenAway) => return Err(pending_import().into()),
            opened => opened?,
        };
        self.handles().put(&key.id, version, &handle, now);
        Ok(handle)
    }

    /// A fresh key, sealed for its place.
    ///
    /// # Errors
    /// [`Failure::Key`].
    pub(super) async fn fresh_material(
        &self,
        spec: KeySpec,
        account: &AccountId,
        key: &KeyId,
        version: &KeyVersionId,
    ) -> Result<Vec<u8>, Failure> {
        let material = match spec {
            // Takes up to some seconds.
            KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => {
                aside(move || KeyMaterial::generate(spec)).await?
            }
            _ => KeyMaterial::generate(spec)?,
        };
        Ok(material.seal(&self.keyring(), account, key, version)?)
    }
}

/// Does long work where others do not wait for it.
///
/// # Errors
/// The work's own; [`KeyError::Cipher`] if it broke off.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KeyError> + Send + 'static,
) -> Result<T, KeyError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(_broke_off) => Err(KeyError::Cipher),
    }
}
