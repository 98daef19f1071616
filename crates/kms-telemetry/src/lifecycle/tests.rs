use super::Lifecycle;

#[tokio::test]
async fn first_stop_drains_and_second_ends_at_once() {
    let (handle, lifecycle) = Lifecycle::new();
    let mut shutdown = lifecycle.shutdown.clone();
    assert!(!shutdown.is_draining());

    handle.stop();
    shutdown.draining().await;
    assert!(shutdown.is_draining());
    tokio::select! {
        biased;
        () = shutdown.at_once() => panic!("one stop is a drain"),
        () = tokio::task::yield_now() => {}
    }

    handle.stop();
    shutdown.at_once().await;
}

#[tokio::test]
async fn reloads_that_pile_up_are_one() {
    let (handle, mut lifecycle) = Lifecycle::new();
    handle.reload();
    handle.reload();
    lifecycle.reload().await;
    tokio::select! {
        biased;
        () = lifecycle.reload() => panic!("both orders were taken by the first wait"),
        () = tokio::task::yield_now() => {}
    }
}

#[tokio::test]
async fn a_dropped_handle_orders_nothing() {
    let (handle, mut lifecycle) = Lifecycle::new();
    drop(handle);
    let mut shutdown = lifecycle.shutdown.clone();
    tokio::select! {
        biased;
        () = shutdown.draining() => panic!("nobody ordered it"),
        () = lifecycle.reload() => panic!("nobody ordered it"),
        () = tokio::task::yield_now() => {}
    }
}
