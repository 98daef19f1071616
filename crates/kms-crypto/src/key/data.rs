use std::fmt;

use aws_lc_rs::rand;
use kms_types::{KeyFormat, KeySpec, Secret};
use zeroize::Zeroizing;

use super::{KeyError, KeyMaterial, pem};

/// A key pair for a caller, who gets both halves: unlike a key, it is not kept.
pub struct DataKeyPair {
    /// PKCS#8.
    pub private: Secret<Vec<u8>>,
    /// SubjectPublicKeyInfo.
    pub public: Vec<u8>,
}

/// So many random bytes: a data key, or what GenerateRandom answers with.
///
/// # Errors
/// [`KeyError::Cipher`].
pub fn random_bytes(count: usize) -> Result<Secret<Vec<u8>>, KeyError> {
    let mut bytes = Zeroizing::new(vec![0; count]);
    rand::fill(&mut bytes).map_err(|_unspecified| KeyError::Cipher)?;
    Ok(Secret::new(std::mem::take(&mut *bytes)))
}

impl DataKeyPair {
    /// A fresh pair. RSA takes a tenth of a second to some seconds.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`] for kinds that are no pairs, [`KeyError::Cipher`].
    pub fn generate(spec: KeySpec, format: KeyFormat) -> Result<Self, KeyError> {
        if !spec.is_pair() {
            return Err(KeyError::Unsupported(spec));
        }
        let material = KeyMaterial::generate(spec)?;
        let public = material.handle()?.public_key_der()?;
        match format {
            KeyFormat::Der => Ok(Self {
                private: material.bytes().clone(),
                public,
            }),
            KeyFormat::Pem => Ok(Self {
                // EXPOSE: into the other form of the same key.
                private: Secret::new(pem::private(material.bytes().expose())?.into_bytes()),
                public: pem::public(&public)?.into_bytes(),
            }),
        }
    }
}

/// Neither half.
impl fmt::Debug for DataKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKeyPair").finish_non_exhaustive()
    }
}
