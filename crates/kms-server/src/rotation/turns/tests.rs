use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tokio::time::{advance, timeout};

use super::*;

#[tokio::test(start_paused = true)]
async fn many_idle_workers_ask_as_often_as_one() {
    let turns = Arc::new(Turns::default());
    let asked = Arc::new(AtomicU32::new(0));
    for _ in 0..8 {
        let (turns, asked) = (Arc::clone(&turns), Arc::clone(&asked));
        tokio::spawn(async move {
            loop {
                turns.next().await;
                asked.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    // The first at once, and one every two seconds after that.
    let _elapsed = timeout(Duration::from_secs(21), std::future::pending::<()>()).await;
    assert_eq!(asked.load(Ordering::Relaxed), 11);
}

#[tokio::test(start_paused = true)]
async fn who_finds_something_wakes_another_at_once() {
    let turns = Arc::new(Turns::default());
    turns.next().await;
    let waits = tokio::spawn({
        let turns = Arc::clone(&turns);
        async move { turns.next().await }
    });
    tokio::task::yield_now().await;
    turns.there_is_more();
    let woken = timeout(Duration::from_millis(1), waits).await;
    assert!(woken.is_ok());
}

#[tokio::test(start_paused = true)]
async fn one_who_is_busy_keeps_no_other_from_looking() {
    let turns = Arc::new(Turns::default());
    // Works on something that takes its time: it does not come back for a turn.
    turns.next().await;
    advance(PERIOD).await;
    let next = timeout(Duration::from_millis(1), turns.next()).await;
    assert!(next.is_ok());
}
