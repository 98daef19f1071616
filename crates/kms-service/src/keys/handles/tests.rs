use kms_crypto::KeyMaterial;
use kms_types::KeySpec;

use super::*;

const START: Duration = Duration::from_secs(5);

fn handle() -> KeyHandle {
    let material = KeyMaterial::generate(KeySpec::Aes256).unwrap();
    material.handle().unwrap()
}

#[test]
fn a_handle_is_found_by_its_own_key_and_version() {
    let handles = Handles::default();
    let (key, version) = (KeyId::random(), KeyVersionId::random());
    assert!(handles.get(&key, &version, START).is_none());
    handles.put(&key, &version, &handle(), START);
    assert!(handles.get(&key, &version, START).is_some());
    assert!(handles.get(&KeyId::random(), &version, START).is_none());
    assert!(handles.get(&key, &KeyVersionId::random(), START).is_none());
    assert_eq!(handles.key_of(&version), Some(key));
}

#[test]
fn a_handle_goes_after_its_time() {
    let handles = Handles::default();
    let (key, version) = (KeyId::random(), KeyVersionId::random());
    handles.put(&key, &version, &handle(), START);
    let almost = START + Duration::from_secs(599);
    assert!(handles.get(&key, &version, almost).is_some());
    let after = START + Duration::from_mins(10);
    assert!(handles.get(&key, &version, after).is_none());
    assert_eq!(handles.key_of(&version), None);
}

#[test]
fn a_forgotten_key_is_gone_in_all_its_versions() {
    let handles = Handles::default();
    let (key, other) = (KeyId::random(), KeyId::random());
    let versions = [KeyVersionId::random(), KeyVersionId::random()];
    let kept = KeyVersionId::random();
    for version in &versions {
        handles.put(&key, version, &handle(), START);
    }
    handles.put(&other, &kept, &handle(), START);
    handles.forget(&key);
    for version in &versions {
        assert!(handles.get(&key, version, START).is_none());
    }
    assert!(handles.get(&other, &kept, START).is_some());
}

#[test]
fn there_are_never_more_than_there_is_room_for() {
    let handles = Handles::with_room_for(8);
    let (key, handle) = (KeyId::random(), handle());
    let used = KeyVersionId::random();
    handles.put(&key, &used, &handle, START);
    for _ in 0..100 {
        // What is used stays.
        assert!(handles.get(&key, &used, START).is_some());
        handles.put(&key, &KeyVersionId::random(), &handle, START);
        assert!(handles.kept().by_version.len() <= 8);
    }
}

#[test]
fn nothing_is_shown_but_how_many_there_are() {
    let handles = Handles::default();
    handles.put(&KeyId::random(), &KeyVersionId::random(), &handle(), START);
    assert_eq!(format!("{handles:?}"), "Handles(1)");
}
