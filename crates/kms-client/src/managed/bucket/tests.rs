use std::time::Duration;

use super::{Bucket, Pace};

#[test]
fn five_at_once_and_one_more_every_ten_minutes() {
    let pace = Pace::default();
    let start = Duration::from_secs(1000);
    let mut bucket = Bucket::full(&pace, start);
    let mut taken = |after: Duration| {
        (0..10)
            .filter(|_| bucket.take(&pace, start + after))
            .count()
    };
    assert_eq!(taken(Duration::ZERO), 5);
    assert_eq!(taken(Duration::from_secs(599)), 0);
    assert_eq!(taken(Duration::from_mins(10)), 1);
    assert_eq!(taken(Duration::from_mins(29)), 1);
    assert_eq!(
        taken(Duration::from_mins(30)),
        1,
        "the rest of a period counts on"
    );
    assert_eq!(taken(Duration::from_hours(24)), 5, "never more than five");
    assert_eq!(taken(Duration::from_hours(24) + Duration::from_mins(9)), 0);
}
