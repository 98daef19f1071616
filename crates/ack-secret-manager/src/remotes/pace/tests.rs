use std::time::Duration;

use tokio::time::Instant;

use super::Pace;

#[tokio::test(start_paused = true)]
async fn so_many_at_once_and_so_many_a_second() {
    let pace = Pace::per_second(10);
    let began = Instant::now();
    for _ in 0..10 {
        pace.wait().await;
    }
    assert!(
        began.elapsed() < Duration::from_millis(5),
        "{:?}",
        began.elapsed()
    );
    for _ in 0..20 {
        pace.wait().await;
    }
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(1990), "{took:?}");
    assert!(took <= Duration::from_millis(2110), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn who_has_not_asked_for_long_saves_no_more_than_a_second() {
    let pace = Pace::per_second(2);
    pace.wait().await;
    tokio::time::advance(Duration::from_mins(1)).await;
    let began = Instant::now();
    for _ in 0..4 {
        pace.wait().await;
    }
    assert!(
        began.elapsed() >= Duration::from_millis(990),
        "{:?}",
        began.elapsed()
    );
}
