use std::{sync::Arc, time::Duration};

use kms_service::Principal;
use kms_testkit::MockClock;
use kms_types::ErrorCode;

use super::{Admission, Rates};

fn user(id: &str) -> Principal {
    Principal::User {
        account: "1234567890123456".parse().unwrap(),
        user_id: id.to_owned(),
        user_name: "alice".to_owned(),
        access_key_id: "LTAI1".parse().unwrap(),
        rights: Arc::default(),
    }
}

fn admission(rates: Rates) -> (MockClock, Admission) {
    let clock = MockClock::at("2026-11-25T12:00:00Z".parse().unwrap());
    let admission = Admission::new(rates, Arc::new(clock.clone()));
    (clock, admission)
}

const TEN: Rates = Rates {
    concurrency: 2,
    per_second: 10,
    burst: 5,
    patience: Duration::from_millis(250),
};

#[test]
fn a_burst_goes_at_once_then_calls_wait_then_they_are_refused() {
    let (clock, admission) = admission(TEN);
    let reserve = || admission.reserve("user/1".to_owned());
    for _ in 0..5 {
        assert_eq!(reserve(), Some(Duration::ZERO));
    }
    assert_eq!(reserve(), Some(Duration::from_millis(100)));
    assert_eq!(reserve(), Some(Duration::from_millis(200)));
    assert_eq!(reserve(), None);
    // Another principal is another matter.
    assert_eq!(admission.reserve("user/2".to_owned()), Some(Duration::ZERO));
    // The refused ones cost nothing.
    clock.advance(Duration::from_millis(200));
    assert_eq!(reserve(), Some(Duration::from_millis(100)));
    clock.advance(Duration::from_mins(1));
    assert_eq!(reserve(), Some(Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_let_in_and_what_would_wait_too_long_is_told() {
    let (_clock, admission) = admission(TEN);
    let began = tokio::time::Instant::now();
    for _ in 0..7 {
        admission.rate(&user("1")).await.unwrap();
    }
    assert_eq!(began.elapsed().as_millis(), 300);
    let refusal = admission.rate(&user("1")).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Throttling);
    assert_eq!(admission.throttled(), 1);
    admission.rate(&user("2")).await.unwrap();
    admission.rate(&Principal::Anonymous).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn seats_are_waited_for() {
    let (_clock, admission) = admission(TEN);
    let first = admission.seat().await.unwrap();
    let _second = admission.seat().await.unwrap();
    assert_eq!(admission.in_flight(), 2);
    assert_eq!(
        admission.seat().await.unwrap_err().code,
        ErrorCode::Throttling
    );
    let (seat, ()) = tokio::join!(admission.seat(), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        drop(first);
    });
    drop(seat.unwrap());
    assert_eq!(admission.throttled(), 1);
}

#[test]
fn no_rate_is_no_bound() {
    let (_clock, admission) = admission(Rates {
        per_second: 0,
        ..TEN
    });
    for _ in 0..1000 {
        assert_eq!(admission.reserve("user/1".to_owned()), Some(Duration::ZERO));
    }
}
