use proptest::prelude::*;

use super::*;

const JWKS: &str = include_str!("../../tests/oidc/jwks.json");

#[test]
fn a_key_set_is_what_is_of_use_in_it() {
    // rsa, any, rs384, weak, p256, p384, twice and twice, off, zero.
    assert_eq!(KeySet::parse(JWKS.as_bytes()).unwrap().len(), 10);
    for (json, count) in [
        (r#"{"keys":[]}"#, 0),
        (r#"{"keys":[null,1,"a",[],{}]}"#, 0),
        (
            r#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}],"more":1}"#,
            1,
        ),
        (
            r#"{"keys":[{"kty":"RSA","n":"AQAB","n":"AQAC","e":"AQAB"}]}"#,
            0,
        ),
        (r#"{"keys":[{"kty":"RSA","n":"AQAB=","e":"AQAB"}]}"#, 0),
        (r#"{"keys":[{"kty":"RSA","n":"AAAA","e":"AQAB"}]}"#, 0),
        (r#"{"keys":[{"kty":"RSA","n":"","e":"AQAB"}]}"#, 0),
        (r#"{"keys":[{"kty":"RSA","n":7,"e":"AQAB"}]}"#, 0),
        (r#"{"keys":[{"kty":"rsa","n":"AQAB","e":"AQAB"}]}"#, 0),
        (
            r#"{"keys":[{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}]}"#,
            0,
        ),
    ] {
        let set = KeySet::parse(json.as_bytes()).unwrap();
        assert_eq!((set.len(), set.is_empty()), (count, count == 0), "{json}");
    }
    for bad in [
        "",
        "{}",
        "[]",
        r#"{"keys":{}}"#,
        r#"{"keys":[]"#,
        r#"{"keys":[],"keys":[]}"#,
    ] {
        assert_eq!(
            KeySet::parse(bad.as_bytes()),
            Err(ParseKeySetError),
            "{bad}"
        );
    }
    let many = vec![r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#; 200].join(",");
    let set = KeySet::parse(format!(r#"{{"keys":[{many}]}}"#).as_bytes()).unwrap();
    assert_eq!(set.len(), 100);
}

#[test]
fn a_token_has_a_greatest_length() {
    let long = format!("{}.e30.e30", "A".repeat(20_000));
    assert_eq!(Jwt::parse(&long).unwrap_err(), TokenError::Shape);
    assert!(!format!("{:?}", TokenError::Shape).contains("AAAA"));
}

proptest! {
    #[test]
    fn parsing_never_panics(
        token in "[A-Za-z0-9_.=\\-]{0,60}|\\PC{0,20}\\.\\PC{0,20}\\.\\PC{0,20}",
        json in "\\{\"keys\":\\[(\\{\"kty\":\"(RSA|EC)\",\"[nxy]\":\"[A-Za-z_]{0,8}\",\"[ey]\":\"[A-Z]{0,4}\"\\})?\\]\\}|\\PC{0,30}",
    ) {
        if let Ok(token) = Jwt::parse(&token) {
            let set = KeySet::parse(JWKS.as_bytes()).unwrap();
            prop_assert!(set.verify(&token).is_err());
        }
        let _ = KeySet::parse(json.as_bytes());
    }
}
