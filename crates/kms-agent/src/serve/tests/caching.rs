//! What seed 002 says of `[Cache]`: how long, how many, who leaves first.

use std::time::Duration;

use super::Running;

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_fresh_for_its_ttl_and_not_longer() {
    let agent = Running::with(|_| {});
    assert_eq!(agent.reads("a").await, "MISS 0");
    assert_eq!(agent.reads("a").await, "HIT 0");
    agent.pass(299);
    assert_eq!(agent.reads("a").await, "HIT 299");
    agent.pass(1);
    assert_eq!(agent.reads("a").await, "MISS 0");
    assert_eq!(agent.kms.calls(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn name_version_and_stage_are_the_key() {
    let agent = Running::with(|_| {});
    let targets = [
        "/v1/a",
        "/v1/a?versionId=v1",
        "/v1/a?versionId=v2",
        "/v1/a?versionStage=ACSPrevious",
        "/v1/a?versionId=v1&versionStage=ACSPrevious",
        "/v1/b",
    ];
    let mut bodies = Vec::new();
    for target in targets {
        let response = agent.get(target).await;
        assert_eq!(response.header("x-cache"), Some("MISS"), "{target}");
        bodies.push(response.body);
    }
    // Each again, by the other route, in the other order.
    for (target, body) in targets.into_iter().zip(bodies).rev() {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let name = path.strip_prefix("/v1/").unwrap();
        let other = format!("/secretsmanager/get?{query}&secretId={name}&x=1&versionId2=9");
        let response = agent.get(&other).await;
        assert_eq!(response.header("x-cache"), Some("HIT"), "{other}");
        assert_eq!(response.body, body, "{other}");
    }
    assert_eq!(agent.kms.calls(), targets.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_stored_leaves_first_and_a_refresh_keeps_its_place() {
    let agent = Running::with(|settings| settings.cache.size = 2);
    agent.reads("a").await;
    agent.reads("b").await;
    agent.pass(300);
    assert_eq!(agent.reads("a").await, "MISS 0", "refreshed");
    assert_eq!(agent.reads("a").await, "HIT 0");
    agent.reads("c").await;
    assert_eq!(agent.reads("c").await, "HIT 0");
    // `a` was stored first, whenever it was refreshed or read.
    assert_eq!(agent.reads("a").await, "MISS 0");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_lru_the_least_recently_used_leaves_first() {
    let agent = Running::with(|settings| {
        settings.cache.size = 2;
        settings.cache.lru = true;
    });
    agent.reads("a").await;
    agent.reads("b").await;
    assert_eq!(agent.reads("a").await, "HIT 0");
    agent.reads("c").await;
    assert_eq!(agent.reads("a").await, "HIT 0");
    assert_eq!(agent.reads("c").await, "HIT 0");
    assert_eq!(agent.reads("b").await, "MISS 0");
}

#[tokio::test(flavor = "multi_thread")]
async fn size_zero_asks_kms_each_time_by_itself() {
    let agent = Running::with(|settings| settings.cache.size = 0);
    agent.kms.hold();
    let streams: Vec<_> = (0..5).map(|_| agent.ask("/v1/a")).collect();
    agent.kms.wait_for_calls(5).await;
    agent.kms.release(6);
    let mut values = Vec::new();
    for stream in streams {
        let response = super::answer(stream).await;
        assert_eq!(response.header("x-cache"), Some("MISS"));
        values.push(response.text());
    }
    values.sort();
    values.dedup();
    assert_eq!(values.len(), 5, "each has its own answer");
    assert_eq!(agent.reads("a").await, "MISS 0");
    assert_eq!(agent.kms.calls(), 6);
    // Nothing was kept for failures, and refusals are not remembered.
    agent.kms.release(9);
    agent.kms.fail(Some(super::double::unreachable()));
    assert_eq!(agent.read("a").await.0, 502);
    agent.kms.fail(Some(super::double::refused(
        404,
        "Forbidden.ResourceNotFound",
    )));
    assert_eq!(agent.read("a").await.0, 404);
    assert_eq!(agent.read("a").await.0, 404);
    assert_eq!(agent.kms.calls(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn ttl_zero_asks_each_time_but_keeps_the_value_for_failures() {
    let agent = Running::with(|settings| settings.cache.ttl = Duration::ZERO);
    assert_eq!(agent.reads("a").await, "MISS 0");
    assert_eq!(agent.reads("a").await, "MISS 0");
    assert_eq!(agent.kms.calls(), 2);
    agent.kms.fail(Some(super::double::unreachable()));
    agent.pass(60);
    assert_eq!(agent.reads("a").await, "STALE 60");
    assert_eq!(agent.kms.calls(), 3);
    agent.kms.fail(None);
    assert_eq!(agent.reads("a").await, "MISS 0", "used again at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_of_the_wall_clock_moves_no_age() {
    let agent = Running::with(|_| {});
    agent.reads("a").await;
    for time in [
        "2025-01-10T07:59:17Z",
        "1999-01-01T00:00:00Z",
        "2025-01-03T07:59:17Z",
    ] {
        agent.clock.jump_to(time.parse().unwrap());
        assert_eq!(agent.reads("a").await, "HIT 0", "{time}");
    }
    agent.pass(300);
    agent.clock.jump_to("1999-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(agent.reads("a").await, "MISS 0");
    // The log tells the wall clock's time.
    let last = agent.audit.lines().pop().unwrap();
    assert_eq!(last["ts"], 915_148_800.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_do_not_exist_push_out_nothing() {
    let agent = Running::with(|settings| settings.cache.size = 2);
    agent.reads("hot").await;
    agent.kms.fail(Some(super::double::refused(
        404,
        "Forbidden.ResourceNotFound",
    )));
    for number in 0..2000 {
        assert_eq!(agent.read(&format!("missing-{number}")).await.0, 404);
    }
    assert_eq!(agent.reads("hot").await, "HIT 0");
}
