//! Many requests for one secret at once.

use std::time::Duration;

use super::{Running, answer, double::refused};

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_first_reads_are_one_call() {
    let agent = Running::with(|_| {});
    agent.kms.hold();
    let streams: Vec<_> = (0..200).map(|_| agent.ask("/v1/a")).collect();
    agent.kms.wait_for_calls(1).await;
    // Until all of them wait: the log has none of their lines before they are answered.
    tokio::time::sleep(Duration::from_millis(50)).await;
    agent.kms.release(200);
    let mut bodies = Vec::new();
    for stream in streams {
        let response = answer(stream).await;
        assert_eq!(response.status, 200);
        bodies.push(response.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    assert_eq!(agent.kms.calls(), 1);
    assert_eq!(agent.audit.lines().len(), 200, "each is in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_reads_of_a_missing_secret_are_one_call() {
    let agent = Running::with(|_| {});
    agent
        .kms
        .fail(Some(refused(404, "Forbidden.ResourceNotFound")));
    let streams: Vec<_> = (0..200).map(|_| agent.ask("/v1/a")).collect();
    for stream in streams {
        assert_eq!(answer(stream).await.status, 404);
    }
    assert_eq!(agent.kms.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_stops_nobody_else() {
    let agent = Running::with(|_| {});
    agent.kms.hold();
    let leader = agent.ask("/v1/a");
    agent.kms.wait_for_calls(1).await;
    let others: Vec<_> = (0..3).map(|_| agent.ask("/v1/a")).collect();
    drop(leader);
    tokio::time::sleep(Duration::from_millis(50)).await;
    agent.kms.release(1);
    for other in others {
        assert_eq!(answer(other).await.status, 200);
    }
    assert_eq!(agent.kms.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_asker_hung_up_still_fills_the_cache() {
    let agent = Running::with(|_| {});
    agent.kms.hold();
    let only = agent.ask("/v1/a");
    agent.kms.wait_for_calls(1).await;
    drop(only);
    tokio::time::sleep(Duration::from_millis(50)).await;
    agent.kms.release(1);
    // Joins the call or finds its result; either way there is no second one.
    assert_eq!(agent.read("a").await.0, 200);
    assert_eq!(agent.kms.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn different_secrets_do_not_wait_for_one_another() {
    let agent = Running::with(|_| {});
    agent.kms.hold();
    let streams: Vec<_> = ["a", "b", "c"]
        .iter()
        .map(|name| agent.ask(&format!("/v1/{name}")))
        .collect();
    agent.kms.wait_for_calls(3).await;
    agent.kms.release(3);
    for stream in streams {
        assert_eq!(answer(stream).await.status, 200);
    }
}
