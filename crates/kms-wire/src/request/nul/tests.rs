use super::*;
use crate::{Action, Request};

#[test]
fn no_action_takes_it_but_in_a_secrets_value() {
    for (name, value, refused) in [
        ("SecretData", "a\0b", false),
        ("SecretData", r#"{"a":"\u0000"}"#, false),
        ("Description", "a\0b", true),
        ("Description", "\0", true),
        // Six characters, and no JSON.
        ("Description", r"\u0000", false),
        ("Tags", r#"[{"TagKey":"a","TagValue":"\u0000"}]"#, true),
        ("Tags", r#"[{"TagKey":"a","TagValue":"\\\u0000"}]"#, true),
        // A backslash, and five letters.
        ("Tags", r#"[{"TagKey":"a","TagValue":"\\u0000"}]"#, false),
        ("Unknown", "\0", true),
        ("ExtendedConfig.CustomData.ow\0ner", "a", true),
    ] {
        let mut params = Params::default();
        params.push("SecretName", "app/db");
        params.push("VersionId", "v1");
        if name != "SecretData" {
            params.push("SecretData", "x");
        }
        params.push(name, value);
        let error = Request::parse(Action::CreateSecret, &params).err();
        let code = error.as_ref().map(|error| error.code);
        let expected = refused.then_some(ErrorCode::InvalidParameter);
        assert_eq!(code, expected, "{name} {value:?}");
        if let Some(error) = error {
            assert!(!error.message.contains(name), "{error}");
        }
    }
}
