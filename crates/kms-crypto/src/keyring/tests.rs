use kms_types::{AccessKeyId, AccountId, DataType, SecretName, VersionId};

use super::*;

/// The facts of one place, so that tests can change one at a time.
#[derive(Clone)]
struct Facts {
    account: AccountId,
    secret: SecretName,
    version: VersionId,
    data_type: DataType,
}

impl Facts {
    fn new(account: &str, secret: &str, version: &str, data_type: DataType) -> Self {
        Self {
            account: account.parse().unwrap(),
            secret: secret.parse().unwrap(),
            version: version.parse().unwrap(),
            data_type,
        }
    }

    fn place(&self) -> Place<'_> {
        Place::SecretValue {
            account: &self.account,
            secret: &self.secret,
            version: &self.version,
            data_type: self.data_type,
        }
    }
}

fn here() -> Facts {
    Facts::new("1000", "app/db", "v1", DataType::Text)
}

fn now() -> Timestamp {
    "2025-01-03T07:59:17Z".parse().unwrap()
}

fn keyring() -> Keyring {
    Keyring::generate(now()).unwrap()
}

#[test]
fn opens_what_it_sealed() {
    let keyring = keyring();
    for value in [&b""[..], b"x", b"{\"k3\":\"v3\"}", &vec![0xff; 30_720]] {
        let record = keyring.seal(&here().place(), value).unwrap();
        assert_eq!(record.len(), value.len() + 93);
        let opened = keyring.open(&here().place(), &record).unwrap();
        assert_eq!(opened.expose(), value);
    }
}

#[test]
fn two_records_of_one_value_have_nothing_in_common() {
    let keyring = keyring();
    let one = keyring.seal(&here().place(), b"the same value").unwrap();
    let two = keyring.seal(&here().place(), b"the same value").unwrap();
    assert_eq!(one[..5], two[..5], "format and term");
    let same = one.iter().zip(&two).skip(5).filter(|(a, b)| a == b).count();
    assert!(same < 10, "{same} of {} bytes are alike", one.len());
}

#[test]
fn notices_a_flip_of_any_bit() {
    let keyring = keyring();
    let record = keyring.seal(&here().place(), b"a value").unwrap();
    for at in 0..record.len() {
        for bit in 0..8 {
            let mut changed = record.clone();
            changed[at] ^= 1 << bit;
            assert!(
                keyring.open(&here().place(), &changed).is_err(),
                "{at}.{bit}"
            );
            assert!(keyring.rewrap(&here().place(), &changed).is_err() || at >= 65);
        }
    }
}

#[test]
fn notices_bytes_missing_and_bytes_too_many() {
    let keyring = keyring();
    let record = keyring.seal(&here().place(), b"a value").unwrap();
    for len in 0..record.len() {
        assert!(
            keyring.open(&here().place(), &record[..len]).is_err(),
            "{len}"
        );
    }
    let mut longer = record.clone();
    longer.push(0);
    assert_eq!(
        keyring.open(&here().place(), &longer).unwrap_err(),
        OpenError::Rejected
    );
}

#[test]
fn a_record_opens_in_its_own_place_only() {
    let keyring = keyring();
    let record = keyring.seal(&here().place(), b"a value").unwrap();
    for elsewhere in [
        Facts::new("1001", "app/db", "v1", DataType::Text),
        Facts::new("1000", "app/dc", "v1", DataType::Text),
        Facts::new("1000", "app/db", "v2", DataType::Text),
        Facts::new("1000", "app/db", "v1", DataType::Binary),
        // Without lengths in front these would be the same text as the right place.
        Facts::new("100", "0app/db", "v1", DataType::Text),
        Facts::new("1000", "app/dbv", "1", DataType::Text),
    ] {
        let opened = keyring.open(&elsewhere.place(), &record);
        assert_eq!(
            opened.unwrap_err(),
            OpenError::Rejected,
            "{:?}",
            elsewhere.place()
        );
    }
}

#[test]
fn a_record_is_of_one_kind() {
    let keyring = keyring();
    let account: AccountId = "1000".parse().unwrap();
    let id: AccessKeyId = "LTAI5tTest".parse().unwrap();
    let key = Place::AccessKeySecret {
        account: &account,
        id: &id,
    };
    let record = keyring.seal(&key, b"secret half").unwrap();
    assert_eq!(
        keyring.open(&key, &record).unwrap().expose(),
        b"secret half"
    );
    assert!(keyring.open(&here().place(), &record).is_err());
}

#[test]
fn data_keys_and_values_of_two_records_cannot_be_mixed() {
    let keyring = keyring();
    let one = keyring.seal(&here().place(), b"first").unwrap();
    let two = keyring.seal(&here().place(), b"other").unwrap();
    let mut mixed = one[..65].to_vec();
    mixed.extend_from_slice(&two[65..]);
    assert_eq!(
        keyring.open(&here().place(), &mixed).unwrap_err(),
        OpenError::Rejected
    );
}

#[test]
fn another_installation_opens_nothing() {
    let record = keyring().seal(&here().place(), b"a value").unwrap();
    assert_eq!(
        keyring().open(&here().place(), &record).unwrap_err(),
        OpenError::Rejected
    );
}

#[test]
fn unknown_formats_and_terms_are_errors() {
    let keyring = keyring();
    let record = keyring.seal(&here().place(), b"a value").unwrap();
    let mut other = record.clone();
    other[0] = 2;
    assert_eq!(
        keyring.open(&here().place(), &other).unwrap_err(),
        OpenError::Format
    );
    let mut other = record;
    other[4] = 9;
    assert_eq!(
        keyring.open(&here().place(), &other).unwrap_err(),
        OpenError::UnknownTerm(9)
    );
}

