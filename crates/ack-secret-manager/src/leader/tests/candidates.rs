//! Several candidates for one Lease, at an API server in memory.

use std::{sync::Arc, time::Duration};

use http::Method;
use jiff::Timestamp;
use kms_types::Clock;
use serde_json::{Value, json};
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{self, Instant},
};

use super::super::{Candidate, LEASE, Leadership};
use crate::fake_cluster::{FakeCluster, Line};

const PATH: &str = "/apis/coordination.k8s.io/v1/namespaces/ops/leases/ack-secret-manager-lock";

/// Of a machine: it goes on as timers do.
struct Going {
    wall: Timestamp,
    began: Instant,
}

impl Clock for Going {
    fn now(&self) -> Timestamp {
        self.wall + self.began.elapsed()
    }

    fn monotonic(&self) -> Duration {
        self.began.elapsed()
    }
}

struct Standing {
    leadership: Leadership,
    line: Line,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

// === impl Standing ===

impl Standing {
    async fn gained(&mut self) {
        let gained = time::timeout(Duration::from_mins(2), self.leadership.gained());
        gained.await.unwrap();
    }
}

/// Whose clock shows this.
fn stand_at(cluster: &FakeCluster, identity: &str, time: &str) -> Standing {
    let line = Line::new();
    let clock = Going {
        wall: time.parse().unwrap(),
        began: Instant::now(),
    };
    let (candidate, leadership) = Candidate::new(
        cluster.client_over(&line),
        "ops",
        LEASE,
        identity.to_owned(),
        Arc::new(clock),
    );
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(candidate.stand(async { drop(stopped.await) }));
    Standing {
        leadership,
        line,
        stop,
        task,
    }
}

fn stand(cluster: &FakeCluster, identity: &str) -> Standing {
    stand_at(cluster, identity, "2026-01-01T00:00:00Z")
}

fn lease(cluster: &FakeCluster) -> Value {
    cluster.get(PATH).unwrap()["spec"].clone()
}

/// Looks ten times a second for so long; how many lead, each time.
async fn watched(of: &[&Standing], so_long: Duration) -> Vec<Vec<bool>> {
    let end = Instant::now() + so_long;
    let mut seen = Vec::new();
    while Instant::now() < end {
        seen.push(of.iter().map(|one| one.leadership.holds()).collect());
        time::sleep(Duration::from_millis(100)).await;
    }
    seen
}

#[tokio::test(start_paused = true)]
async fn who_is_first_leads_and_renews() {
    let cluster = FakeCluster::new();
    let mut first = stand(&cluster, "a");
    first.gained().await;
    let spec = lease(&cluster);
    assert_eq!(spec["holderIdentity"], "a");
    assert_eq!(spec["leaseDurationSeconds"], 15);
    assert_eq!(spec["leaseTransitions"], 0);
    assert_eq!(spec["acquireTime"], "2026-01-01T00:00:00.000000Z");
    let second = stand(&cluster, "b");
    let seen = watched(&[&first, &second], Duration::from_mins(2)).await;
    assert!(seen.iter().all(|both| *both == [true, false]), "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn who_ends_gives_it_back_and_the_next_one_need_not_wait() {
    let cluster = FakeCluster::new();
    let mut first = stand(&cluster, "a");
    first.gained().await;
    let mut second = stand(&cluster, "b");
    time::sleep(Duration::from_secs(10)).await;
    drop(first.stop);
    first.task.await.unwrap();
    assert!(!first.leadership.holds());
    let ended = Instant::now();
    second.gained().await;
    assert!(
        ended.elapsed() <= Duration::from_secs(3),
        "{:?}",
        ended.elapsed()
    );
    assert_eq!(lease(&cluster)["holderIdentity"], "b");
    assert_eq!(lease(&cluster)["leaseTransitions"], 1);
}

#[tokio::test(start_paused = true)]
async fn who_is_cut_off_leads_no_more_before_anybody_else_does() {
    let cluster = FakeCluster::new();
    let mut first = stand(&cluster, "a");
    first.gained().await;
    let second = stand(&cluster, "b");
    watched(&[&first, &second], Duration::from_secs(21)).await;
    first.line.cut(true);
    let seen = watched(&[&first, &second], Duration::from_mins(1)).await;
    assert!(seen.iter().all(|both| *both != [true, true]), "{seen:?}");
    let ended = seen.iter().position(|both| !both[0]).unwrap();
    let began = seen.iter().position(|both| both[1]).unwrap();
    // Ten a second: two seconds at least lie between.
    assert!(began >= ended + 20, "{ended} {began}");
    assert!(seen.last().unwrap()[1]);

    // And when it is back, it sees that another one has it.
    first.line.cut(false);
    let seen = watched(&[&first, &second], Duration::from_mins(1)).await;
    assert!(seen.iter().all(|both| *both == [false, true]), "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn a_clock_may_be_wrong_by_a_day() {
    for wrong in ["2025-12-31T00:00:00Z", "2026-01-02T00:00:00Z"] {
        let cluster = FakeCluster::new();
        let mut first = stand_at(&cluster, "a", wrong);
        first.gained().await;
        let mut second = stand(&cluster, "b");
        let seen = watched(&[&first, &second], Duration::from_mins(1)).await;
        assert!(seen.iter().all(|both| *both == [true, false]), "{wrong}");
        first.line.cut(true);
        second.gained().await;
        assert!(!first.leadership.holds());
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_who_write_at_once_the_second_does_not_lead() {
    let cluster = FakeCluster::new();
    cluster.refuse(&Method::POST, 409);
    let first = stand(&cluster, "a");
    let seen = watched(&[&first], Duration::from_secs(20)).await;
    assert!(seen.iter().all(|one| !one[0]));
    cluster.refuse(&Method::POST, 0);
    let seen = watched(&[&first], Duration::from_secs(5)).await;
    assert!(seen.last().unwrap()[0]);
    cluster.refuse(&Method::PUT, 409);
    let seen = watched(&[&first], Duration::from_secs(5)).await;
    assert!(!seen.last().unwrap()[0]);
}

#[tokio::test(start_paused = true)]
async fn an_error_costs_nobody_the_lease_at_once() {
    let cluster = FakeCluster::new();
    let mut first = stand(&cluster, "a");
    first.gained().await;
    cluster.refuse(&Method::PUT, 500);
    let seen = watched(&[&first], Duration::from_secs(7)).await;
    assert!(seen.iter().all(|one| one[0]));
    let seen = watched(&[&first], Duration::from_secs(4)).await;
    assert!(!seen.last().unwrap()[0]);
    cluster.refuse(&Method::PUT, 0);
    first.gained().await;
}

#[tokio::test(start_paused = true)]
async fn who_ends_leaves_anothers_lease_alone() {
    let cluster = FakeCluster::new();
    let mut first = stand(&cluster, "a");
    first.gained().await;
    let mut object = cluster.get(PATH).unwrap();
    object["spec"]["holderIdentity"] = json!("b");
    cluster.put(PATH, object);
    drop(first.stop);
    first.task.await.unwrap();
    assert_eq!(lease(&cluster)["holderIdentity"], "b");
}

#[tokio::test(start_paused = true)]
async fn who_does_not_lead_gives_nothing_back() {
    let cluster = FakeCluster::new();
    let mut first = stand(&cluster, "a");
    first.gained().await;
    let second = stand(&cluster, "b");
    time::sleep(Duration::from_secs(5)).await;
    drop(second.stop);
    second.task.await.unwrap();
    assert_eq!(lease(&cluster)["holderIdentity"], "a");
    assert!(first.leadership.holds());
}

#[tokio::test(start_paused = true)]
async fn an_end_does_not_wait_for_an_api_server_that_is_silent() {
    let cluster = FakeCluster::new();
    let mut first = stand(&cluster, "a");
    first.gained().await;
    time::sleep(Duration::from_secs(1)).await;
    first.line.cut(true);
    drop(first.stop);
    let ended = time::timeout(Duration::from_secs(15), first.task).await;
    ended.unwrap().unwrap();
    assert!(!first.leadership.holds());
}

#[tokio::test(start_paused = true)]
async fn of_two_who_find_it_free_at_once_one_leads() {
    let cluster = FakeCluster::new();
    cluster.put(
        PATH,
        json!({"spec": {"holderIdentity": "dead", "leaseDurationSeconds": 15}}),
    );
    let (first, second) = (stand(&cluster, "a"), stand(&cluster, "b"));
    let seen = watched(&[&first, &second], Duration::from_mins(1)).await;
    assert!(seen.iter().all(|both| *both != [true, true]));
    assert!(seen.iter().any(|both| both.contains(&true)));
    assert!(seen.iter().take(140).all(|both| *both == [false, false]));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_got_lost_does_not_end_all() {
    let cluster = FakeCluster::new();
    let mut first = stand(&cluster, "a");
    first.gained().await;
    first.line.lose(true);
    time::sleep(Duration::from_secs(3)).await;
    first.line.lose(false);
    // The one that got lost is given up in time for the next.
    let seen = watched(&[&first], Duration::from_mins(1)).await;
    assert!(seen.iter().all(|one| one[0]));
}
