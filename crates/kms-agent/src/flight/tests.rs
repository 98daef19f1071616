use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

use super::*;

#[tokio::test]
async fn many_waiters_make_one_call() {
    let flights = Arc::new(Flights::<u8, usize>::new());
    let calls = Arc::new(AtomicUsize::new(0));
    let go = Arc::new(Notify::new());
    let waiters: Vec<_> = (0..200)
        .map(|_| {
            let (flights, calls, go) = (flights.clone(), calls.clone(), go.clone());
            tokio::spawn(async move {
                let call = || async move {
                    go.notified().await;
                    calls.fetch_add(1, Ordering::SeqCst)
                };
                flights.join(&1, || None, call).await
            })
        })
        .collect();
    tokio::task::yield_now().await;
    // The one that began the call goes away; the others still get their answer.
    waiters[0].abort();
    go.notify_one();
    for waiter in waiters.into_iter().skip(1) {
        assert_eq!(waiter.await.unwrap(), Ok(0));
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert!(lock(&flights.0).is_empty());
}

#[tokio::test]
async fn a_panic_is_told_and_then_forgotten() {
    let flights = Flights::<u8, u8>::new();
    let call = || async { panic!("on purpose") };
    assert_eq!(flights.join(&1, || None, call).await, Err(Lost));
    assert_eq!(flights.join(&1, || None, || async { 7 }).await, Ok(7));
}

#[tokio::test]
async fn what_came_meanwhile_needs_no_call() {
    let flights = Flights::<u8, u8>::new();
    let call = || async { panic!("must not be called") };
    assert_eq!(flights.join(&1, || Some(3), call).await, Ok(3));
}
