use super::*;

fn route(token: UriToken) -> CredentialsUri {
    let server = ServerSettings {
        credentials_uri_secrets: vec!["app/a".parse().unwrap()],
        credentials_uri_token: token,
        ..ServerSettings::default()
    };
    CredentialsUri::of(&server).unwrap()
}

#[test]
fn tokens_and_names_are_where_they_should_be() {
    for (token, path, query, carried, name) in [
        (
            UriToken::Header,
            "/credentials/app/a",
            "token=x",
            None,
            Some("app/a"),
        ),
        (
            UriToken::Query,
            "/credentials/app/a",
            "",
            Some((0, "")),
            Some("app/a"),
        ),
        (
            UriToken::Query,
            "/credentials/app/a",
            "a=b&token=x",
            Some((1, "x")),
            Some("app/a"),
        ),
        (
            UriToken::Query,
            "/credentials/app/a",
            "tok%65n=%78",
            Some((1, "x")),
            Some("app/a"),
        ),
        (
            UriToken::Query,
            "/credentials/app/a",
            "token=x&token=y",
            Some((2, "x")),
            Some("app/a"),
        ),
        (
            UriToken::Query,
            "/credentials/app/a",
            "Token=x&token",
            Some((0, "")),
            Some("app/a"),
        ),
        (
            UriToken::Query,
            "/credentials/app/a",
            "token=%zz",
            Some((1, "")),
            Some("app/a"),
        ),
        (
            UriToken::Path,
            "/credentials/x/app/a",
            "token=y",
            Some((1, "x")),
            Some("app/a"),
        ),
        (
            UriToken::Path,
            "/credentials/%78/app/a",
            "",
            Some((1, "x")),
            Some("app/a"),
        ),
        (
            UriToken::Path,
            "/credentials/app",
            "",
            Some((1, "app")),
            Some(""),
        ),
        (
            UriToken::Path,
            "/credentials//app",
            "",
            Some((1, "")),
            Some("app"),
        ),
        (UriToken::Path, "/v1/x/app", "token=x", None, None),
        (UriToken::Query, "/credentials", "token=x", None, None),
        (UriToken::Query, "//credentials/app", "token=x", None, None),
        (UriToken::Query, "/Credentials/app", "token=x", None, None),
    ] {
        let route = route(token);
        let found = route.carried(path, query);
        let found = found.as_ref().map(|found| (found.count, &*found.token));
        assert_eq!(found, carried, "{token:?} {path}?{query}");
        assert_eq!(route.name(path), name, "{token:?} {path}");
    }
    assert!(CredentialsUri::of(&ServerSettings::default()).is_none());
}
