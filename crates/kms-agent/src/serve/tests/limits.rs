//! `MaxConn`, a log without room, the end.

use std::{net::TcpStream, time::Duration};

use super::{Running, answer, exchange};

#[tokio::test(flavor = "multi_thread")]
async fn beyond_max_conn_requests_are_turned_away_and_hits_are_not() {
    let agent = Running::with(|settings| settings.server.max_conn = 2);
    agent.reads("hot").await;
    agent.kms.hold();
    let waiting: Vec<_> = ["a", "b"]
        .iter()
        .map(|name| agent.ask(&format!("/v1/{name}")))
        .collect();
    agent.kms.wait_for_calls(3).await;

    let response = agent.get("/v1/c").await;
    assert_eq!(response.status, 429);
    assert_eq!(response.header("retry-after"), Some("1"));
    assert_eq!(agent.reads("hot").await, "HIT 0");
    assert_eq!(agent.get("/ping").await.status, 200);

    agent.kms.release(3);
    for stream in waiting {
        assert_eq!(answer(stream).await.status, 200);
    }
    assert_eq!(agent.reads("c").await, "MISS 0", "there is room again");
}

#[tokio::test(flavor = "multi_thread")]
async fn open_connections_are_not_requests() {
    let agent = Running::with(|settings| settings.server.max_conn = 2);
    let idle: Vec<_> = (0..100)
        .map(|_| TcpStream::connect(agent.address).unwrap())
        .collect();
    assert_eq!(agent.reads("a").await, "MISS 0");
    drop(idle);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_without_room_slows_and_drops_nothing() {
    let agent = Running::with(|_| {});
    agent.reads("a").await;
    agent.audit.set_full(true);
    let streams: Vec<_> = (0..10).map(|_| agent.ask("/v1/a")).collect();
    while agent.audit.refused() < 10 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(agent.audit.lines().len(), 1, "no answer without its line");
    // What waits for the log holds up no probe.
    assert_eq!(agent.get("/ping").await.status, 200);
    for stream in &streams {
        stream
            .set_read_timeout(Some(Duration::from_millis(20)))
            .unwrap();
        let peeked = stream.peek(&mut [0]);
        assert!(peeked.is_err(), "nothing came yet");
    }
    agent.audit.set_full(false);
    for stream in streams {
        assert_eq!(answer(stream).await.status, 200);
    }
    assert_eq!(agent.audit.lines().len(), 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_begun_is_answered_before_the_end() {
    let agent = Running::with(|_| {});
    agent.kms.hold();
    let begun = agent.ask("/v1/a");
    agent.kms.wait_for_calls(1).await;
    agent.stop.send(()).unwrap();
    // Listening ends at once, so that a successor can have the port.
    for _ in 0..500 {
        if TcpStream::connect(agent.address).is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(TcpStream::connect(agent.address).is_err());
    assert!(!agent.serving.is_finished(), "one request is in progress");
    agent.kms.release(1);
    let response = answer(begun).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("connection"), Some("close"));
    agent.serving.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_do_not_hold_up_the_end() {
    let agent = Running::with(|_| {});
    let idle = TcpStream::connect(agent.address).unwrap();
    let used = agent.ask("/v1/a");
    let used = answer_and_keep(used).await;
    agent.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), agent.serving)
        .await
        .expect("no reason to wait")
        .unwrap();
    drop((idle, used));
}

#[tokio::test(flavor = "multi_thread")]
async fn both_loopback_addresses_are_served() {
    let agent = Running::with(|_| {});
    let request = agent.request("/v1/a");
    let port = agent.address.port();
    // Where the machine has IPv6 at all.
    if std::net::TcpListener::bind(("::1", 0)).is_ok() {
        let six = exchange((std::net::Ipv6Addr::LOCALHOST, port).into(), request, 1).await;
        assert_eq!(six.statuses(), [200]);
    }
    assert_eq!(agent.reads("a").await.split(' ').count(), 2);
}

async fn answer_and_keep(mut stream: TcpStream) -> TcpStream {
    tokio::task::spawn_blocking(move || {
        kms_testkit::read_one(&mut stream).unwrap();
        stream
    })
    .await
    .unwrap()
}
