//! The keyring as it is stored.

use kms_crypto::{Keyring, KeyringError, RootKey};
use kms_store::{KeyringRecord, Tx};

use super::RekeyError;

pub(super) async fn load(
    tx: &mut dyn Tx,
    root: &RootKey,
) -> Result<(KeyringRecord, Keyring), RekeyError> {
    let record = tx.keyrings().load().await?.ok_or(RekeyError::Empty)?;
    let keyring = match Keyring::unwrap(root, &record.wrapped) {
        Err(KeyringError::OtherRootKey { .. }) => return Err(RekeyError::RootFirst),
        unwrapped => unwrapped?,
    };
    Ok((record, keyring))
}

pub(super) async fn save(
    tx: &mut dyn Tx,
    root: &RootKey,
    former: &KeyringRecord,
    keyring: &Keyring,
) -> Result<(), RekeyError> {
    let wrapped = keyring.wrap(root)?;
    // What does not open again must not take the place of what does.
    Keyring::unwrap(root, &wrapped)?;
    let record = KeyringRecord {
        revision: former.revision + 1,
        wrapped,
    };
    Ok(tx.keyrings().save(&record).await?)
}
