//! Invariant I21: however many ask, KMS is asked a bounded number of times.

use std::{sync::Arc, time::Duration};

use kms_testkit::Reply;
use tokio::task::JoinSet;

use super::{Hosted, ManagedAccessKey, Refused, SECRET, answer, client, minutes};

const PROGRAMS: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_who_ask_at_once_share_one_read() {
    let hosted = Hosted::start();
    let slow = Duration::from_millis(200);
    let reply = Reply::After(slow, Box::new(answer("LTAI5tOld", None)));
    hosted.kms.set(SECRET, reply);
    let key = hosted.key();
    let mut asking = JoinSet::new();
    for _ in 0..500 {
        let key = key.clone();
        asking.spawn(async move { key.current().await.unwrap().id.to_string() });
        let key_again = hosted.calls();
        assert!(key_again <= 1);
    }
    while let Some(id) = asking.join_next().await {
        assert_eq!(id.unwrap(), "LTAI5tOld");
    }
    assert_eq!(hosted.calls(), 1);
}

#[tokio::test]
async fn programs_do_not_ask_in_the_same_minute() {
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", Some("2025-01-03T09:00:00Z"));
    let source = Arc::new(client(&hosted.kms));
    let keys: Vec<_> = (0..PROGRAMS)
        .map(|_| {
            ManagedAccessKey::builder(SECRET.parse().unwrap(), source.clone())
                .clock(Arc::new(hosted.clock.clone()))
                .open()
        })
        .collect();
    for key in &keys {
        key.current().await.unwrap();
    }
    assert_eq!(hosted.calls(), PROGRAMS, "each for itself");
    hosted.set("LTAI5tNew", Some("2025-01-10T09:00:00Z"));
    hosted.clock.advance(minutes(64));
    let mut busiest = 0;
    for _ in 0..8 {
        let before = hosted.calls();
        hosted.clock.advance(minutes(1));
        for key in &keys {
            key.inner.tick().await;
        }
        busiest = busiest.max(hosted.calls() - before);
    }
    assert_eq!(hosted.calls(), 2 * PROGRAMS, "once each for a rotation");
    // Evenly over five minutes that would be 40 in each.
    assert!(busiest < PROGRAMS * 2 / 5, "{busiest} in one minute");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_refused_calls_cause_one_read() {
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", None);
    let key = hosted.key();
    key.current().await.unwrap();
    let reply = answer("LTAI5tNew", None);
    hosted.kms.set(
        SECRET,
        Reply::After(Duration::from_millis(200), Box::new(reply)),
    );
    let mut calling = JoinSet::new();
    for _ in 0..1000 {
        let key = key.clone();
        calling.spawn(async move { key.with(only_new).await });
    }
    while let Some(called) = calling.join_next().await {
        called.unwrap().unwrap();
    }
    assert_eq!(hosted.calls(), 2);
}

#[tokio::test]
async fn a_service_that_refuses_every_key_causes_five_reads_and_one_more_every_ten_minutes() {
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", None);
    let key = hosted.key();
    key.current().await.unwrap();
    let storm = async || {
        for _ in 0..100 {
            key.with(only_new).await.unwrap_err();
        }
    };
    storm().await;
    assert_eq!(hosted.calls(), 1 + 5);
    hosted.pass(&key, minutes(11)).await;
    storm().await;
    assert_eq!(hosted.calls(), 1 + 6);
}

async fn only_new(key: crate::AccessKeyPair) -> Result<(), Refused> {
    match key.id.as_str() {
        "LTAI5tNew" => Ok(()),
        _ => Err(Refused("InvalidAccessKeyId.NotFound")),
    }
}
