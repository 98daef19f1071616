//! When what failed is tried again.

use std::time::Duration;

use crate::controller::Failures;

#[test]
fn pauses_double_until_it_goes_well() {
    let failures = Failures::new(Duration::from_secs(5));
    let pause = |object: &str| failures.pause(object).as_secs();
    let all: Vec<u64> = (0..8).map(|_| pause("ExternalSecret team/a")).collect();
    assert_eq!(all, [5, 10, 20, 40, 80, 160, 300, 300]);
    assert_eq!(pause("ExternalSecret team/b"), 5);
    failures.over("ExternalSecret team/a");
    assert_eq!(pause("ExternalSecret team/a"), 5);
}
