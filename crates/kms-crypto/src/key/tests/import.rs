use aws_lc_rs::rsa::{Pkcs1PublicEncryptingKey, PublicEncryptingKey};
use jiff::SignedDuration;
use kms_types::{EncryptionAlgorithm, KeyFormat, KeySpec, WrappingAlgorithm, WrappingKeySpec};

use super::*;
use crate::OpenError;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn offer(keyring: &Keyring, spec: WrappingKeySpec, algorithm: WrappingAlgorithm) -> ImportOffer {
    let at = here();
    ImportOffer::new(keyring, &at.account, &at.key, spec, algorithm, now() + DAY).unwrap()
}

fn token(keyring: &Keyring, offer: &ImportOffer) -> ImportToken {
    let at = here();
    ImportToken::open(keyring, &at.account, &at.key, &offer.token, now()).unwrap()
}

/// What the one who imports does.
fn wrap(offer: &ImportOffer, algorithm: WrappingAlgorithm, plain: &[u8]) -> Vec<u8> {
    let (spec, algorithm) = match algorithm {
        WrappingAlgorithm::RsaesPkcs1V15 => {
            let key = PublicEncryptingKey::from_der(&offer.public_key).unwrap();
            let key = Pkcs1PublicEncryptingKey::new(key).unwrap();
            let mut text = vec![0; key.ciphertext_size()];
            key.encrypt(plain, &mut text).unwrap();
            return text;
        }
        WrappingAlgorithm::RsaesOaepSha1 => {
            (WrappingKeySpec::Rsa2048, EncryptionAlgorithm::RsaesOaepSha1)
        }
        WrappingAlgorithm::RsaesOaepSha256 => (
            WrappingKeySpec::Rsa2048,
            EncryptionAlgorithm::RsaesOaepSha256,
        ),
        WrappingAlgorithm::Sm2Pke => (WrappingKeySpec::EcSm2, EncryptionAlgorithm::Sm2Pke),
    };
    ForeignKey::parse(spec, &offer.public_key)
        .unwrap()
        .encrypt(algorithm, &Secret::new(plain.to_vec()))
        .unwrap()
}

#[test]
fn material_comes_in_under_every_algorithm() {
    let keyring = keyring();
    for spec in WrappingKeySpec::ALL.iter().copied() {
        for algorithm in spec.algorithms().iter().copied() {
            let offer = offer(&keyring, spec, algorithm);
            let text = wrap(&offer, algorithm, &[7; 32]);
            let token = token(&keyring, &offer);
            let material = token.unwrap(KeySpec::Aes256, &text).unwrap();
            let same = imported(KeySpec::Aes256, &[7; 32]);
            let blob = same
                .encrypt(&here().version, Binding::Nothing, b"text")
                .unwrap();
            let key = material.handle().unwrap();
            let plain = key.decrypt(&blob, Binding::Nothing).unwrap();
            assert_eq!(plain.expose(), b"text", "{algorithm}");

            let refused = Some(KeyError::Material(KeySpec::Sm4));
            assert_eq!(token.unwrap(KeySpec::Sm4, &text).err(), refused);
            let mut spoilt = text.clone();
            let last = spoilt.len() - 1;
            spoilt[last] ^= 1;
            assert_eq!(
                token.unwrap(KeySpec::Aes256, &spoilt).err(),
                Some(KeyError::Material(KeySpec::Aes256)),
                "{algorithm}"
            );
            assert_eq!(token.unwrap(KeySpec::Sm4, b"").err(), refused);
        }
    }
}

#[test]
fn pairs_come_in_too_where_they_fit() {
    let keyring = keyring();
    let pair = DataKeyPair::generate(KeySpec::EcP256, KeyFormat::Der).unwrap();
    let algorithm = WrappingAlgorithm::RsaesOaepSha256;
    let offer = offer(&keyring, WrappingKeySpec::Rsa2048, algorithm);
    let text = wrap(&offer, algorithm, pair.private.expose());
    let token = token(&keyring, &offer);
    let key = token.unwrap(KeySpec::EcP256, &text).unwrap();
    assert_eq!(key.handle().unwrap().public_key_der().unwrap(), pair.public);
    assert_eq!(
        token.unwrap(KeySpec::EcP256K, &text).err(),
        Some(KeyError::Material(KeySpec::EcP256K))
    );
}

