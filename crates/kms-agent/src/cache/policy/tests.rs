use super::*;

const DAY: Duration = Duration::from_hours(24);
const SECOND: Duration = Duration::from_secs(1);
const TTL: Duration = Duration::from_mins(5);

fn policy(ttl: Duration, max_stale: Option<Duration>, ignore: bool) -> Policy {
    let settings = CacheSettings {
        ttl,
        max_stale,
        ..CacheSettings::default()
    };
    Policy::new(&settings, ignore)
}

#[test]
fn ages_as_configured() {
    let usual = policy(TTL, Some(DAY), true);
    assert_eq!(usual.judge(Duration::ZERO, TTL), Freshness::Fresh);
    assert_eq!(usual.judge(Duration::from_secs(299), TTL), Freshness::Fresh);
    assert_eq!(usual.judge(TTL, TTL), Freshness::Stale);
    assert_eq!(usual.judge(TTL + DAY, TTL), Freshness::Stale);
    assert_eq!(usual.judge(TTL + DAY + SECOND, TTL), Freshness::Gone);
    assert_eq!(
        policy(TTL, Some(DAY), false).judge(TTL, TTL),
        Freshness::Gone
    );
    assert_eq!(
        policy(TTL, None, true).judge(Duration::MAX, TTL),
        Freshness::Stale
    );
    assert_eq!(
        policy(Duration::ZERO, Some(DAY), true).judge(Duration::ZERO, Duration::ZERO),
        Freshness::Stale
    );
}

#[test]
fn a_restored_upstream_is_used_within_one_ttl() {
    for seconds in [0, 1, 2, 10, 300] {
        let ttl = Duration::from_secs(seconds);
        assert!(policy(ttl, None, true).hold_off() <= ttl / 2);
    }
}

#[test]
fn a_hosted_key_is_asked_for_again_after_its_rotation_whatever_the_ttl_says() {
    let now = "2025-01-03T08:00:00Z".parse().unwrap();
    let fresh_for = |ttl: Duration, kind: &str, next: Option<&str>| {
        let value = serde_json::json!({
            "SecretName": "a", "SecretData": "", "VersionId": "v1", "SecretType": kind,
            "NextRotationDate": next,
        });
        let value = serde_json::from_value(value).unwrap();
        policy(ttl, None, true).fresh_for(&value, now).as_secs()
    };
    for (kind, next, seconds) in [
        ("Generic", None, 86_400),
        ("Generic", Some("2025-01-03T08:01:00Z"), 86_400),
        ("Rds", Some("2025-01-03T08:01:00Z"), 86_400),
        ("RAMCredentials", None, 300),
        ("RAMCredentials", Some("2025-01-10T08:00:00Z"), 300),
        ("RAMCredentials", Some("2025-01-03T08:03:59Z"), 299),
        ("RAMCredentials", Some("2025-01-03T08:01:00Z"), 120),
        // Overdue: each minute.
        ("RAMCredentials", Some("2025-01-03T08:00:00Z"), 60),
        ("RAMCredentials", Some("2024-01-03T08:00:00Z"), 60),
        ("RAMCredentials", Some("soon"), 300),
    ] {
        assert_eq!(fresh_for(DAY, kind, next), seconds, "{kind} {next:?}");
    }
    assert_eq!(fresh_for(Duration::from_secs(5), "RAMCredentials", None), 5);
    assert_eq!(fresh_for(Duration::ZERO, "RAMCredentials", None), 0);
}
