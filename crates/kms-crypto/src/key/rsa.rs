use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::{
        KeyPair, KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm,
        OaepPrivateDecryptingKey, OaepPublicEncryptingKey, Pkcs1PrivateDecryptingKey,
        PrivateDecryptingKey,
    },
    signature::{
        KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PSS_2048_8192_SHA256,
        RSA_PSS_SHA256, RsaEncoding, RsaParameters, UnparsedPublicKey,
    },
};
use kms_types::{EncryptionAlgorithm, KeySpec, Secret, SignatureAlgorithm};
use zeroize::Zeroizing;

use super::{
    KeyError,
    to_sign::{ToSign, imported},
};

/// An RSA key pair.
pub(super) struct RsaKey {
    spec: KeySpec,
    pair: KeyPair,
    private: PrivateDecryptingKey,
}

impl RsaKey {
    /// PKCS#8 of a fresh pair. Takes a tenth of a second to some seconds.
    pub(super) fn generate(spec: KeySpec) -> Result<Secret<Vec<u8>>, KeyError> {
        let size = match spec {
            KeySpec::Rsa2048 => KeySize::Rsa2048,
            KeySpec::Rsa3072 => KeySize::Rsa3072,
            KeySpec::Rsa4096 => KeySize::Rsa4096,
            _ => return Err(KeyError::Unsupported(spec)),
        };
        let pair = KeyPair::generate(size).map_err(|_unspecified| KeyError::Cipher)?;
        written(&pair)
    }

    /// The same pair as this program writes it.
    pub(super) fn canonical(spec: KeySpec, pkcs8: &[u8]) -> Result<Secret<Vec<u8>>, KeyError> {
        written(&Self::new(spec, pkcs8)?.pair)
    }

    /// From PKCS#8, with as many bits as its kind has.
    pub(super) fn new(spec: KeySpec, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let bytes = match spec {
            KeySpec::Rsa2048 => 256,
            KeySpec::Rsa3072 => 384,
            KeySpec::Rsa4096 => 512,
            _ => return Err(KeyError::Unsupported(spec)),
        };
        let material = |_rejected| KeyError::Material(spec);
        let pair = KeyPair::from_pkcs8(pkcs8).map_err(material)?;
        let private = PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(material)?;
        if private.key_size_bits() != bytes * 8 {
            return Err(KeyError::Material(spec));
        }
        Ok(Self {
            spec,
            pair,
            private,
        })
    }

    /// SubjectPublicKeyInfo.
    pub(super) fn public(&self) -> Result<Vec<u8>, KeyError> {
        AsDer::<PublicKeyX509Der<'_>>::as_der(self.pair.public_key())
            .map(|der| der.as_ref().to_vec())
            .map_err(|_unspecified| KeyError::Cipher)
    }

    pub(super) fn encrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        plain: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        let algorithm = oaep(algorithm).ok_or(KeyError::Unsupported(self.spec))?;
        OaepPublicEncryptingKey::new(self.private.public_key())
            .map_err(|_unspecified| KeyError::Cipher)
            .and_then(|key| encrypt(&key, algorithm, plain))
    }

    pub(super) fn decrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        text: &[u8],
    ) -> Result<Secret<Vec<u8>>, KeyError> {
        let algorithm = oaep(algorithm).ok_or(KeyError::Unsupported(self.spec))?;
        let key = OaepPrivateDecryptingKey::new(self.private.clone())
            .map_err(|_unspecified| KeyError::Cipher)?;
        let mut plain = Zeroizing::new(vec![0; key.min_output_size()]);
        let length = key
            .decrypt(algorithm, text, &mut plain, None)
            .map_err(|_unspecified| KeyError::Rejected)?
            .len();
        plain.truncate(length);
        Ok(Secret::new(std::mem::take(&mut *plain)))
    }

    /// Of RSAES-PKCS1-v1_5, for imports alone: bad padding and a bad key inside look alike.
    pub(super) fn decrypt_pkcs1(&self, text: &[u8]) -> Result<Secret<Vec<u8>>, KeyError> {
        let key = Pkcs1PrivateDecryptingKey::new(self.private.clone())
            .map_err(|_unspecified| KeyError::Cipher)?;
        let mut plain = Zeroizing::new(vec![0; key.min_output_size()]);
        let length = key
            .decrypt(text, &mut plain)
            .map_err(|_unspecified| KeyError::Rejected)?
            .len();
        plain.truncate(length);
        Ok(Secret::new(std::mem::take(&mut *plain)))
    }

    pub(super) fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        what: ToSign<'_>,
    ) -> Result<Vec<u8>, KeyError> {
        let encoding: &'static dyn RsaEncoding = match algorithm {
            SignatureAlgorithm::RsaPssSha256 => &RSA_PSS_SHA256,
            SignatureAlgorithm::RsaPkcs1Sha256 => &RSA_PKCS1_SHA256,
            _ => return Err(KeyError::Unsupported(self.spec)),
        };
        let mut signature = vec![0; self.pair.public_modulus_len()];
        match what {
            ToSign::Digest(digest) => {
                self.pair
                    .sign_digest(encoding, &imported(digest)?, &mut signature)
            }
            ToSign::Message(message) => {
                self.pair
                    .sign(encoding, &SystemRandom::new(), message, &mut signature)
            }
        }
        .map_err(|_unspecified| KeyError::Cipher)?;
        Ok(signature)
    }

    pub(super) fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        what: ToSign<'_>,
        signature: &[u8],
    ) -> Result<bool, KeyError> {
        let parameters: &'static RsaParameters = match algorithm {
            SignatureAlgorithm::RsaPssSha256 => &RSA_PSS_2048_8192_SHA256,
            SignatureAlgorithm::RsaPkcs1Sha256 => &RSA_PKCS1_2048_8192_SHA256,
            _ => return Err(KeyError::Unsupported(self.spec)),
        };
        let key = UnparsedPublicKey::new(parameters, self.pair.public_key());
        Ok(match what {
            ToSign::Digest(digest) => key.verify_digest(&imported(digest)?, signature),
            ToSign::Message(message) => key.verify(message, signature),
        }
        .is_ok())
    }
}

/// Under somebody's public key.
pub(super) fn encrypt(
    key: &OaepPublicEncryptingKey,
    algorithm: &'static OaepAlgorithm,
    plain: &[u8],
) -> Result<Vec<u8>, KeyError> {
    let most = key.max_plaintext_size(algorithm);
    if !(1..=most).contains(&plain.len()) {
        return Err(KeyError::Length { most });
    }
    let mut text = vec![0; key.ciphertext_size()];
    let length = key
        .encrypt(algorithm, plain, &mut text, None)
        .map_err(|_unspecified| KeyError::Cipher)?
        .len();
    text.truncate(length);
    Ok(text)
}

pub(super) fn oaep(algorithm: EncryptionAlgorithm) -> Option<&'static OaepAlgorithm> {
    match algorithm {
        EncryptionAlgorithm::RsaesOaepSha1 => Some(&OAEP_SHA1_MGF1SHA1),
        EncryptionAlgorithm::RsaesOaepSha256 => Some(&OAEP_SHA256_MGF1SHA256),
        EncryptionAlgorithm::Sm2Pke => None,
    }
}

fn written(pair: &KeyPair) -> Result<Secret<Vec<u8>>, KeyError> {
    AsDer::<Pkcs8V1Der<'_>>::as_der(pair)
        .map(|der| Secret::new(der.as_ref().to_vec()))
        .map_err(|_unspecified| KeyError::Cipher)
}
