use hex::decode;

use super::*;

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    decode(text).unwrap().try_into().unwrap()
}

fn check(spec: KeySpec, key: &str, nonce: &str, bound: &str, plain: &str, sealed: &str) {
    let key = Gcm::new(spec, &decode(key).unwrap()).unwrap();
    let bound = decode(bound).unwrap();
    let mut text = decode(plain).unwrap();
    let tag = key.seal(bytes(nonce), &bound, &mut text).unwrap();
    text.extend_from_slice(&tag);
    assert_eq!(hex::encode(&text), sealed, "{spec}");
    let mut text = Zeroizing::new(text);
    key.open(bytes(nonce), &bound, &mut text).unwrap();
    assert_eq!(hex::encode(&*text), plain, "{spec}");
}

/// RFC 8998, appendix A.1.
#[test]
fn sm4_as_rfc_8998_has_it() {
    check(
        KeySpec::Sm4,
        "0123456789abcdeffedcba9876543210",
        "00001234567800000000abcd",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeee\
         ffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0cc\
         fa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec",
    );
}

/// Test cases 4, 10 and 16 of McGrew and Viega's description of the mode.
#[test]
fn aes_as_its_authors_have_it() {
    let nonce = "cafebabefacedbaddecaf888";
    let bound = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    let plain = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809\
                 532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
    check(
        KeySpec::Aes128,
        "feffe9928665731c6d6a8f9467308308",
        nonce,
        bound,
        plain,
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c\
         7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47",
    );
    check(
        KeySpec::Aes192,
        "feffe9928665731c6d6a8f9467308308feffe9928665731c",
        nonce,
        bound,
        plain,
        "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525\
         ac619d18c84a3f4718e2448b2fe324d9ccda27102519498e80f1478f37ba55bd6d27618c",
    );
    check(
        KeySpec::Aes256,
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        nonce,
        bound,
        plain,
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3d\
         a7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
    );
}

#[test]
fn a_key_of_another_length_is_none() {
    for (spec, length) in [
        (KeySpec::Aes256, 24),
        (KeySpec::Aes192, 32),
        (KeySpec::Aes128, 15),
        (KeySpec::Sm4, 32),
    ] {
        assert_eq!(
            Gcm::new(spec, &vec![0; length]).err(),
            Some(KeyError::Material(spec))
        );
    }
    assert_eq!(
        Gcm::new(KeySpec::Rsa2048, &[0; 32]).err(),
        Some(KeyError::Unsupported(KeySpec::Rsa2048))
    );
}