#[test]
fn a_token_is_for_its_key_its_account_and_its_day() {
    let keyring = keyring();
    let offer = offer(&keyring, WrappingKeySpec::EcSm2, WrappingAlgorithm::Sm2Pke);
    let at = here();
    let open = |account: &str, key: &str, token: &[u8], now| {
        let account = account.parse().unwrap();
        let key = key.parse().unwrap();
        ImportToken::open(&keyring, &account, &key, token, now).err()
    };
    let (account, key) = (at.account.as_str(), at.key.as_str());
    let second = SignedDuration::from_secs(1);
    assert_eq!(open(account, key, &offer.token, now() + DAY - second), None);
    assert_eq!(
        open(account, key, &offer.token, now() + DAY),
        Some(KeyError::Expired)
    );
    let rejected = Some(KeyError::Open(OpenError::Rejected));
    assert_eq!(open("1001", key, &offer.token, now()), rejected);
    assert_eq!(open(account, "key-hzz2", &offer.token, now()), rejected);
    let mut spoilt = offer.token.clone();
    spoilt[100] ^= 1;
    assert_eq!(open(account, key, &spoilt, now()), rejected);
    assert_eq!(
        open(account, key, b"token", now()),
        Some(KeyError::Open(OpenError::Format))
    );
}

#[test]
fn an_algorithm_of_another_kind_of_key_is_refused() {
    let at = here();
    for (spec, algorithm) in [
        (WrappingKeySpec::EcSm2, WrappingAlgorithm::RsaesOaepSha256),
        (WrappingKeySpec::Rsa2048, WrappingAlgorithm::Sm2Pke),
    ] {
        assert_eq!(
            ImportOffer::new(&keyring(), &at.account, &at.key, spec, algorithm, now()).err(),
            Some(KeyError::PublicKey)
        );
    }
}

#[test]
fn data_keys_leave_under_the_callers_key_alone() {
    let secret = Secret::new(b"a data key of 32 bytes, all here".to_vec());
    for (spec, wrapping, algorithms) in [
        (
            KeySpec::Rsa2048,
            WrappingKeySpec::Rsa2048,
            &[
                EncryptionAlgorithm::RsaesOaepSha1,
                EncryptionAlgorithm::RsaesOaepSha256,
            ][..],
        ),
        (
            KeySpec::EcSm2,
            WrappingKeySpec::EcSm2,
            &[EncryptionAlgorithm::Sm2Pke],
        ),
    ] {
        let callers = KeyMaterial::generate(spec).unwrap().handle().unwrap();
        let public = callers.public_key_der().unwrap();
        let key = ForeignKey::parse(wrapping, &public).unwrap();
        for algorithm in EncryptionAlgorithm::ALL.iter().copied() {
            let text = key.encrypt(algorithm, &secret);
            if algorithms.contains(&algorithm) {
                let plain = callers.private_decrypt(algorithm, &text.unwrap()).unwrap();
                assert_eq!(plain.expose(), secret.expose());
            } else {
                assert_eq!(text.err(), Some(KeyError::PublicKey));
            }
        }
        let other = match wrapping {
            WrappingKeySpec::Rsa2048 => WrappingKeySpec::EcSm2,
            WrappingKeySpec::EcSm2 => WrappingKeySpec::Rsa2048,
        };
        assert_eq!(
            ForeignKey::parse(other, &public).err(),
            Some(KeyError::PublicKey)
        );
        if wrapping == WrappingKeySpec::EcSm2 {
            let point = &public[public.len() - 65..];
            assert!(ForeignKey::parse(wrapping, point).is_ok());
            let mut off = point.to_vec();
            off[64] ^= 1;
            assert_eq!(
                ForeignKey::parse(wrapping, &off).err(),
                Some(KeyError::PublicKey)
            );
        }
    }
}

#[test]
fn the_same_material_has_the_same_check_value() {
    let of = |spec, bytes: &[u8]| {
        KeyMaterial::import(spec, &Secret::new(bytes.to_vec()))
            .unwrap()
            .check_value()
    };
    let one = of(KeySpec::Aes128, b"0123456789abcdef");
    // HMAC-SHA-256 with the key, of `kms/check-value/1/Aliyun_AES_128`.
    assert_eq!(
        hex::encode(one),
        "eb92d2fbc7ad7a08e4bc70bf3ccaf877f8208105027e0bb86deeffcd9290ea4f"
    );
    assert_eq!(one, of(KeySpec::Aes128, b"0123456789abcdef"));
    assert_ne!(one, of(KeySpec::Aes128, b"0123456789abcdeg"));
    assert_ne!(one, of(KeySpec::Sm4, b"0123456789abcdef"));
}
