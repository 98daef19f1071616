use kms_types::{AccountId, KeyId, KeyVersionId};

use super::{KeyError, KeyMaterial};
use crate::{Keyring, Place};

/// First byte of what is sealed in the place of material that was taken away.
const FORMAT: u8 = 2;

/// The place of a key's material, for material that its owner imports: it can be taken away
/// and imported again, and must be the same then.
#[derive(Clone, Copy, Debug)]
pub struct ImportPlace<'a> {
    /// What seals it.
    pub keyring: &'a Keyring,
    /// The owner.
    pub account: &'a AccountId,
    /// The key.
    pub key: &'a KeyId,
    /// Its version.
    pub version: &'a KeyVersionId,
}

impl ImportPlace<'_> {
    /// What is kept in place of this sealed material: enough to know the same again, and of
    /// no use as a key. Of what is left already, the same.
    ///
    /// # Errors
    /// [`KeyError::Open`], [`KeyError::Format`], [`KeyError::Cipher`].
    pub fn take_away(&self, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut text = vec![FORMAT];
        text.extend_from_slice(&self.check_value(sealed)?);
        Ok(self.keyring.seal(&self.place(), &text)?)
    }

    /// Whether what lies there, material or what is left of it, is of this material.
    ///
    /// # Errors
    /// [`KeyError::Open`], [`KeyError::Format`].
    pub fn holds(&self, sealed: &[u8], material: &KeyMaterial) -> Result<bool, KeyError> {
        Ok(self.check_value(sealed)? == material.check_value())
    }

    fn check_value(&self, sealed: &[u8]) -> Result<[u8; 32], KeyError> {
        let text = self.keyring.open(&self.place(), sealed)?;
        // EXPOSE: into the derivation, or it is the derived value already.
        match KeyMaterial::read(text.expose()) {
            Ok(material) => Ok(material.check_value()),
            Err(KeyError::TakenAway) => text
                .expose()
                .strip_prefix(&[FORMAT])
                .and_then(|rest| rest.try_into().ok())
                .ok_or(KeyError::Format),
            Err(error) => Err(error),
        }
    }

    fn place(&self) -> Place<'_> {
        Place::KeyMaterial {
            account: self.account,
            key: self.key,
            version: self.version,
        }
    }
}

/// Whether the opened text is what is left of material.
pub(super) fn is_left(text: &[u8]) -> bool {
    text.len() == 1 + 32 && text.first() == Some(&FORMAT)
}
