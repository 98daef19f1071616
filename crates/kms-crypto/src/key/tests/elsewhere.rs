//! Against other implementations: what they made, ours reads; what ours made, they read.

use std::collections::BTreeMap;

use k256::ecdsa::signature::Verifier as _;
use kms_types::KeySpec;
use p256::pkcs8::DecodePublicKey;
use serde_json::Value;

use super::*;

const MESSAGE: &[u8] = b"a message made elsewhere";

fn cases() -> Vec<(KeySpec, KeyHandle, Value)> {
    let all: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("../../../tests/keys/elsewhere.json")).unwrap();
    assert_eq!(all.len(), 6);
    all.into_iter()
        .map(|(name, case)| {
            let spec: KeySpec = name.parse().unwrap();
            let key = imported(spec, &unhex(case["pkcs8"].as_str().unwrap()));
            (spec, key, case)
        })
        .collect()
}

fn made(case: &Value, kind: &str) -> Vec<(String, Vec<u8>)> {
    case[kind]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, hex)| (name.clone(), unhex(hex.as_str().unwrap())))
        .collect()
}

#[test]
fn public_keys_are_written_as_openssl_writes_them() {
    for (spec, key, case) in cases() {
        assert_eq!(key.public_key_pem().unwrap(), case["public"], "{spec}");
    }
}

#[test]
fn ciphertexts_made_elsewhere_decrypt() {
    let mut seen = 0;
    for (spec, key, case) in cases() {
        for (name, mut text) in made(&case, "encrypted") {
            let algorithm = name.parse().unwrap();
            let plain = key.private_decrypt(algorithm, &text).unwrap();
            assert_eq!(plain.expose(), MESSAGE, "{spec} {name}");
            let last = text.len() - 1;
            text[last] ^= 1;
            assert_eq!(
                key.private_decrypt(algorithm, &text).err(),
                Some(KeyError::Rejected),
                "{spec} {name}"
            );
            seen += 1;
        }
    }
    assert_eq!(seen, 7);
}

#[test]
fn signatures_made_elsewhere_verify() {
    let mut seen = 0;
    for (spec, key, case) in cases() {
        for (name, signature) in made(&case, "signed") {
            let algorithm = name.parse().unwrap();
            let verify = |message, signature: &[u8]| {
                key.verify(algorithm, ToSign::Message(message), signature)
            };
            assert_eq!(verify(MESSAGE, &signature), Ok(true), "{spec} {name}");
            assert_eq!(verify(b"another", &signature), Ok(false), "{spec} {name}");
            for at in [0, signature.len() / 2, signature.len() - 1] {
                let mut spoilt = signature.clone();
                spoilt[at] ^= 1;
                assert_eq!(verify(MESSAGE, &spoilt), Ok(false), "{spec} {name} {at}");
            }
            assert_eq!(verify(MESSAGE, b""), Ok(false), "{spec} {name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 9);
}

/// RSASSA-PKCS1-v1_5 leaves nothing to chance: both make the same bytes.
#[test]
fn signatures_without_chance_are_the_same_elsewhere() {
    for (spec, key, case) in cases() {
        let Some(theirs) = case["signed"]["RSA_PKCS1_SHA_256"].as_str() else {
            continue;
        };
        let ours = key
            .sign(
                kms_types::SignatureAlgorithm::RsaPkcs1Sha256,
                ToSign::Message(MESSAGE),
            )
            .unwrap();
        assert_eq!(hex::encode(ours), theirs, "{spec}");
    }
}

#[test]
fn our_ecdsa_signatures_verify_elsewhere() {
    let sign = |key: &KeyHandle| {
        key.sign(
            kms_types::SignatureAlgorithm::EcdsaSha256,
            ToSign::Message(MESSAGE),
        )
        .unwrap()
    };
    for (spec, key, case) in cases() {
        let public = case["public"].as_str().unwrap();
        let (_, public) = der::pem::decode_vec(public.as_bytes()).unwrap();
        match spec {
            KeySpec::EcP256 => {
                let theirs = p256::ecdsa::VerifyingKey::from_public_key_der(&public).unwrap();
                let signature = p256::ecdsa::Signature::from_der(&sign(&key)).unwrap();
                theirs.verify(MESSAGE, &signature).unwrap();
                theirs.verify(b"another", &signature).unwrap_err();
            }
            KeySpec::EcP256K => {
                let theirs = k256::ecdsa::VerifyingKey::from_public_key_der(&public).unwrap();
                let signature = k256::ecdsa::Signature::from_der(&sign(&key)).unwrap();
                // k256 takes only the smaller of the two signatures that are right.
                let signature = signature.normalize_s();
                theirs.verify(MESSAGE, &signature).unwrap();
                theirs.verify(b"another", &signature).unwrap_err();
            }
            _ => {}
        }
    }
}
