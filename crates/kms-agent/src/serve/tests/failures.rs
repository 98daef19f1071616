//! What is answered when KMS says no, or says nothing.

use super::{
    Running,
    double::{refused, unreachable},
};
use crate::UpstreamError;

const DAY: u64 = 86_400;

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_remembered_for_two_seconds() {
    for (status, code) in [
        (404, "Forbidden.ResourceNotFound"),
        (403, "Forbidden.NoPermission"),
    ] {
        let agent = Running::with(|_| {});
        agent.kms.fail(Some(refused(status, code)));
        for _ in 0..20 {
            assert_eq!(agent.read("a").await.0, status);
        }
        assert_eq!(agent.kms.calls(), 1);
        agent.kms.fail(None);
        agent.clock.advance(std::time::Duration::from_millis(1_999));
        assert_eq!(agent.read("a").await.0, status);
        agent.clock.advance(std::time::Duration::from_millis(1));
        assert_eq!(agent.reads("a").await, "MISS 0");
        assert_eq!(agent.kms.calls(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn remembering_refusals_can_be_switched_off() {
    let agent = Running::with(|settings| settings.cache.negative_ttl = std::time::Duration::ZERO);
    agent
        .kms
        .fail(Some(refused(404, "Forbidden.ResourceNotFound")));
    for _ in 0..3 {
        assert_eq!(agent.read("a").await.0, 404);
    }
    assert_eq!(agent.kms.calls(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_refusals_are_not_remembered() {
    let agent = Running::with(|_| {});
    agent
        .kms
        .fail(Some(refused(400, "Rejected.InvalidRequest")));
    assert_eq!(agent.read("a").await.0, 400);
    assert_eq!(agent.read("a").await.0, 400);
    assert_eq!(agent.kms.calls(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_value_stands_in_for_a_day() {
    for error in [
        unreachable(),
        UpstreamError::Timeout,
        refused(429, "Rejected.Throttling"),
        refused(500, "InternalFailure"),
        refused(503, "ServiceUnavailableTemporary"),
    ] {
        let agent = Running::with(|_| {});
        agent.reads("a").await;
        agent.kms.fail(Some(error.clone()));
        agent.pass(300);
        assert_eq!(agent.reads("a").await, "STALE 300", "{error}");
        agent.pass(DAY);
        assert_eq!(agent.reads("a").await, "STALE 86700", "{error}");
        agent.pass(1);
        let status = match &error {
            UpstreamError::Refused { status, .. } => *status,
            UpstreamError::Timeout => 504,
            _ => 502,
        };
        assert_eq!(agent.read("a").await, (status, "-".to_owned()), "{error}");
        agent.kms.fail(None);
        assert_eq!(agent.reads("a").await, "MISS 0", "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_value_stands_in_for_no_refusal() {
    for (status, code) in [
        (404, "Forbidden.ResourceNotFound"),
        (403, "Forbidden.NoPermission"),
        (400, "InvalidAccessKeyId.Inactive"),
    ] {
        let agent = Running::with(|_| {});
        agent.reads("a").await;
        agent.pass(300);
        agent.kms.fail(Some(refused(status, code)));
        assert_eq!(agent.read("a").await.0, status, "{code}");
        // What is gone or forbidden stays so when KMS then falls silent.
        agent.pass(10);
        agent.kms.fail(Some(unreachable()));
        let after = if status == 400 { 200 } else { 502 };
        assert_eq!(agent.read("a").await.0, after, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_while_the_value_is_fresh_is_not_seen() {
    let agent = Running::with(|_| {});
    agent.reads("a").await;
    agent
        .kms
        .fail(Some(refused(404, "Forbidden.ResourceNotFound")));
    agent.pass(299);
    assert_eq!(agent.reads("a").await, "HIT 299");
    agent.pass(1);
    assert_eq!(agent.read("a").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_ignore_transient_errors_nothing_stands_in() {
    let agent = Running::with(|settings| settings.server.ignore_transient_errors = false);
    agent.reads("a").await;
    agent.kms.fail(Some(unreachable()));
    assert_eq!(agent.reads("a").await, "HIT 0");
    agent.pass(300);
    assert_eq!(agent.read("a").await.0, 502);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_bound_an_old_value_stands_in_for_ever() {
    let agent = Running::with(|settings| settings.cache.max_stale = None);
    agent.reads("a").await;
    agent.kms.fail(Some(unreachable()));
    agent.pass(300 * DAY);
    assert_eq!(agent.reads("a").await, "STALE 25920000");
}

#[tokio::test(flavor = "multi_thread")]
async fn during_an_outage_kms_is_asked_every_five_seconds() {
    let agent = Running::with(|_| {});
    agent.reads("a").await;
    agent.pass(300);
    agent.kms.fail(Some(unreachable()));
    for _ in 0..10 {
        assert!(agent.reads("a").await.starts_with("STALE"));
    }
    assert_eq!(
        agent.kms.calls(),
        2,
        "one failure is enough for five seconds"
    );
    agent.kms.fail(None);
    agent.pass(4);
    assert_eq!(agent.reads("a").await, "STALE 304");
    agent.pass(1);
    assert_eq!(agent.reads("a").await, "MISS 0");
    assert_eq!(agent.kms.calls(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_kms_is_used_within_one_ttl() {
    for ttl in [1, 2, 10, 300] {
        let agent =
            Running::with(|settings| settings.cache.ttl = std::time::Duration::from_secs(ttl));
        agent.reads("a").await;
        agent.kms.fail(Some(unreachable()));
        agent.pass(ttl);
        assert!(agent.reads("a").await.starts_with("STALE"), "{ttl}");
        agent.kms.fail(None);
        agent.pass(ttl);
        assert_eq!(agent.reads("a").await, "MISS 0", "{ttl}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_failing_secret_disturbs_no_other() {
    let agent = Running::with(|_| {});
    agent
        .kms
        .fail_for("bad", refused(404, "Forbidden.ResourceNotFound"));
    agent.reads("good").await;
    for _ in 0..50 {
        assert_eq!(agent.read("bad").await.0, 404);
        assert_eq!(agent.reads("good").await, "HIT 0");
    }
    assert_eq!(agent.kms.calls(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_hits_misses_and_failures_apart() {
    let agent = Running::with(|_| {});
    agent.reads("a").await;
    agent.reads("a").await;
    agent.pass(300);
    agent.kms.fail(Some(unreachable()));
    agent.reads("a").await;
    agent
        .kms
        .fail(Some(refused(404, "Forbidden.ResourceNotFound")));
    agent.read("b").await;
    agent.read("b").await;
    agent.get("/v1/a/../b").await;
    let lines = agent.audit.lines();
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            let field = |name: &str| line[name].as_str().unwrap_or("-").to_owned();
            (field("cache"), field("outcome"), field("secret"))
        })
        .collect();
    let expected = [
        ("miss", "ok", "a"),
        ("hit", "ok", "a"),
        ("stale", "ok", "a"),
        ("miss", "Forbidden.ResourceNotFound", "b"),
        ("negative", "Forbidden.ResourceNotFound", "b"),
        ("none", "name", "-"),
    ]
    .map(|(cache, outcome, secret)| (cache.to_owned(), outcome.to_owned(), secret.to_owned()));
    assert_eq!(told, expected);
}
