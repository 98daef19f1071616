use http::Request;
use kms_types::Secret;

use super::*;

const TOKEN: &str = "a-good-token";

fn check(relaxed: Vec<Rule>, uri: &str, headers: &[(&str, &str)]) -> Result<String, u16> {
    check_with(relaxed, uri, headers, None)
}

fn check_with(
    relaxed: Vec<Rule>,
    uri: &str,
    headers: &[(&str, &str)],
    carried: Option<&Carried<'_>>,
) -> Result<String, u16> {
    let guard = Guard::new(&Settings::default(), relaxed, 2025);
    let mut request = Request::get(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let tokens = AcceptedTokens::new([&Secret::from(TOKEN)]);
    guard
        .check(
            &parts,
            &guard.see(&parts.headers),
            carried,
            &tokens,
            &["GET"],
        )
        .map(str::to_owned)
        .map_err(|refusal| refusal.status)
}

const HOST: (&str, &str) = ("host", "localhost:2025");
const GOOD: (&str, &str) = ("x-kms-token", TOKEN);

#[test]
fn hosts_that_are_ours() {
    for host in [
        "LOCALHOST:2025",
        "localhost.",
        "127.0.0.1",
        "[::1]:2025",
        "[::1]",
    ] {
        assert!(
            check(vec![], "/v1/a", &[("host", host), GOOD]).is_ok(),
            "{host}"
        );
    }
    for host in [
        "evil.com",
        "localhost.evil.com",
        "127.0.0.1.nip.io",
        "0.0.0.0:2025",
        "[::ffff:127.0.0.1]",
        "localhost:2026",
        "localhost:",
        "localhost:2025:2025",
        "::1",
    ] {
        let request = [("host", host), GOOD];
        assert_eq!(check(vec![], "/v1/a", &request), Err(403), "{host}");
        assert!(check(vec![Rule::Host], "/v1/a", &request).is_ok(), "{host}");
    }
}

#[test]
fn each_rule_relaxes_alone() {
    for (rule, header, status) in [
        (Rule::Forwarding, ("forwarded", "for=1.2.3.4"), 400),
        (Rule::Forwarding, ("x-forwarded-host", "a"), 400),
        (Rule::Forwarding, ("via", "1.1 p"), 400),
        (Rule::CrossSite, ("origin", "http://evil.com"), 403),
        (Rule::CrossSite, ("sec-fetch-site", "cross-site"), 403),
        (Rule::Host, ("host", "localhost"), 400),
        (Rule::OneToken, ("x-vault-token", TOKEN), 400),
    ] {
        let request = [HOST, GOOD, header];
        assert_eq!(check(vec![], "/v1/a", &request), Err(status), "{header:?}");
        assert!(check(vec![rule], "/v1/a", &request).is_ok(), "{header:?}");
        let others = Rule::ALL
            .into_iter()
            .filter(|other| *other != rule)
            .collect();
        assert_eq!(check(others, "/v1/a", &request), Err(status), "{header:?}");
    }
}

#[test]
fn who_has_no_token_learns_nothing_else() {
    for request in [
        vec![HOST],
        vec![],
        vec![("host", "evil.com"), ("origin", "x")],
        vec![HOST, ("x-kms-token", "wrong")],
        vec![HOST, ("authorization", TOKEN), ("cookie", TOKEN)],
    ] {
        assert_eq!(check(vec![], "/nowhere", &request), Err(403));
    }
}

#[test]
fn absolute_targets_must_be_ours() {
    let request = [HOST, GOOD];
    assert_eq!(check(vec![], "http://evil.com/v1/a", &request), Err(400));
    assert!(check(vec![], "http://localhost:2025/v1/a", &request).is_ok());
    assert_eq!(
        check(vec![], "http://u@localhost:2025/v1/a", &request),
        Err(400)
    );
}

#[test]
fn either_header_will_do() {
    assert_eq!(
        check(
            vec![],
            "/v1/a",
            &[HOST, ("x-vault-token", TOKEN), ("sec-fetch-site", "none")]
        ),
        Ok("x-vault-token".to_owned())
    );
}

#[test]
fn a_token_in_the_target_counts_like_one_in_a_header() {
    let carried = |count, token: &'static str| Carried {
        place: "query",
        count,
        token: token.into(),
    };
    let uri = "/credentials/a";
    let ask = |headers: &[(&str, &str)], carried: Carried<'_>| {
        check_with(vec![], uri, headers, Some(&carried))
    };
    let query = Ok("query".to_owned());
    assert_eq!(ask(&[HOST], carried(1, TOKEN)), query);
    assert_eq!(ask(&[HOST], carried(1, "another")), Err(403));
    assert_eq!(ask(&[HOST], carried(1, "")), Err(403));
    assert_eq!(ask(&[HOST], carried(0, "")), Err(403));
    assert_eq!(
        ask(&[HOST, GOOD], carried(0, "")),
        Ok("x-kms-token".to_owned())
    );
    // Two are one too many, also if both are good.
    assert_eq!(ask(&[HOST, GOOD], carried(1, TOKEN)), Err(400));
    assert_eq!(ask(&[HOST], carried(2, TOKEN)), Err(400));
    let relaxed = vec![Rule::OneToken];
    let both = check_with(relaxed, uri, &[HOST, GOOD], Some(&carried(1, "another")));
    assert_eq!(both, Err(403), "the one in the target counts");
    // All the other rules hold.
    for (header, status) in [
        (("forwarded", "for=1.2.3.4"), 400),
        (("origin", "http://evil.com"), 403),
    ] {
        assert_eq!(ask(&[HOST, header], carried(1, TOKEN)), Err(status));
    }
    assert_eq!(ask(&[("host", "evil.com")], carried(1, TOKEN)), Err(403));
}
