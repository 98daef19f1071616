use super::*;

#[test]
fn names_and_places_are_the_same_path() {
    for (property, expected) in [
        ("password", "password"),
        ("db.password", "db.password"),
        ("friends.0.name", "friends[0].name"),
        ("db-password", r#""db-password""#),
        (r"a\.b", r#""a.b""#),
        (r"tls\.crt.0", r#""tls.crt"[0]"#),
        ("0.name", r#""0".name"#),
        ("a b", r#""a b""#),
        (r#"say"it"#, r#""say\"it""#),
        ("名", r#""名""#),
    ] {
        assert_eq!(
            as_jmes_path(property).as_deref(),
            Some(expected),
            "{property}"
        );
        assert!(jmespath::compile(expected).is_ok(), "{expected}");
    }
}

#[test]
fn what_searches_is_no_path() {
    for property in [
        "a.#",
        "a.*",
        "a.#(b==1).c",
        "@this",
        "a|b",
        "a..b",
        ".a",
        "",
        r"a\",
        "[a,b]",
    ] {
        assert_eq!(as_jmes_path(property), None, "{property}");
    }
}
