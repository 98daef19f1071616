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
    assert_eq!(usual.judge(Duration::ZERO), Freshness::Fresh);
    assert_eq!(usual.judge(Duration::from_secs(299)), Freshness::Fresh);
    assert_eq!(usual.judge(TTL), Freshness::Stale);
    assert_eq!(usual.judge(TTL + DAY), Freshness::Stale);
    assert_eq!(usual.judge(TTL + DAY + SECOND), Freshness::Gone);
    assert_eq!(policy(TTL, Some(DAY), false).judge(TTL), Freshness::Gone);
    assert_eq!(
        policy(TTL, None, true).judge(Duration::MAX),
        Freshness::Stale
    );
    assert_eq!(
        policy(Duration::ZERO, Some(DAY), true).judge(Duration::ZERO),
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
