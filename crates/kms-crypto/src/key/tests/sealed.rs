use kms_types::KeySpec;

use super::*;
use crate::OpenError;

fn seal(material: &KeyMaterial, keyring: &Keyring, at: &Facts) -> Vec<u8> {
    material
        .seal(keyring, &at.account, &at.key, &at.version)
        .unwrap()
}

fn open(keyring: &Keyring, at: &Facts, record: &[u8]) -> Result<KeyHandle, KeyError> {
    KeyHandle::open(keyring, &at.account, &at.key, &at.version, record)
}

#[test]
fn a_sealed_key_opens_to_the_same_key() {
    let keyring = keyring();
    for spec in KeySpec::ALL.iter().copied() {
        // 3,072 and 4,096 bits take their time, and are sealed as 2,048 are.
        if matches!(spec, KeySpec::Rsa3072 | KeySpec::Rsa4096) {
            continue;
        }
        let material = KeyMaterial::generate(spec).unwrap();
        let before = material.handle().unwrap();
        let after = open(&keyring, &here(), &seal(&material, &keyring, &here())).unwrap();
        assert_eq!(after.spec(), spec);
        if spec.is_pair() {
            assert_eq!(after.public_key_der(), before.public_key_der(), "{spec}");
        } else if let Some(algorithm) = spec.mac_algorithm() {
            assert_eq!(
                after.mac(algorithm, b"message"),
                before.mac(algorithm, b"message"),
                "{spec}"
            );
        } else {
            let version = here().version;
            let blob = before.encrypt(&version, Binding::Nothing, b"text").unwrap();
            let plain = after.decrypt(&blob, Binding::Nothing).unwrap();
            assert_eq!(plain.expose(), b"text", "{spec}");
        }
    }
}

#[test]
fn opens_in_its_own_place_only() {
    let keyring = keyring();
    let record = seal(
        &KeyMaterial::generate(KeySpec::Aes256).unwrap(),
        &keyring,
        &here(),
    );
    let rejected = Some(KeyError::Open(OpenError::Rejected));
    let places = [
        Facts {
            account: "1001".parse().unwrap(),
            ..here()
        },
        Facts {
            key: "key-hzz2".parse().unwrap(),
            ..here()
        },
        Facts {
            version: OTHER_VERSION.parse().unwrap(),
            ..here()
        },
    ];
    for place in places {
        assert_eq!(open(&keyring, &place, &record).err(), rejected);
    }
    assert!(open(&self::keyring(), &here(), &record).is_err());
    for at in 5..record.len() {
        let mut spoilt = record.clone();
        spoilt[at] ^= 1;
        assert_eq!(
            open(&keyring, &here(), &spoilt).err(),
            rejected,
            "byte {at}"
        );
    }
}

#[test]
fn a_sealed_text_that_is_no_key_is_refused() {
    let keyring = keyring();
    let at = here();
    let place = crate::Place::KeyMaterial {
        account: &at.account,
        key: &at.key,
        version: &at.version,
    };
    for (text, error) in [
        (&b""[..], KeyError::Format),
        (b"\x02\x0eAliyun_AES_256", KeyError::Format),
        (b"\x01\x0fAliyun_AES_256", KeyError::Format),
        (b"\x01\x0eAliyun_AES_257", KeyError::Format),
        (b"\x01", KeyError::Format),
        (
            b"\x01\x0eAliyun_AES_2560123456789abcdef",
            KeyError::Material(KeySpec::Aes256),
        ),
        (b"\x01\x08RSA_2048x", KeyError::Material(KeySpec::Rsa2048)),
        (b"\x01\x06EC_SM2x", KeyError::Material(KeySpec::EcSm2)),
    ] {
        let record = keyring.seal(&place, text).unwrap();
        assert_eq!(open(&keyring, &at, &record).err(), Some(error), "{text:?}");
    }
}

/// The format that is stored: made here by hand.
#[test]
fn opens_the_first_format() {
    let keyring = keyring();
    let at = here();
    let place = crate::Place::KeyMaterial {
        account: &at.account,
        key: &at.key,
        version: &at.version,
    };
    let record = keyring
        .seal(&place, b"\x01\x0eAliyun_AES_1280123456789abcdef")
        .unwrap();
    let key = open(&keyring, &at, &record).unwrap();
    let same = imported(KeySpec::Aes128, b"0123456789abcdef");
    let blob = same
        .encrypt(&at.version, Binding::Nothing, b"text")
        .unwrap();
    assert_eq!(
        key.decrypt(&blob, Binding::Nothing).unwrap().expose(),
        b"text"
    );
}
