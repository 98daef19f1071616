use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Anchor, steady};

#[test]
fn a_step_of_a_quarter_of_an_hour_is_not_noticed() {
    let start: Timestamp = "2025-01-03T07:59:17Z".parse().unwrap();
    let anchor = Anchor {
        wall: start,
        monotonic: Duration::from_secs(1000),
    };
    // After an hour, seconds that the wall clock was set forward, and what counts.
    for (moved, counts) in [
        (0, 0),
        (60, 0),
        (900, 0),
        (901, 1),
        (86_400, 85_500),
        (-60, 0),
        (-900, 0),
        (-86_400, -85_500),
    ] {
        let hour = start + SignedDuration::from_hours(1);
        let wall = hour + SignedDuration::from_secs(moved);
        let now = steady(anchor, wall, Duration::from_secs(4600));
        assert_eq!(now, hour + SignedDuration::from_secs(counts), "{moved}");
    }
}
