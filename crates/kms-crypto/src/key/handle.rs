use std::{fmt, sync::Arc};

use kms_types::{
    AccountId, EncryptionAlgorithm, KeyId, KeySpec, KeyVersionId, MacAlgorithm, Secret,
    SignatureAlgorithm,
};

use super::{
    Binding, CiphertextBlob, KeyError, KeyMaterial, ec::EcKey, gcm::Gcm, mac::MacKey, pem,
    rsa::RsaKey, sm2::Sm2Key, to_sign::ToSign,
};
use crate::{Keyring, Place};

/// A key ready for use. Cheap to clone; wiped when the last clone is gone.
///
/// What a key may be used for stands in its description (`KeyUsage`), not here.
#[derive(Clone)]
pub struct KeyHandle(Arc<Inner>);

struct Inner {
    spec: KeySpec,
    key: Key,
}

enum Key {
    Symmetric(Gcm),
    Mac(MacKey),
    Rsa(RsaKey),
    Ec(EcKey),
    Sm2(Sm2Key),
}

// === impl KeyHandle ===

impl KeyHandle {
    /// Opens what [`KeyMaterial::seal`] made for the same place. RSA takes a part of a
    /// millisecond: keep the handle.
    ///
    /// # Errors
    /// [`KeyError::Open`], [`KeyError::Format`], [`KeyError::Material`],
    /// [`KeyError::TakenAway`].
    pub fn open(
        keyring: &Keyring,
        account: &AccountId,
        key: &KeyId,
        version: &KeyVersionId,
        record: &[u8],
    ) -> Result<Self, KeyError> {
        let place = Place::KeyMaterial {
            account,
            key,
            version,
        };
        let text = keyring.open(&place, record)?;
        // EXPOSE: into the key.
        Self::new(&KeyMaterial::read(text.expose())?)
    }

    pub(super) fn new(material: &KeyMaterial) -> Result<Self, KeyError> {
        let spec = material.spec();
        // EXPOSE: into the key.
        let bytes = material.bytes().expose();
        let key = match spec {
            KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => {
                Key::Rsa(RsaKey::new(spec, bytes)?)
            }
            KeySpec::EcP256 | KeySpec::EcP256K => Key::Ec(EcKey::new(spec, bytes)?),
            KeySpec::EcSm2 => Key::Sm2(Sm2Key::new(bytes)?),
            _ => match spec.mac_algorithm() {
                Some(algorithm) => Key::Mac(MacKey::new(algorithm, bytes)?),
                None => Key::Symmetric(Gcm::new(spec, bytes)?),
            },
        };
        Ok(Self(Arc::new(Inner { spec, key })))
    }

    /// Of what kind it is.
    pub fn spec(&self) -> KeySpec {
        self.0.spec
    }

    /// Encrypts 1 to 6,144 bytes under this version of a symmetric key.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`], [`KeyError::Length`], [`KeyError::Cipher`].
    pub fn encrypt(
        &self,
        version: &KeyVersionId,
        binding: Binding<'_>,
        plain: &[u8],
    ) -> Result<CiphertextBlob, KeyError> {
        match &self.0.key {
            Key::Symmetric(key) => CiphertextBlob::seal(key, self.0.spec, version, binding, plain),
            _ => self.unsupported(),
        }
    }

    /// Decrypts what [`KeyHandle::encrypt`] made, given the same binding.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`], [`KeyError::Rejected`].
    pub fn decrypt(
        &self,
        blob: &CiphertextBlob,
        binding: Binding<'_>,
    ) -> Result<Secret<Vec<u8>>, KeyError> {
        match &self.0.key {
            Key::Symmetric(key) => blob.open(key, self.0.spec, binding),
            _ => self.unsupported(),
        }
    }

    /// Encrypts under the public half.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`], [`KeyError::Length`], [`KeyError::Cipher`].
    pub fn public_encrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        plain: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        match &self.0.key {
            Key::Rsa(key) => key.encrypt(algorithm, plain),
            Key::Sm2(key) => key.encrypt(algorithm, plain),
            _ => self.unsupported(),
        }
    }

    /// Decrypts with the private half.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`], [`KeyError::Rejected`], [`KeyError::Cipher`].
    pub fn private_decrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        text: &[u8],
    ) -> Result<Secret<Vec<u8>>, KeyError> {
        match &self.0.key {
            Key::Rsa(key) => key.decrypt(algorithm, text),
            Key::Sm2(key) => key.decrypt(algorithm, text),
            _ => self.unsupported(),
        }
    }

    /// Signs with the private half.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`], [`KeyError::Digest`], [`KeyError::Cipher`].
    pub fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        what: ToSign<'_>,
    ) -> Result<Vec<u8>, KeyError> {
        match &self.0.key {
            Key::Rsa(key) => key.sign(algorithm, what),
            Key::Ec(key) => key.sign(algorithm, what),
            Key::Sm2(key) => key.sign(algorithm, what),
            _ => self.unsupported(),
        }
    }

    /// Whether the private half made this signature; one that cannot be read was not made
    /// by it.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`], [`KeyError::Digest`].
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        what: ToSign<'_>,
        signature: &[u8],
    ) -> Result<bool, KeyError> {
        match &self.0.key {
            Key::Rsa(key) => key.verify(algorithm, what, signature),
            Key::Ec(key) => key.verify(algorithm, what, signature),
            Key::Sm2(key) => key.verify(algorithm, what, signature),
            _ => self.unsupported(),
        }
    }

    /// The public half in DER, SubjectPublicKeyInfo (RFC 5280).
    ///
    /// # Errors
    /// [`KeyError::Unsupported`], [`KeyError::Cipher`].
    pub fn public_key_der(&self) -> Result<Vec<u8>, KeyError> {
        match &self.0.key {
            Key::Rsa(key) => key.public(),
            Key::Ec(key) => key.public(),
            Key::Sm2(key) => key.public(),
            _ => self.unsupported(),
        }
    }

    /// The same in PEM.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`], [`KeyError::Cipher`].
    pub fn public_key_pem(&self) -> Result<String, KeyError> {
        pem::public(&self.public_key_der()?)
    }

    /// Makes a message authentication code.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`].
    pub fn mac(&self, algorithm: MacAlgorithm, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        Ok(self.mac_key(algorithm)?.make(message))
    }

    /// Whether this key made that code, in full length.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`].
    pub fn verify_mac(
        &self,
        algorithm: MacAlgorithm,
        message: &[u8],
        mac: &[u8],
    ) -> Result<bool, KeyError> {
        Ok(self.mac_key(algorithm)?.verify(message, mac))
    }

    /// Of RSAES-PKCS1-v1_5, for imports alone.
    pub(super) fn decrypt_pkcs1(&self, text: &[u8]) -> Result<Secret<Vec<u8>>, KeyError> {
        match &self.0.key {
            Key::Rsa(key) => key.decrypt_pkcs1(text),
            _ => self.unsupported(),
        }
    }

    fn mac_key(&self, algorithm: MacAlgorithm) -> Result<&MacKey, KeyError> {
        match &self.0.key {
            Key::Mac(key) if self.0.spec.mac_algorithm() == Some(algorithm) => Ok(key),
            _ => self.unsupported(),
        }
    }

    fn unsupported<T>(&self) -> Result<T, KeyError> {
        Err(KeyError::Unsupported(self.0.spec))
    }
}

/// Its kind alone.
impl fmt::Debug for KeyHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyHandle({})", self.0.spec)
    }
}
