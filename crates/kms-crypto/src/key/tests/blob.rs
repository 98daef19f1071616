use kms_types::{EncryptionContext, KeySpec};
use serde_json::Value;

use super::*;

const SYMMETRIC: [(KeySpec, usize); 4] = [
    (KeySpec::Aes256, 32),
    (KeySpec::Aes192, 24),
    (KeySpec::Aes128, 16),
    (KeySpec::Sm4, 16),
];

fn context(pairs: &[(&str, &str)]) -> EncryptionContext {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn key(spec: KeySpec) -> KeyHandle {
    KeyMaterial::generate(spec).unwrap().handle().unwrap()
}

fn version() -> KeyVersionId {
    VERSION.parse().unwrap()
}

#[test]
fn comes_back_as_it_went() {
    let bound = context(&[("app", "db"), ("a", "")]);
    for (spec, length) in SYMMETRIC {
        let key = imported(spec, &vec![7; length]);
        for plain in [&b"x"[..], &vec![0xff; 6144]] {
            let blob = key
                .encrypt(&version(), Binding::Context(&bound), plain)
                .unwrap();
            let bytes = blob.to_bytes();
            assert_eq!(bytes.len(), plain.len() + 65, "{spec}");
            assert_eq!(&bytes[..36], VERSION.as_bytes());
            assert_eq!(bytes[36], 1);
            assert_eq!(bytes[37..49], *blob.nonce());
            let read = CiphertextBlob::parse(&bytes).unwrap();
            assert_eq!(read, blob);
            assert_eq!(read.version().as_str(), VERSION);
            let opened = key.decrypt(&read, Binding::Context(&bound)).unwrap();
            assert_eq!(opened.expose(), plain, "{spec}");
        }
    }
}

/// Put together from the layout's description by another program.
#[test]
fn opens_what_the_first_format_holds() {
    let case: Value = serde_json::from_str(include_str!("../../../tests/keys/blob.json")).unwrap();
    let text = |name: &str| case[name].as_str().unwrap();
    let context: EncryptionContext = serde_json::from_value(case["context"].clone()).unwrap();
    let key = imported(KeySpec::Aes256, &unhex(text("key")));
    let blob = CiphertextBlob::parse(&unhex(text("blob"))).unwrap();
    assert_eq!(blob.version().as_str(), text("version"));
    let opened = key.decrypt(&blob, Binding::Context(&context)).unwrap();
    assert_eq!(opened.expose(), b"a message made elsewhere");
}

#[test]
fn a_changed_byte_a_byte_less_or_more_is_refused() {
    for (spec, _) in SYMMETRIC {
        let key = key(spec);
        let bytes = key
            .encrypt(&version(), Binding::Nothing, b"plain text")
            .unwrap()
            .to_bytes();
        let refused = |bytes: &[u8]| match CiphertextBlob::parse(bytes) {
            Ok(blob) => key.decrypt(&blob, Binding::Nothing).err() == Some(KeyError::Rejected),
            Err(_) => true,
        };
        assert!(!refused(&bytes));
        for at in 0..bytes.len() {
            for flip in [1, 0x80] {
                let mut spoilt = bytes.clone();
                spoilt[at] ^= flip;
                assert!(refused(&spoilt), "{spec}, byte {at}");
            }
        }
        for length in 0..bytes.len() {
            assert!(refused(&bytes[..length]), "{spec}, {length} bytes");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(refused(&longer), "{spec}, one byte more");
    }
}

#[test]
fn what_cannot_be_one_is_told_by_its_part() {
    let of = |id: &str, format: u8, rest: usize| {
        let mut bytes = id.as_bytes().to_vec();
        bytes.push(format);
        bytes.extend(vec![0; rest]);
        CiphertextBlob::parse(&bytes).err()
    };
    assert_eq!(of(VERSION, 1, 28), None);
    assert_eq!(of(VERSION, 1, 28 + 6144), None);
    assert_eq!(of(VERSION, 1, 27), Some(BlobError::Length));
    assert_eq!(of(VERSION, 1, 11), Some(BlobError::Length));
    assert_eq!(of(VERSION, 1, 29 + 6144), Some(BlobError::Length));
    assert_eq!(of(VERSION, 0, 28), Some(BlobError::Format));
    assert_eq!(of(VERSION, 2, 28), Some(BlobError::Format));
    assert_eq!(of(&VERSION.to_uppercase(), 1, 28), Some(BlobError::Version));
    assert_eq!(
        CiphertextBlob::parse(VERSION.as_bytes()).err(),
        Some(BlobError::Format)
    );
    assert_eq!(
        CiphertextBlob::parse(&[0xff; 80]).err(),
        Some(BlobError::Version)
    );
    assert_eq!(CiphertextBlob::parse(b"").err(), Some(BlobError::Version));
}

#[test]
fn another_key_version_kind_or_binding_is_refused() {
    let key = imported(KeySpec::Aes128, &[7; 16]);
    let bound = context(&[("a", "bc"), ("d", "e")]);
    let blob = key
        .encrypt(&version(), Binding::Context(&bound), b"plain text")
        .unwrap();
    assert!(key.decrypt(&blob, Binding::Context(&bound)).is_ok());
    for other in [
        context(&[]),
        context(&[("a", "bc")]),
        context(&[("ab", "c"), ("d", "e")]),
        context(&[("a", "bcd"), ("", "e")]),
        context(&[("a", "bc"), ("d", "E")]),
        context(&[("a", "bc"), ("d", "e"), ("f", "")]),
    ] {
        assert_eq!(
            key.decrypt(&blob, Binding::Context(&other)).err(),
            Some(KeyError::Rejected),
            "{:?}",
            other.pairs().collect::<Vec<_>>()
        );
    }
    for other in [Binding::Nothing, Binding::Bytes(b"a"), Binding::Bytes(b"")] {
        assert_eq!(key.decrypt(&blob, other).err(), Some(KeyError::Rejected));
    }
    for other in [
        imported(KeySpec::Aes128, &[8; 16]),
        imported(KeySpec::Sm4, &[7; 16]),
    ] {
        assert_eq!(
            other.decrypt(&blob, Binding::Context(&bound)).err(),
            Some(KeyError::Rejected)
        );
    }
    let moved = [OTHER_VERSION.as_bytes(), &blob.to_bytes()[36..]].concat();
    let moved = CiphertextBlob::parse(&moved).unwrap();
    assert_eq!(
        key.decrypt(&moved, Binding::Context(&bound)).err(),
        Some(KeyError::Rejected)
    );
}

#[test]
fn no_context_is_the_same_as_nothing() {
    let key = key(KeySpec::Aes256);
    let empty = EncryptionContext::default();
    let bindings = [
        Binding::Nothing,
        Binding::Context(&empty),
        Binding::Bytes(b""),
    ];
    for one in bindings {
        let blob = key.encrypt(&version(), one, b"plain text").unwrap();
        for other in bindings {
            assert_eq!(key.decrypt(&blob, other).unwrap().expose(), b"plain text");
        }
    }
}

#[test]
fn takes_1_to_6144_bytes() {
    let key = key(KeySpec::Aes256);
    for length in [0, 6145] {
        assert_eq!(
            key.encrypt(&version(), Binding::Nothing, &vec![0; length])
                .err(),
            Some(KeyError::Length { most: 6144 })
        );
    }
}

#[test]
fn two_of_one_text_have_no_nonce_in_common() {
    let key = key(KeySpec::Sm4);
    let one = key.encrypt(&version(), Binding::Nothing, b"text").unwrap();
    let two = key.encrypt(&version(), Binding::Nothing, b"text").unwrap();
    assert_ne!(one.nonce(), two.nonce());
    assert_ne!(one.to_bytes()[49..], two.to_bytes()[49..]);
}
