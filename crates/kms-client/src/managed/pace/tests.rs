use std::time::Duration;

use jiff::Timestamp;

use super::Pace;

const NOW: &str = "2025-01-03T08:00:00Z";
const JITTER: Duration = Duration::from_mins(3);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_next_read_follows_the_planned_rotation_and_else_the_interval() {
    let pace = Pace::default();
    // Reference accesskey §3.4; the expected minutes are worked out by hand.
    for (planned, minutes) in [
        (None, 363),
        (Some("2025-01-03T08:00:01Z"), 8),
        (Some("2025-01-03T09:00:00Z"), 68),
        (Some("2025-01-03T14:02:00Z"), 370),
        // Not within 6 h and the jitter.
        (Some("2025-01-03T14:03:00Z"), 363),
        (Some("2025-02-03T08:00:00Z"), 363),
        // Past.
        (Some("2025-01-03T08:00:00Z"), 363),
        (Some("2025-01-03T07:00:00Z"), 363),
    ] {
        let wait = pace.wait(at(NOW), planned.map(at), JITTER);
        assert_eq!(wait.as_secs() / 60, minutes, "{planned:?}");
    }
}

#[test]
fn every_length_can_be_set() {
    let pace = Pace {
        interval: Duration::from_mins(20),
        delay: Duration::from_mins(1),
        again: Duration::from_secs(7),
        longest_again: Duration::from_secs(20),
        rest: Duration::from_secs(3),
        longest_rest: Duration::from_secs(10),
        ..Pace::default()
    };
    let wait = |planned| pace.wait(at(NOW), Some(at(planned)), Duration::ZERO);
    assert_eq!(wait("2025-01-03T08:19:00Z"), Duration::from_mins(20));
    assert_eq!(wait("2025-01-03T08:10:00Z"), Duration::from_mins(11));
    assert_eq!(wait("2025-01-03T08:20:00Z"), Duration::from_mins(20));
    let late: Vec<_> = (1..5).map(|late| pace.wait_late(late).as_secs()).collect();
    assert_eq!(late, [7, 14, 20, 20]);
    let failed: Vec<_> = (1..5).map(|n| pace.wait_failed(n).as_secs()).collect();
    assert_eq!(failed, [3, 6, 10, 10]);
    assert_eq!(pace.wait_failed(u32::MAX).as_secs(), 10, "no overflow");
}

#[test]
fn a_key_is_late_if_its_rotation_lies_in_the_past_or_is_only_put_off() {
    let pace = Pace::default();
    for (announced, before, late) in [
        (None, None, false),
        (None, Some("2025-01-03T07:00:00Z"), false),
        (Some("2025-01-03T07:59:59Z"), None, true),
        (Some("2025-01-03T08:00:00Z"), None, true),
        (Some("2025-01-03T08:01:00Z"), None, false),
        // Our server never writes a date in the past: one minute from now, each time.
        (
            Some("2025-01-03T08:01:00Z"),
            Some("2025-01-03T07:50:00Z"),
            true,
        ),
        (
            Some("2025-01-03T08:01:00Z"),
            Some("2025-01-03T08:01:00Z"),
            false,
        ),
        // The policy was changed: that is another plan.
        (
            Some("2025-01-03T09:00:00Z"),
            Some("2025-01-03T07:50:00Z"),
            false,
        ),
    ] {
        let is_late = pace.is_late(at(NOW), announced.map(at), before.map(at));
        assert_eq!(is_late, late, "{announced:?} {before:?}");
    }
}
