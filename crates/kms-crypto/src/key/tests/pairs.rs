use aws_lc_rs::digest::{SHA256, digest};
use kms_types::{EncryptionAlgorithm, KeyFormat, KeySpec, MacAlgorithm, SignatureAlgorithm};

use super::*;

#[test]
fn each_kind_does_what_its_table_says_and_nothing_else() {
    let version = VERSION.parse().unwrap();
    for spec in KeySpec::ALL.iter().copied() {
        let key = KeyMaterial::generate(spec).unwrap().handle().unwrap();
        assert_eq!(key.spec(), spec);
        let unsupported = Some(KeyError::Unsupported(spec));

        let blob = key.encrypt(&version, Binding::Nothing, b"text");
        if spec.is_symmetric() {
            let plain = key.decrypt(&blob.unwrap(), Binding::Nothing).unwrap();
            assert_eq!(plain.expose(), b"text");
        } else {
            assert_eq!(blob.err(), unsupported, "{spec}");
        }

        for algorithm in EncryptionAlgorithm::ALL.iter().copied() {
            let text = key.public_encrypt(algorithm, b"text");
            if spec.encryption_algorithms().contains(&algorithm) {
                let plain = key.private_decrypt(algorithm, &text.unwrap()).unwrap();
                assert_eq!(plain.expose(), b"text", "{spec} {algorithm}");
            } else {
                assert_eq!(text.err(), unsupported, "{spec} {algorithm}");
                assert_eq!(
                    key.private_decrypt(algorithm, b"text").err(),
                    unsupported,
                    "{spec} {algorithm}"
                );
            }
        }

        for algorithm in SignatureAlgorithm::ALL.iter().copied() {
            let signature = key.sign(algorithm, ToSign::Message(b"message"));
            if spec.signature_algorithms().contains(&algorithm) {
                let verify = |what| key.verify(algorithm, what, signature.as_ref().unwrap());
                assert_eq!(verify(ToSign::Message(b"message")), Ok(true));
                assert_eq!(verify(ToSign::Message(b"massage")), Ok(false));
            } else {
                assert_eq!(signature.err(), unsupported, "{spec} {algorithm}");
                assert_eq!(
                    key.verify(algorithm, ToSign::Message(b""), b"").err(),
                    unsupported,
                    "{spec} {algorithm}"
                );
            }
        }

        for algorithm in MacAlgorithm::ALL.iter().copied() {
            let mac = key.mac(algorithm, b"message");
            if spec.mac_algorithm() == Some(algorithm) {
                assert_eq!(
                    key.verify_mac(algorithm, b"message", &mac.unwrap()),
                    Ok(true)
                );
            } else {
                assert_eq!(mac.err(), unsupported, "{spec} {algorithm}");
            }
        }

        if spec.is_pair() {
            assert!(key.public_key_der().is_ok(), "{spec}");
        } else {
            assert_eq!(key.public_key_der().err(), unsupported, "{spec}");
        }
    }
}

/// A digest and its message have the same signatures, where the algorithm's digest is of
/// the message alone.
#[test]
fn a_digest_stands_for_its_message() {
    for spec in [KeySpec::Rsa2048, KeySpec::EcP256, KeySpec::EcP256K] {
        let key = KeyMaterial::generate(spec).unwrap().handle().unwrap();
        let hashed = digest(&SHA256, b"message");
        for algorithm in spec.signature_algorithms().iter().copied() {
            let signature = key
                .sign(algorithm, ToSign::Digest(hashed.as_ref()))
                .unwrap();
            let verify = |what| key.verify(algorithm, what, &signature);
            assert_eq!(verify(ToSign::Message(b"message")), Ok(true), "{spec}");
            assert_eq!(verify(ToSign::Digest(hashed.as_ref())), Ok(true), "{spec}");
            assert_eq!(verify(ToSign::Digest(&[0; 32])), Ok(false), "{spec}");
            for length in [0, 20, 31, 33, 64] {
                let wrong = vec![0; length];
                let error = Some(KeyError::Digest { length: 32 });
                let what = ToSign::Digest(&wrong);
                assert_eq!(key.sign(algorithm, what).err(), error);
                assert_eq!(key.verify(algorithm, what, &signature).err(), error);
            }
        }
    }
}

/// As many bytes as the table of AsymmetricEncrypt in the cloud's documents says.
#[test]
fn public_keys_take_so_many_bytes() {
    for (spec, algorithm, most) in [
        (KeySpec::Rsa2048, EncryptionAlgorithm::RsaesOaepSha256, 190),
        (KeySpec::Rsa2048, EncryptionAlgorithm::RsaesOaepSha1, 214),
        (KeySpec::EcSm2, EncryptionAlgorithm::Sm2Pke, 6047),
    ] {
        let key = KeyMaterial::generate(spec).unwrap().handle().unwrap();
        let text = key.public_encrypt(algorithm, &vec![9; most]).unwrap();
        let plain = key.private_decrypt(algorithm, &text).unwrap();
        assert_eq!(*plain.expose(), vec![9; most]);
        for length in [0, most + 1] {
            assert_eq!(
                key.public_encrypt(algorithm, &vec![9; length]).err(),
                Some(KeyError::Length { most }),
                "{spec} {algorithm}"
            );
        }
    }
}

#[test]
fn data_key_pairs_are_pairs_in_either_form() {
    for spec in [
        KeySpec::Rsa2048,
        KeySpec::EcP256,
        KeySpec::EcP256K,
        KeySpec::EcSm2,
    ] {
        let pair = DataKeyPair::generate(spec, KeyFormat::Der).unwrap();
        let key = imported(spec, pair.private.expose());
        assert_eq!(key.public_key_der().unwrap(), pair.public, "{spec}");

        let pair = DataKeyPair::generate(spec, KeyFormat::Pem).unwrap();
        let (label, private) = der::pem::decode_vec(pair.private.expose()).unwrap();
        assert_eq!(label, "PRIVATE KEY");
        let key = imported(spec, &private);
        assert_eq!(
            key.public_key_pem().unwrap().into_bytes(),
            pair.public,
            "{spec}"
        );
    }
    assert_eq!(
        DataKeyPair::generate(KeySpec::Aes256, KeyFormat::Der).err(),
        Some(KeyError::Unsupported(KeySpec::Aes256))
    );
}

#[test]
fn random_bytes_are_as_many_as_asked_and_never_the_same() {
    for count in [1, 16, 32, 1024] {
        assert_eq!(random_bytes(count).unwrap().expose().len(), count);
    }
    assert_ne!(
        random_bytes(32).unwrap().expose(),
        random_bytes(32).unwrap().expose()
    );
}
