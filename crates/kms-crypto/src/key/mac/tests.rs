use hex::decode;

use super::*;

fn check(algorithm: MacAlgorithm, key: &str, message: &[u8], mac: &str) {
    let key = MacKey::new(algorithm, &decode(key).unwrap()).unwrap();
    assert_eq!(hex::encode(key.make(message)), mac, "{algorithm}");
    let mac = decode(mac).unwrap();
    assert!(key.verify(message, &mac), "{algorithm}");
    assert!(!key.verify(b"another", &mac), "{algorithm}");
    assert!(!key.verify(message, &mac[..mac.len() - 1]), "{algorithm}");
    assert!(!key.verify(message, &[]), "{algorithm}");
    for at in 0..mac.len() {
        let mut spoilt = mac.clone();
        spoilt[at] ^= 1;
        assert!(!key.verify(message, &spoilt), "{algorithm} {at}");
    }
}

/// RFC 4231, test case 2.
#[test]
fn sha_2_as_rfc_4231_has_it() {
    let message = b"what do ya want for nothing?";
    for (algorithm, mac) in [
        (
            MacAlgorithm::HmacSha224,
            "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
        ),
        (
            MacAlgorithm::HmacSha256,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            MacAlgorithm::HmacSha384,
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e\
             8e2240ca5e69e2c78b3239ecfab21649",
        ),
        (
            MacAlgorithm::HmacSha512,
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
             9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
    ] {
        check(algorithm, "4a656665", message, mac);
    }
}

/// GM/T 0042, appendix D.3.
#[test]
fn sm3_as_gmt_0042_has_it() {
    check(
        MacAlgorithm::HmacSm3,
        "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq\
          abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a",
    );
}
