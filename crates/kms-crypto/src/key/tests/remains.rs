use kms_types::KeySpec;

use super::*;

const BYTES: [u8; 32] = [7; 32];
const OTHER: [u8; 32] = [8; 32];

fn material(bytes: &[u8]) -> KeyMaterial {
    KeyMaterial::import(KeySpec::Aes256, &Secret::new(bytes.to_vec())).unwrap()
}

#[test]
fn the_same_material_is_known_again_and_no_other() {
    let (keyring, at) = (keyring(), here());
    let place = ImportPlace {
        keyring: &keyring,
        account: &at.account,
        key: &at.key,
        version: &at.version,
    };
    let sealed = material(&BYTES)
        .seal(&keyring, &at.account, &at.key, &at.version)
        .unwrap();
    let left = place.take_away(&sealed).unwrap();
    let twice = place.take_away(&left).unwrap();
    for record in [&sealed, &left, &twice] {
        assert_eq!(place.holds(record, &material(&BYTES)), Ok(true));
        assert_eq!(place.holds(record, &material(&OTHER)), Ok(false));
    }
}

#[test]
fn what_is_left_is_no_key() {
    let (keyring, at) = (keyring(), here());
    let place = ImportPlace {
        keyring: &keyring,
        account: &at.account,
        key: &at.key,
        version: &at.version,
    };
    let sealed = material(&BYTES)
        .seal(&keyring, &at.account, &at.key, &at.version)
        .unwrap();
    let left = place.take_away(&sealed).unwrap();
    let opened = KeyHandle::open(&keyring, &at.account, &at.key, &at.version, &left);
    assert_eq!(opened.map(|_| ()).unwrap_err(), KeyError::TakenAway);
    let text = keyring
        .open(
            &crate::Place::KeyMaterial {
                account: &at.account,
                key: &at.key,
                version: &at.version,
            },
            &left,
        )
        .unwrap();
    assert!(!text.expose().windows(8).any(|window| window == [7; 8]));
}

#[test]
fn it_opens_in_its_own_place_alone() {
    let (keyring, at) = (keyring(), here());
    let sealed = material(&BYTES)
        .seal(&keyring, &at.account, &at.key, &at.version)
        .unwrap();
    let elsewhere = OTHER_VERSION.parse().unwrap();
    let place = ImportPlace {
        keyring: &keyring,
        account: &at.account,
        key: &at.key,
        version: &elsewhere,
    };
    assert!(matches!(place.take_away(&sealed), Err(KeyError::Open(_))));
    let same = place.holds(&sealed, &material(&BYTES));
    assert!(matches!(same, Err(KeyError::Open(_))));
}
