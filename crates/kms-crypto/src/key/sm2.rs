use der::{Decode, Encode};
use kms_types::{EncryptionAlgorithm, KeySpec, Secret, SignatureAlgorithm};
use sm2::{
    PublicKey, SecretKey, Sm2,
    dsa::{
        Signature, SigningKey, VerifyingKey,
        signature::{
            RandomizedSigner, Verifier,
            hazmat::{PrehashVerifier, RandomizedPrehashSigner},
        },
    },
    elliptic_curve::Generate,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey},
    pke::{Cipher, DecryptingKey, EncryptingKey},
};
use sm3::Sm3;
use zeroize::Zeroizing;

use super::{KeyError, random::SystemBits, to_sign::ToSign};

/// Who signs, where nothing else was agreed (GB/T 35276 §10).
const SIGNER: &str = "1234567812345678";

/// How many bytes AsymmetricEncrypt takes for such a key.
pub(super) const MOST: usize = 6047;

/// A key pair of SM2. The library wipes the secret key as it is kept here; the keys that it
/// signs and decrypts with are made of it for each call, and stay on the stack.
pub(super) struct Sm2Key {
    secret: SecretKey,
    verifying: VerifyingKey,
}

impl Sm2Key {
    /// PKCS#8 of a fresh pair.
    pub(super) fn generate() -> Result<Secret<Vec<u8>>, KeyError> {
        let secret = SecretKey::try_generate_from_rng(&mut SystemBits)
            .map_err(|_unspecified| KeyError::Cipher)?;
        written(&secret)
    }

    /// The same pair as this program writes it.
    pub(super) fn canonical(pkcs8: &[u8]) -> Result<Secret<Vec<u8>>, KeyError> {
        written(&Self::new(pkcs8)?.secret)
    }

    /// From PKCS#8.
    pub(super) fn new(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let secret = SecretKey::from_pkcs8_der(pkcs8)
            .map_err(|_reason| KeyError::Material(KeySpec::EcSm2))?;
        let verifying = VerifyingKey::new(SIGNER, secret.public_key())
            .map_err(|_reason| KeyError::Material(KeySpec::EcSm2))?;
        Ok(Self { secret, verifying })
    }

    /// SubjectPublicKeyInfo.
    pub(super) fn public(&self) -> Result<Vec<u8>, KeyError> {
        self.secret
            .public_key()
            .to_public_key_der()
            .map(|der| der.as_bytes().to_vec())
            .map_err(|_reason| KeyError::Cipher)
    }

    pub(super) fn encrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        plain: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        check_encryption(algorithm)?;
        encrypt(self.secret.public_key(), plain)
    }

    pub(super) fn decrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        text: &[u8],
    ) -> Result<Secret<Vec<u8>>, KeyError> {
        check_encryption(algorithm)?;
        let cipher = Cipher::<Sm2, Sm3>::from_der(text).map_err(|_reason| KeyError::Rejected)?;
        if !(1..=MOST).contains(&cipher.c2().len()) {
            return Err(KeyError::Rejected);
        }
        let mut plain = Zeroizing::new(vec![0; cipher.c2().len()]);
        DecryptingKey::new(self.secret.clone())
            .decrypt_cipher_with_buf(&cipher, &mut plain)
            .map_err(|_reason| KeyError::Rejected)?;
        Ok(Secret::new(std::mem::take(&mut *plain)))
    }

    /// In DER. The nonce of a signature follows from key, digest and 32 random bytes: it
    /// stays secret where the random generator fails.
    pub(super) fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        what: ToSign<'_>,
    ) -> Result<Vec<u8>, KeyError> {
        check_signature(algorithm)?;
        let key = SigningKey::new(SIGNER, &self.secret).map_err(|_reason| KeyError::Cipher)?;
        let signature: Signature = match what {
            ToSign::Digest(digest) => {
                check_digest(digest)?;
                key.sign_prehash_with_rng(&mut SystemBits, digest)
            }
            ToSign::Message(message) => key.try_sign_with_rng(&mut SystemBits, message),
        }
        .map_err(|_reason| KeyError::Cipher)?;
        Ok(signature.to_der().as_bytes().to_vec())
    }

    pub(super) fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        what: ToSign<'_>,
        signature: &[u8],
    ) -> Result<bool, KeyError> {
        check_signature(algorithm)?;
        if let ToSign::Digest(digest) = what {
            check_digest(digest)?;
        }
        let Ok(signature) = Signature::from_der(signature) else {
            return Ok(false);
        };
        Ok(match what {
            ToSign::Digest(digest) => self.verifying.verify_prehash(digest, &signature),
            ToSign::Message(message) => self.verifying.verify(message, &signature),
        }
        .is_ok())
    }
}

/// Under somebody's public key, in DER.
pub(super) fn encrypt(key: PublicKey, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
    if !(1..=MOST).contains(&plain.len()) {
        return Err(KeyError::Length { most: MOST });
    }
    EncryptingKey::new(key)
        .encrypt_cipher::<_, Sm3>(&mut SystemBits, plain)
        .ok()
        .and_then(|cipher| cipher.to_der().ok())
        .ok_or(KeyError::Cipher)
}

fn check_encryption(algorithm: EncryptionAlgorithm) -> Result<(), KeyError> {
    match algorithm {
        EncryptionAlgorithm::Sm2Pke => Ok(()),
        _ => Err(KeyError::Unsupported(KeySpec::EcSm2)),
    }
}

fn check_signature(algorithm: SignatureAlgorithm) -> Result<(), KeyError> {
    match algorithm {
        SignatureAlgorithm::Sm2Dsa => Ok(()),
        _ => Err(KeyError::Unsupported(KeySpec::EcSm2)),
    }
}

fn check_digest(digest: &[u8]) -> Result<(), KeyError> {
    match digest.len() {
        32 => Ok(()),
        _ => Err(KeyError::Digest { length: 32 }),
    }
}

fn written(secret: &SecretKey) -> Result<Secret<Vec<u8>>, KeyError> {
    secret
        .to_pkcs8_der()
        .map(|der| Secret::new(der.as_bytes().to_vec()))
        .map_err(|_reason| KeyError::Cipher)
}
