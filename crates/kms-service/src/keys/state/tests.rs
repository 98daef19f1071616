use kms_types::{ErrorCode, KeyId, KeyOrigin, KeySpec, KeyVersionId};

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn key() -> KeyRecord {
    KeyRecord {
        account: "1000".parse().unwrap(),
        id: KeyId::random(),
        spec: KeySpec::Aes256,
        usage: KeyUsage::EncryptDecrypt,
        origin: KeyOrigin::Kms,
        state: KeyState::Enabled,
        description: String::new(),
        instance_id: String::new(),
        creator: String::new(),
        created: at("2025-01-01T00:00:00Z"),
        rotation_seconds: None,
        last_rotation: None,
        next_rotation: None,
        deletion_protection: false,
        protection_description: String::new(),
        planned_delete: None,
        material_expires: None,
        policy: String::new(),
        primary_version: KeyVersionId::random(),
    }
}

#[test]
fn each_state_refuses_with_its_own_code() {
    let now = at("2025-01-02T00:00:00Z");
    for (state, code) in [
        (KeyState::Disabled, ErrorCode::KeyDisabled),
        (KeyState::PendingDeletion, ErrorCode::KeyPendingDeletion),
        (KeyState::PendingImport, ErrorCode::KeyPendingImport),
    ] {
        let key = KeyRecord { state, ..key() };
        assert_eq!(check_enabled(&key, now).unwrap_err().code, code);
    }
    assert!(check_enabled(&key(), now).is_ok());
}

#[test]
fn material_is_over_at_its_moment_and_not_before() {
    let key = KeyRecord {
        material_expires: Some(at("2025-01-02T00:00:00Z")),
        ..key()
    };
    let before = state(&key, at("2025-01-01T23:59:59Z"));
    assert_eq!(before, KeyState::Enabled);
    let after = state(&key, at("2025-01-02T00:00:00Z"));
    assert_eq!(after, KeyState::PendingImport);
}

#[test]
fn deletion_goes_before_expiry() {
    let key = KeyRecord {
        state: KeyState::PendingDeletion,
        material_expires: Some(at("2025-01-02T00:00:00Z")),
        ..key()
    };
    let after = state(&key, at("2025-01-03T00:00:00Z"));
    assert_eq!(after, KeyState::PendingDeletion);
}

#[test]
fn a_key_is_gone_at_its_moment() {
    let key = KeyRecord {
        planned_delete: Some(at("2025-01-02T00:00:00Z")),
        ..key()
    };
    assert!(!is_gone(&key, at("2025-01-01T23:59:59Z")));
    assert!(is_gone(&key, at("2025-01-02T00:00:00Z")));
}

#[test]
fn an_instance_shows_its_own_keys() {
    let key = KeyRecord {
        instance_id: "kst-one".to_owned(),
        ..key()
    };
    let at = |id: &str| Gateway::Instance(id.parse().unwrap());
    assert!(is_visible(&key, &Gateway::Shared));
    assert!(is_visible(&key, &at("kst-one")));
    assert!(!is_visible(&key, &at("kst-two")));
}
