use aws_lc_rs::{
    rand::SystemRandom,
    signature::{self, RsaKeyPair, UnparsedPublicKey},
};
use jiff::Timestamp;
use kms_types::Secret;
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use x509_parser::{parse_x509_certificate, pem::parse_x509_pem};

use super::{NewClientKey, generate_client_key};

const PASSWORD: &str = "A1~long-enough-password";

fn make() -> NewClientKey {
    generate_client_key(
        "kst-test-client",
        "2026-11-25T12:00:00Z".parse::<Timestamp>().unwrap(),
        "2031-11-25T12:00:01Z".parse::<Timestamp>().unwrap(),
        &Secret::from(PASSWORD),
    )
    .unwrap()
}

fn open(key: &NewClientKey, password: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let store =
        KeyStore::from_pkcs12(key.pkcs12.expose(), password, Pkcs12ImportPolicy::Strict).ok()?;
    let (_, chain) = store.private_key_chain()?;
    let certificate = chain.certs().first()?.as_der().to_vec();
    Some((chain.key().as_der().to_vec(), certificate))
}

#[test]
fn the_private_half_signs_what_the_public_half_verifies() {
    let key = make();
    let (private, _) = open(&key, PASSWORD).unwrap();
    let private = RsaKeyPair::from_pkcs8(&private).unwrap();
    assert_eq!(private.public_modulus_len(), 256);
    let mut signed = vec![0; 256];
    private
        .sign(
            &signature::RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            b"text",
            &mut signed,
        )
        .unwrap();
    UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, &key.public_key)
        .verify(b"text", &signed)
        .unwrap();
}

#[test]
fn the_certificate_says_whose_it_is_and_how_long() {
    let key = make();
    let (_, inside) = open(&key, PASSWORD).unwrap();
    let (_, pem) = parse_x509_pem(key.certificate.as_bytes()).unwrap();
    assert_eq!(pem.contents, inside);
    let (_, certificate) = parse_x509_certificate(&inside).unwrap();
    assert_eq!(certificate.subject().to_string(), "CN=kst-test-client");
    assert_eq!(certificate.issuer(), certificate.subject());
    assert!(certificate.extensions().is_empty());
    let [from, to] = [
        certificate.validity().not_before,
        certificate.validity().not_after,
    ];
    assert_eq!(from.timestamp(), 1_795_608_000);
    assert_eq!(to.timestamp(), 1_953_374_401);
}

#[test]
fn another_password_opens_nothing() {
    assert!(open(&make(), "A1~long-enough-passwore").is_none());
}

#[test]
fn the_ciphers_are_the_services_and_the_certificate_comes_first() {
    let key = make();
    let bytes = key.pkcs12.expose();
    let places = |needle: &[u8]| -> Vec<usize> {
        (0..bytes.len())
            .filter(|at| bytes[*at..].starts_with(needle))
            .collect()
    };
    let pkcs12 = |rest: &[u8]| {
        let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c];
        places(&[&oid, rest].concat())
    };
    // pbeWithSHAAnd40BitRC2-CBC, 1.2.840.113549.1.12.1.6
    let rc2 = pkcs12(&[0x01, 0x06]);
    // pbeWithSHAAnd3-KeyTripleDES-CBC, 1.2.840.113549.1.12.1.3
    let triple_des = pkcs12(&[0x01, 0x03]);
    // pkcs8ShroudedKeyBag, 1.2.840.113549.1.12.10.1.2
    let shrouded = pkcs12(&[0x0a, 0x01, 0x02]);
    let ([rc2], [triple_des], [shrouded]) = (&rc2[..], &triple_des[..], &shrouded[..]) else {
        panic!("{rc2:?} {triple_des:?} {shrouded:?}");
    };
    assert!(rc2 < shrouded && shrouded < triple_des);
    let sha1 = places(&[0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a]);
    assert!(matches!(sha1[..], [at] if at > *triple_des), "of the MAC");
}

#[test]
fn a_byte_changed_anywhere_is_noticed() {
    let key = make();
    let good = key.pkcs12.expose();
    for at in (60..good.len()).step_by(97) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        let opened = KeyStore::from_pkcs12(&bad, PASSWORD, Pkcs12ImportPolicy::Strict);
        assert!(opened.is_err(), "{at}");
    }
}

#[test]
fn the_key_is_not_shown() {
    assert!(format!("{:?}", make()).contains("pkcs12: [redacted]"));
}
