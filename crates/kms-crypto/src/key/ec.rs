use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256K1_SHA256_ASN1,
        ECDSA_P256K1_SHA256_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        EcdsaVerificationAlgorithm, KeyPair as _, UnparsedPublicKey,
    },
};
use kms_types::{KeySpec, Secret, SignatureAlgorithm};

use super::{
    KeyError,
    to_sign::{ToSign, imported},
};

/// A key pair of ECDSA.
pub(super) struct EcKey {
    spec: KeySpec,
    pair: EcdsaKeyPair,
}

impl EcKey {
    /// PKCS#8 of a fresh pair.
    pub(super) fn generate(spec: KeySpec) -> Result<Secret<Vec<u8>>, KeyError> {
        let pair =
            EcdsaKeyPair::generate(signing(spec)?).map_err(|_unspecified| KeyError::Cipher)?;
        written(&pair)
    }

    /// The same pair as this program writes it.
    pub(super) fn canonical(spec: KeySpec, pkcs8: &[u8]) -> Result<Secret<Vec<u8>>, KeyError> {
        written(&Self::new(spec, pkcs8)?.pair)
    }

    /// From PKCS#8.
    pub(super) fn new(spec: KeySpec, pkcs8: &[u8]) -> Result<Self, KeyError> {
        EcdsaKeyPair::from_pkcs8(signing(spec)?, pkcs8)
            .map(|pair| Self { spec, pair })
            .map_err(|_rejected| KeyError::Material(spec))
    }

    /// SubjectPublicKeyInfo.
    pub(super) fn public(&self) -> Result<Vec<u8>, KeyError> {
        AsDer::<PublicKeyX509Der<'_>>::as_der(self.pair.public_key())
            .map(|der| der.as_ref().to_vec())
            .map_err(|_unspecified| KeyError::Cipher)
    }

    pub(super) fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        what: ToSign<'_>,
    ) -> Result<Vec<u8>, KeyError> {
        self.check(algorithm)?;
        match what {
            ToSign::Digest(digest) => self.pair.sign_digest(&imported(digest)?),
            ToSign::Message(message) => self.pair.sign(&SystemRandom::new(), message),
        }
        .map(|signature| signature.as_ref().to_vec())
        .map_err(|_unspecified| KeyError::Cipher)
    }

    pub(super) fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        what: ToSign<'_>,
        signature: &[u8],
    ) -> Result<bool, KeyError> {
        self.check(algorithm)?;
        let key = UnparsedPublicKey::new(verifying(self.spec)?, self.pair.public_key());
        Ok(match what {
            ToSign::Digest(digest) => key.verify_digest(&imported(digest)?, signature),
            ToSign::Message(message) => key.verify(message, signature),
        }
        .is_ok())
    }

    fn check(&self, algorithm: SignatureAlgorithm) -> Result<(), KeyError> {
        match algorithm {
            SignatureAlgorithm::EcdsaSha256 => Ok(()),
            _ => Err(KeyError::Unsupported(self.spec)),
        }
    }
}

fn signing(spec: KeySpec) -> Result<&'static EcdsaSigningAlgorithm, KeyError> {
    match spec {
        KeySpec::EcP256 => Ok(&ECDSA_P256_SHA256_ASN1_SIGNING),
        KeySpec::EcP256K => Ok(&ECDSA_P256K1_SHA256_ASN1_SIGNING),
        _ => Err(KeyError::Unsupported(spec)),
    }
}

fn verifying(spec: KeySpec) -> Result<&'static EcdsaVerificationAlgorithm, KeyError> {
    match spec {
        KeySpec::EcP256 => Ok(&ECDSA_P256_SHA256_ASN1),
        KeySpec::EcP256K => Ok(&ECDSA_P256K1_SHA256_ASN1),
        _ => Err(KeyError::Unsupported(spec)),
    }
}

fn written(pair: &EcdsaKeyPair) -> Result<Secret<Vec<u8>>, KeyError> {
    pair.to_pkcs8v1()
        .map(|der| Secret::new(der.as_ref().to_vec()))
        .map_err(|_unspecified| KeyError::Cipher)
}
