//! What strangers hand to keys of kms-crypto: ciphertexts, public keys, key material.

use std::sync::LazyLock;

use kms_crypto::{Binding, CiphertextBlob, ForeignKey, KeyHandle, KeyMaterial};
use kms_types::{EncryptionAlgorithm, KeySpec, Secret, WrappingKeySpec};

/// Keys that nobody has made a ciphertext with.
static SYMMETRIC: LazyLock<Vec<KeyHandle>> = LazyLock::new(|| {
    [KeySpec::Aes256, KeySpec::Sm4]
        .into_iter()
        .map(|spec| {
            KeyMaterial::generate(spec)
                .and_then(|material| material.handle())
                .expect("a key")
        })
        .collect()
});

static SM2: LazyLock<KeyHandle> = LazyLock::new(|| {
    KeyMaterial::generate(KeySpec::EcSm2)
        .and_then(|material| material.handle())
        .expect("a key")
});

/// A ciphertext: written anew it is the same, and no other key opens it.
pub fn blob(input: &[u8]) {
    let Ok(blob) = CiphertextBlob::parse(input) else {
        return;
    };
    assert_eq!(blob.to_bytes(), input);
    assert!(input.starts_with(blob.version().as_str().as_bytes()));
    for key in &*SYMMETRIC {
        assert!(key.decrypt(&blob, Binding::Nothing).is_err());
    }
}

/// Key material, public keys and SM2's ciphertexts: what is taken for a key works as one.
pub fn key(input: &[u8]) {
    assert!(
        SM2.private_decrypt(EncryptionAlgorithm::Sm2Pke, input)
            .is_err()
    );
    for spec in WrappingKeySpec::ALL.iter().copied() {
        if let Ok(key) = ForeignKey::parse(spec, input) {
            let algorithm = match spec {
                WrappingKeySpec::Rsa2048 => EncryptionAlgorithm::RsaesOaepSha256,
                WrappingKeySpec::EcSm2 => EncryptionAlgorithm::Sm2Pke,
            };
            key.encrypt(algorithm, &Secret::new(vec![7; 32]))
                .expect("a ciphertext");
        }
    }
    let bytes = Secret::new(input.to_vec());
    for spec in KeySpec::ALL.iter().copied() {
        if let Ok(material) = KeyMaterial::import(spec, &bytes) {
            let key = material.handle().expect("a handle");
            assert_eq!(key.spec(), spec);
            assert_eq!(key.public_key_der().is_ok(), spec.is_pair());
        }
    }
}
