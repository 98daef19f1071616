use proptest::prelude::*;

use super::{decode_form, encode_into};

fn encode(text: &str) -> String {
    let mut out = String::new();
    encode_into(&mut out, text);
    out
}

#[test]
fn only_the_unreserved_stay() {
    assert_eq!(encode("AZaz09-_.~"), "AZaz09-_.~");
    assert_eq!(encode(" *+/=&%:"), "%20%2A%2B%2F%3D%26%25%3A");
    assert_eq!(encode("值"), "%E5%80%BC");
}

#[test]
fn decoding_happens_once() {
    assert_eq!(decode_form(b"a%2520b").as_deref(), Some("a%20b"));
    assert_eq!(decode_form(b"a+b%2Bc%2bd").as_deref(), Some("a b+c+d"));
    assert_eq!(decode_form(b"").as_deref(), Some(""));
}

#[test]
fn broken_encodings_are_refused() {
    for bad in [
        &b"%"[..],
        b"%4",
        b"%zz",
        b"a%4",
        b"%%41",
        b"%C3",
        b"%C0%AF",
        b"\xff",
    ] {
        assert_eq!(decode_form(bad), None, "{bad:?}");
    }
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_itself(text in "(?s).*") {
        let encoded = encode(&text);
        prop_assert!(encoded.is_ascii());
        prop_assert_eq!(decode_form(encoded.as_bytes()), Some(text));
    }

    #[test]
    fn decoding_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _unread = decode_form(&bytes);
    }
}
