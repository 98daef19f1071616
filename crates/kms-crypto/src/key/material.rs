use std::fmt;

use aws_lc_rs::hmac;
use kms_types::{AccountId, KeyId, KeySpec, KeyVersionId, Secret};
use zeroize::Zeroizing;

use super::{
    KeyError, KeyHandle, ec::EcKey, gcm::Gcm, mac::MacKey, random_bytes, remains, rsa::RsaKey,
    sm2::Sm2Key,
};
use crate::{Keyring, Place};

/// A key between being made or imported and being sealed. Can be turned into a handle, and
/// not be looked at.
#[derive(Clone)]
pub struct KeyMaterial {
    spec: KeySpec,
    /// The key itself where both sides hold it, PKCS#8 where it is a pair.
    bytes: Secret<Vec<u8>>,
}

/// First byte of what is sealed.
const FORMAT: u8 = 1;

impl KeyMaterial {
    /// A fresh key. RSA takes a tenth of a second to some seconds: call it where blocking
    /// is fine.
    ///
    /// # Errors
    /// [`KeyError::Cipher`].
    pub fn generate(spec: KeySpec) -> Result<Self, KeyError> {
        let bytes = match spec {
            KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => RsaKey::generate(spec)?,
            KeySpec::EcP256 | KeySpec::EcP256K => EcKey::generate(spec)?,
            KeySpec::EcSm2 => Sm2Key::generate()?,
            _ => random_bytes(length(spec)?)?,
        };
        Ok(Self { spec, bytes })
    }

    /// A key that was made elsewhere: the bytes of a symmetric or HMAC key, as many as its
    /// kind has, or PKCS#8 of a pair.
    ///
    /// # Errors
    /// [`KeyError::Material`].
    pub fn import(spec: KeySpec, bytes: &Secret<Vec<u8>>) -> Result<Self, KeyError> {
        // EXPOSE: into the parsers of keys.
        let raw = bytes.expose();
        let bytes = match spec {
            KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => RsaKey::canonical(spec, raw)?,
            KeySpec::EcP256 | KeySpec::EcP256K => EcKey::canonical(spec, raw)?,
            KeySpec::EcSm2 => Sm2Key::canonical(raw)?,
            _ if raw.len() == length(spec)? => bytes.clone(),
            _ => return Err(KeyError::Material(spec)),
        };
        Ok(Self { spec, bytes })
    }

    /// Of what kind it is.
    pub fn spec(&self) -> KeySpec {
        self.spec
    }

    /// Ready for use.
    ///
    /// # Errors
    /// [`KeyError::Material`].
    pub fn handle(&self) -> Result<KeyHandle, KeyError> {
        KeyHandle::new(self)
    }

    /// For storing, to be opened by [`KeyHandle::open`] in the same place.
    ///
    /// # Errors
    /// [`KeyError::Cipher`].
    pub fn seal(
        &self,
        keyring: &Keyring,
        account: &AccountId,
        key: &KeyId,
        version: &KeyVersionId,
    ) -> Result<Vec<u8>, KeyError> {
        let place = Place::KeyMaterial {
            account,
            key,
            version,
        };
        let mut text = Zeroizing::new(Vec::with_capacity(self.written_len()));
        self.write(&mut text);
        Ok(keyring.seal(&place, &text)?)
    }

    /// Tells whether another material is the same, when this one is gone: the cloud takes
    /// the same material again after it was deleted or has expired, and no other. Derived
    /// one way; still, whoever reads it can try keys that somebody chose badly.
    pub fn check_value(&self) -> [u8; 32] {
        // EXPOSE: into the derivation.
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.bytes.expose());
        let mut context = hmac::Context::with_key(&key);
        context.update(b"kms/check-value/1/");
        context.update(self.spec.as_str().as_bytes());
        let mut value = [0; 32];
        for (to, from) in value.iter_mut().zip(context.sign().as_ref()) {
            *to = *from;
        }
        value
    }

    pub(super) fn bytes(&self) -> &Secret<Vec<u8>> {
        &self.bytes
    }

    pub(super) fn written_len(&self) -> usize {
        // EXPOSE: its length alone.
        2 + self.spec.as_str().len() + self.bytes.expose().len()
    }

    /// Format (1 byte), length of the kind's name (1), name, key.
    pub(super) fn write(&self, text: &mut Zeroizing<Vec<u8>>) {
        let name = self.spec.as_str();
        text.push(FORMAT);
        // The longest has 14 characters.
        text.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
        text.extend_from_slice(name.as_bytes());
        // EXPOSE: into the text that is sealed.
        text.extend_from_slice(self.bytes.expose());
    }

    pub(super) fn read(text: &[u8]) -> Result<Self, KeyError> {
        if remains::is_left(text) {
            return Err(KeyError::TakenAway);
        }
        let rest = text.strip_prefix(&[FORMAT]).ok_or(KeyError::Format)?;
        let (length, rest) = rest.split_first().ok_or(KeyError::Format)?;
        let (name, bytes) = rest
            .split_at_checked(usize::from(*length))
            .ok_or(KeyError::Format)?;
        let spec = std::str::from_utf8(name)
            .ok()
            .and_then(|name| name.parse().ok())
            .ok_or(KeyError::Format)?;
        Ok(Self {
            spec,
            bytes: Secret::new(bytes.to_vec()),
        })
    }
}

/// Its kind alone.
impl fmt::Debug for KeyMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyMaterial({})", self.spec)
    }
}

fn length(spec: KeySpec) -> Result<usize, KeyError> {
    Gcm::length(spec)
        .or_else(|| spec.mac_algorithm().map(MacKey::length))
        .ok_or(KeyError::Unsupported(spec))
}