#[test]
fn a_new_term_seals_and_the_old_one_still_opens() {
    let old = keyring();
    let record = old.seal(&here().place(), b"a value").unwrap();
    let new = old.with_new_term(now()).unwrap();
    assert_eq!(
        new.open(&here().place(), &record).unwrap().expose(),
        b"a value"
    );

    let rewrapped = new.rewrap(&here().place(), &record).unwrap();
    assert_eq!(rewrapped[1..5], [0, 0, 0, 2]);
    assert_eq!(
        rewrapped[65..],
        record[65..],
        "the value's ciphertext is untouched"
    );
    assert_eq!(
        new.open(&here().place(), &rewrapped).unwrap().expose(),
        b"a value"
    );
    assert_eq!(
        old.open(&here().place(), &rewrapped).unwrap_err(),
        OpenError::UnknownTerm(2)
    );
    let numbers: Vec<u32> = new.terms().map(|(number, _)| number).collect();
    assert_eq!(numbers, [1, 2]);
}

#[test]
fn a_wrapped_keyring_opens_with_its_root_key_alone() {
    let root = RootKey::random().unwrap();
    let keyring = keyring().with_new_term(now()).unwrap();
    let record = keyring.seal(&here().place(), b"a value").unwrap();
    let wrapped = keyring.wrap(&root).unwrap();
    let again = Keyring::unwrap(&root, &wrapped).unwrap();
    assert_eq!(
        again.open(&here().place(), &record).unwrap().expose(),
        b"a value"
    );
    assert_eq!(again.installation(), keyring.installation());

    let other = RootKey::random().unwrap();
    assert_eq!(
        Keyring::unwrap(&other, &wrapped).unwrap_err(),
        KeyringError::OtherRootKey {
            wrapped_by: root.id(),
            given: other.id()
        }
    );
    for at in 0..wrapped.len() {
        let mut changed = wrapped.clone();
        changed[at] ^= 1;
        assert!(Keyring::unwrap(&root, &changed).is_err(), "{at}");
        assert!(Keyring::unwrap(&root, &wrapped[..at]).is_err(), "{at}");
    }
    let mut longer = wrapped;
    longer.push(0);
    assert_eq!(
        Keyring::unwrap(&root, &longer).unwrap_err(),
        KeyringError::Damaged
    );
}

#[test]
fn debug_shows_no_key() {
    let root = RootKey::random().unwrap();
    let shown = format!("{root:?} {:?}", keyring());
    assert!(shown.len() < 150, "{shown}");
}

/// What version 1 of the formats wrote must open for ever. Made once, by a second
/// implementation of the format (Python's cryptography package); the record lies under
/// the older of two terms.
#[test]
fn opens_the_first_formats() {
    let root = RootKey::from_hex(include_str!("golden/root.hex").trim_end()).unwrap();
    let wrapped = hex::decode(include_str!("golden/keyring.hex").trim_end()).unwrap();
    let record = hex::decode(include_str!("golden/record.hex").trim_end()).unwrap();
    let keyring = Keyring::unwrap(&root, &wrapped).unwrap();
    let facts = Facts::new("1234567890123456", "agent-test", "v2", DataType::Text);
    let value = keyring.open(&facts.place(), &record).unwrap();
    assert_eq!(value.expose(), b"{\"k3\":\"v3\"}");
}

#[test]
fn a_term_that_was_taken_away_opens_nothing_and_the_others_do() {
    let first = keyring();
    let old = first.seal(&here().place(), b"old").unwrap();
    let grown = first.with_new_term(now()).unwrap();
    let new = grown.seal(&here().place(), b"new").unwrap();
    let anew = grown.rewrap(&here().place(), &old).unwrap();
    assert_eq!(
        [&old, &new, &anew].map(|record| Keyring::term_of(record)),
        [Ok(1), Ok(2), Ok(2)]
    );
    assert_eq!((first.newest_term(), grown.newest_term()), (1, 2));
    let left = grown.without_terms_before(2).unwrap();
    let opened = |record: &[u8]| {
        left.open(&here().place(), record)
            .map(|it| it.expose().clone())
    };
    assert_eq!(opened(&old), Err(OpenError::UnknownTerm(1)));
    assert_eq!(opened(&new).unwrap(), b"new");
    assert_eq!(opened(&anew).unwrap(), b"old");
    assert_eq!(left.with_new_term(now()).unwrap().newest_term(), 3);
    assert_eq!(
        left.without_terms_before(3).unwrap_err(),
        KeyringError::Full
    );
    assert_eq!(Keyring::term_of(&[]), Err(OpenError::Format));
    assert_eq!(Keyring::term_of(&[2, 0, 0, 0, 1]), Err(OpenError::Format));
}

#[test]
fn a_keyring_with_less_is_another_format_and_neither_passes_for_the_other() {
    let root = RootKey::random().unwrap();
    let whole = keyring().with_new_term(now()).unwrap();
    let less = whole.without_terms_before(2).unwrap();
    for (ring, format) in [(whole, 1), (less, 2)] {
        let mut wrapped = ring.wrap(&root).unwrap();
        assert_eq!(wrapped[0], format);
        Keyring::unwrap(&root, &wrapped).unwrap();
        wrapped[0] = 3 - format;
        assert_eq!(
            Keyring::unwrap(&root, &wrapped).unwrap_err(),
            KeyringError::Damaged
        );
        wrapped[0] = 3;
        assert_eq!(
            Keyring::unwrap(&root, &wrapped).unwrap_err(),
            KeyringError::Format
        );
    }
}
