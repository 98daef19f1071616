//! What stands under a key and is no caller's ciphertext: values of secrets.

use kms_crypto::{Binding, CiphertextBlob};
use kms_store::{KeyRecord, Tx};
use kms_types::{AccountId, EncryptionContext, KeyId, KeyUsage, Secret};
use kms_wire::{Action, ApiError};

use super::{
    KeyWish,
    encrypt::parse_blob,
    refusal::{about, key_not_found, unsupported},
    state::{check_enabled, check_usage, is_gone},
};
use crate::{Caller, Service, failure::Failure};

/// Who is asked for the right to open.
#[derive(Clone, Copy)]
pub(crate) enum Asked<'a> {
    /// The caller, for this action on the key.
    Caller(&'a Caller, Action),
    /// Nobody: where the cloud checks the right to the secret alone.
    Nobody,
}

impl Service {
    /// Encrypts 1 to 6,144 bytes (a data key, say) under the key that the wish is about; with
    /// which key it was done, and the ciphertext, which names its version. Opens under the
    /// same context by [`Service::open_under_key`].
    ///
    /// # Errors
    /// Those of the key: `Forbidden.NoPermission`, `Forbidden.KeyNotFound`,
    /// `Forbidden.AliasNotFound`, `Rejected.Disabled` and its kind, `UnsupportedOperation` for
    /// a key that is not symmetric.
    pub(crate) async fn seal_under_key(
        &self,
        tx: &mut dyn Tx,
        wish: KeyWish<'_>,
        context: &EncryptionContext,
        plain: &Secret<Vec<u8>>,
    ) -> Result<(KeyRecord, Vec<u8>), Failure> {
        let usage = KeyUsage::EncryptDecrypt;
        let ready = self.ready_in(tx, wish, None, usage).await?;
        if !ready.key.spec.is_symmetric() {
            return Err(unsupported("Only a symmetric key protects secrets.").into());
        }
        let blob = ready.seal(Binding::Context(context), plain)?;
        Ok((ready.key, blob.to_bytes()))
    }

    /// As [`Service::seal_under_key`], for work that nobody asked for, as the rotation of a
    /// secret is: no rights are asked.
    ///
    /// # Errors
    /// As there, but for `Forbidden.NoPermission`.
    pub(crate) async fn seal_under_key_of(
        &self,
        tx: &mut dyn Tx,
        account: &AccountId,
        key: &KeyId,
        context: &EncryptionContext,
        plain: &Secret<Vec<u8>>,
    ) -> Result<Vec<u8>, Failure> {
        let found = tx.keys().find(account, key).await?;
        let key = self.unasked(found)?;
        let version = key.primary_version.clone();
        let handle = self.handle(tx, &key, &version).await?;
        // EXPOSE: into the cipher.
        let plain = plain.expose();
        let blob = handle
            .encrypt(&version, Binding::Context(context), plain)
            .map_err(about("Plaintext"))?;
        Ok(blob.to_bytes())
    }

    /// Decrypts what [`Service::seal_under_key`] made.
    ///
    /// # Errors
    /// Those of the key, as there; `Forbidden.KeyNotFound` if it is gone.
    pub(crate) async fn open_under_key(
        &self,
        tx: &mut dyn Tx,
        asked: Asked<'_>,
        context: &EncryptionContext,
        ciphertext: &[u8],
    ) -> Result<Secret<Vec<u8>>, Failure> {
        let blob: CiphertextBlob =
            parse_blob(ciphertext).map_err(|_of_ours| ApiError::internal())?;
        let handle = match asked {
            Asked::Caller(caller, action) => {
                self.ready_for_in(tx, caller, action, &blob).await?.handle
            }
            Asked::Nobody => {
                let version = tx.key_versions().find(blob.version()).await?;
                let version = version.ok_or_else(key_not_found)?;
                let found = tx.keys().find_any(&version.key).await?;
                let key = self.unasked(found)?;
                self.handle(tx, &key, blob.version()).await?
            }
        };
        Ok(handle.decrypt(&blob, Binding::Context(context))?)
    }

    /// A symmetric key that can be used, whoever may.
    fn unasked(&self, found: Option<KeyRecord>) -> Result<KeyRecord, ApiError> {
        let now = self.now();
        let key = found
            .filter(|key| !is_gone(key, now))
            .ok_or_else(key_not_found)?;
        check_enabled(&key, now)?;
        check_usage(&key, KeyUsage::EncryptDecrypt)?;
        Ok(key)
    }
}
