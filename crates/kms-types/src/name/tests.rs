use proptest::prelude::*;

use super::{ParseNameError, SecretName, SecretRef, VersionId};

#[test]
fn names_as_kms_has_them() {
    for good in [
        "agent-test",
        "a/b/c",
        "bailian!secret-123",
        "a+b=c.d@e_f-g",
        "...",
        "a..",
    ] {
        good.parse::<SecretName>()
            .unwrap_or_else(|reason| panic!("{good}: {reason}"));
    }
    for bad in [
        "", ".", "..", "a/../b", "./a", "a/", "/a", "a//b", "a b", "a%2Fb", "密码", "a\\b", "a\0",
        "a;b", "a:b",
    ] {
        assert!(
            bad.parse::<SecretName>().is_err(),
            "{bad:?} must not be a name"
        );
    }
}

#[test]
fn lengths_end_where_kms_ends_them() {
    assert!("n".repeat(192).parse::<SecretName>().is_ok());
    assert!(matches!(
        "n".repeat(193).parse::<SecretName>(),
        Err(ParseNameError::TooLong { limit: 192, .. })
    ));
    assert!("v".repeat(64).parse::<VersionId>().is_ok());
    assert!("v".repeat(65).parse::<VersionId>().is_err());
}

#[test]
fn a_reference_is_a_name_or_an_arn() {
    let arn: SecretRef = "acs:kms:cn-hangzhou:1234567890123456:secret/app/db"
        .parse()
        .unwrap();
    assert!(matches!(&arn, SecretRef::Arn(_)));
    assert_eq!(arn.name().as_str(), "app/db");
    assert!(
        "acs:kms:cn-hangzhou:12:key/abc"
            .parse::<SecretRef>()
            .is_err()
    );
    assert!(
        "acs:kms:cn-hangzhou:12:secret/../x"
            .parse::<SecretRef>()
            .is_err()
    );
}

proptest! {
    #[test]
    fn parsing_never_panics_and_round_trips(text in "\\PC{0,200}") {
        if let Ok(name) = text.parse::<SecretRef>() {
            prop_assert_eq!(name.to_string(), text);
        }
    }
}
