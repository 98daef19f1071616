use proptest::prelude::*;

use super::*;

#[test]
fn decodes_once() {
    assert_eq!(decode("a%2Fb").unwrap(), "a/b");
    assert_eq!(decode("a%252Fb").unwrap(), "a%2Fb");
    assert_eq!(decode("a+b").unwrap(), "a+b");
}

#[test]
fn refuses_what_is_ambiguous() {
    for raw in ["%", "%2", "%zz", "%u0041", "a%+1b", "%-1"] {
        assert_eq!(decode(raw), Err(DecodeError::Escape), "{raw}");
    }
    for raw in ["%ff%fe", "%c0%af", "%E5%AF"] {
        assert_eq!(decode(raw), Err(DecodeError::Utf8), "{raw}");
    }
}

fn percent(byte: u8) -> [char; 3] {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap();
    ['%', digit(byte >> 4), digit(byte & 15)]
}

proptest! {
    #[test]
    fn gives_back_what_was_encoded(text in "\\PC{0,40}") {
        let encoded: String = text.bytes().flat_map(percent).collect();
        prop_assert_eq!(decode(&encoded).unwrap(), text);
    }

    #[test]
    fn never_panics(raw in "[%0-9a-fA-Fg+/é]{0,30}") {
        let _ = decode(&raw);
    }
}
