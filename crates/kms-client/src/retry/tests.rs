use std::time::Duration;

use http::{HeaderMap, HeaderValue};

use super::{RetryPolicy, hint};

#[test]
fn waits_are_drawn_from_twice_as_much_each_time_up_to_the_cap() {
    let policy = RetryPolicy::default();
    let ceilings: Vec<_> = [0, 1, 2, 3, 4, 5, 40]
        .map(|retry| policy.ceiling(retry).as_millis())
        .to_vec();
    assert_eq!(ceilings, [200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
}

#[test]
fn hints_come_in_five_forms() {
    let now = "2026-11-25T10:00:00Z".parse().unwrap();
    for (name, value, expected) in [
        ("x-acs-retry-after", "1500", Some(1_500)),
        (
            "x-ratelimit-user-api",
            "Limit:1,Remain:0,TimeLeft:2000,Reset:1234",
            Some(2_000),
        ),
        ("x-ratelimit-user", "TimeLeft: 900", Some(900)),
        ("x-ratelimit-user", "Limit:1,Remain:0", None),
        ("x-ratelimit-user-api", "TimeLeft:soon", None),
        ("retry-after", "2", Some(2_000)),
        ("retry-after", "Wed, 25 Nov 2026 10:00:07 GMT", Some(7_000)),
        ("retry-after", "Wed, 25 Nov 2026 09:00:00 GMT", Some(0)),
        ("retry-after", "soon", None),
        ("retry-after", "-1", None),
        ("x-acs-retry-after", "1.5", None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        let expected = expected.map(Duration::from_millis);
        assert_eq!(hint(&headers, now), expected, "{name}: {value}");
    }
}

#[test]
fn the_limit_that_lasts_longer_counts_and_a_hint_that_says_when_comes_first() {
    let now = "2026-11-25T10:00:00Z".parse().unwrap();
    let mut headers = HeaderMap::new();
    headers.insert(
        "x-ratelimit-user-api",
        HeaderValue::from_static("TimeLeft:300"),
    );
    headers.insert("x-ratelimit-user", HeaderValue::from_static("TimeLeft:700"));
    headers.insert("retry-after", HeaderValue::from_static("9"));
    assert_eq!(hint(&headers, now), Some(Duration::from_millis(700)));
    headers.insert("x-acs-retry-after", HeaderValue::from_static("40"));
    assert_eq!(hint(&headers, now), Some(Duration::from_millis(40)));
}
