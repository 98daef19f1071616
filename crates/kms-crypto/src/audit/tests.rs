use super::*;
use crate::RootKey;

fn now() -> jiff::Timestamp {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

/// A keyring whose installation and keys are known: what [`Keyring::wrap`] wrote once.
fn keyring() -> Keyring {
    Keyring::generate(now()).unwrap()
}

#[test]
fn keys_are_the_installations_and_outlive_a_new_term_and_a_restart() {
    let first = keyring();
    let keys = first.audit_keys().unwrap();
    let root = RootKey::random().unwrap();
    let grown = first.with_new_term(now()).unwrap();
    let again = Keyring::unwrap(&root, &grown.wrap(&root).unwrap()).unwrap();
    for same in [&first, &grown, &again] {
        let same = same.audit_keys().unwrap();
        assert_eq!(same.term(), 1);
        assert_eq!(same.public(), keys.public());
        assert_eq!(same.link(&[1; 32], b"line"), keys.link(&[1; 32], b"line"));
        assert_eq!(same.correlate(b"value"), keys.correlate(b"value"));
    }
    assert_ne!(grown.audit_keys_of(2).unwrap().public(), keys.public());
    assert!(grown.audit_keys_of(3).is_none());
    let other = keyring().audit_keys().unwrap();
    assert_ne!(other.public(), keys.public());
    assert_ne!(other.correlate(b"value"), keys.correlate(b"value"));
}

/// As it was derived by HKDF in one, before terms could be taken away.
#[test]
fn extraction_is_hkdfs() {
    use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};

    let filled = |prk: &Prk| {
        let mut out = [0; 32];
        let okm = prk.expand(&[b"about"], HKDF_SHA256).unwrap();
        okm.fill(&mut out).unwrap();
        out
    };
    let whole = Salt::new(HKDF_SHA256, b"kms/audit/1").extract(&[7; 32]);
    let halved = Prk::new_less_safe(HKDF_SHA256, extract(&[7; 32]).as_ref());
    assert_eq!(filled(&whole), filled(&halved));
}

#[test]
fn keys_outlive_the_term_that_they_are_from() {
    let first = keyring();
    let keys = first.audit_keys().unwrap();
    let root = RootKey::random().unwrap();
    let mut ring = first;
    for newest in 2..5 {
        ring = ring.with_new_term(now()).unwrap();
        ring = ring.without_terms_before(newest).unwrap();
        ring = Keyring::unwrap(&root, &ring.wrap(&root).unwrap()).unwrap();
        assert_eq!(
            ring.terms().map(|(number, _)| number).collect::<Vec<_>>(),
            [newest]
        );
        let left = ring.audit_keys().unwrap();
        assert_eq!((left.term(), left.public()), (1, keys.public()));
        assert_eq!(left.link(&[1; 32], b"line"), keys.link(&[1; 32], b"line"));
        assert_eq!(left.correlate(b"value"), keys.correlate(b"value"));
    }
    assert!(ring.audit_keys_of(2).is_none());
}

#[test]
fn purposes_are_kept_apart() {
    let keys = keyring().audit_keys().unwrap();
    let value = [[7; 32].as_slice(), b"line"].concat();
    assert_ne!(keys.link(&[7; 32], b"line"), keys.correlate(&value));
    assert_ne!(keys.link(&[7; 32], b"line"), keys.link(&[8; 32], b"line"));
    assert_ne!(keys.link(&[7; 32], b"line"), keys.link(&[7; 32], b"linf"));
}

#[test]
fn anybody_can_verify_a_checkpoint_and_nobody_can_make_one() {
    let keys = keyring().audit_keys().unwrap();
    let signature = keys.sign(b"checkpoint");
    let public = AuditPublicKey::from_hex(&keys.public().to_hex()).unwrap();
    assert!(public.verifies(b"checkpoint", &signature));
    assert!(!public.verifies(b"checkpoinu", &signature));
    let mut spoilt = signature;
    spoilt[63] ^= 1;
    assert!(!public.verifies(b"checkpoint", &spoilt));
    assert!(!public.verifies(b"checkpoint", b""));
    let other = keyring().audit_keys().unwrap().public();
    assert!(!other.verifies(b"checkpoint", &signature));
    assert!(AuditPublicKey::from_hex("00").is_none());
}

/// SHA-256 of 32 zeros and "abc", from `sha256sum`.
#[test]
fn a_digest_goes_on_from_an_earlier_one() {
    let mut digest = AuditDigest::after(&[0; 32]);
    digest.update(b"a");
    digest.update(b"bc");
    let expected = "365aa7d8f7f9402c4b9434502b4cc89ddb09fe50d7cd95b493b834c62d5a5370";
    assert_eq!(hex::encode(digest.value()), expected);
    assert_eq!(hex::encode(digest.value()), expected);
}

#[test]
fn nothing_of_the_keys_is_shown() {
    let keys = keyring().audit_keys().unwrap();
    assert_eq!(format!("{keys:?}"), "AuditKeys { term: 1, .. }");
}
