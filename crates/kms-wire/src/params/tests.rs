use kms_types::ErrorCode;
use proptest::prelude::*;

use super::Params;

#[test]
fn query_and_form_are_one() {
    let params = Params::parse(
        "SecretName=app%2Fdb&SignatureType=",
        b"SecretData=a+b%2Bc&Flag",
    )
    .unwrap();
    let pairs: Vec<_> = params.iter().collect();
    assert_eq!(
        pairs,
        [
            ("SecretName", "app/db"),
            ("SignatureType", ""),
            ("SecretData", "a b+c"),
            ("Flag", ""),
        ]
    );
}

#[test]
fn a_value_may_hold_an_equals_sign() {
    let params = Params::parse("Signature=YWI=", b"").unwrap();
    assert_eq!(params.get("Signature"), Some("YWI="));
}

#[test]
fn what_could_be_read_two_ways_is_refused() {
    let many = (0..257)
        .map(|n| format!("p{n}="))
        .collect::<Vec<_>>()
        .join("&");
    for (query, form) in [
        ("a=1&a=2", &b""[..]),
        ("a=1", b"a=1"),
        ("a=1&%61=2", b""),
        ("a=%", b""),
        ("a=%zz", b""),
        ("a=1", b"b=\xff"),
        ("a=%C3%28", b""),
        ("=1", b""),
        (many.as_str(), b""),
    ] {
        let refused = Params::parse(query, form).unwrap_err();
        assert_eq!(
            refused.code,
            ErrorCode::ParseRequestParameter,
            "{query:?} {form:?}"
        );
    }
}

#[test]
fn messages_and_debug_hold_no_value() {
    let refused = Params::parse("SecretData=top&canary=1&canary=2", b"").unwrap_err();
    assert!(!refused.to_string().contains("canary"), "{refused}");
    let params = Params::parse("SecretData=canary", b"").unwrap();
    assert_eq!(format!("{params:?}"), r#"{"SecretData"}"#);
}

proptest! {
    #[test]
    fn parsing_never_panics(query in "\\PC*", form in prop::collection::vec(any::<u8>(), 0..200)) {
        let _unread = Params::parse(&query, &form);
    }

    #[test]
    fn what_was_written_is_read(
        pairs in prop::collection::btree_map("[^\u{0}]{1,20}", "(?s).{0,40}", 0..20),
    ) {
        let mut params = Params::default();
        for (name, value) in &pairs {
            params.push(name.as_str(), value.as_str());
        }
        let written = params.canonical();
        let read = Params::parse(&written, b"").unwrap();
        prop_assert_eq!(&read, &params);
        let read = Params::parse("", written.as_bytes()).unwrap();
        prop_assert_eq!(&read, &params);
    }
}
