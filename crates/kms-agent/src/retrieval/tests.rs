use kms_testkit::MockClock;

use super::*;

fn line(retrieval: &Retrieval<'_>) -> serde_json::Value {
    let clock = MockClock::at("2025-01-03T07:59:17.000042Z".parse().unwrap());
    let mut bytes = Vec::new();
    retrieval.write(&clock, &mut bytes);
    assert!(!bytes.contains(&b'\n'));
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn says_who_got_what() {
    let request = SecretRequest {
        secret: "app/db".parse().unwrap(),
        version_id: Some("v2".parse().unwrap()),
        version_stage: None,
    };
    let line = line(&Retrieval {
        peer: "127.0.0.1:4321".parse().unwrap(),
        uid: Some(1000),
        header: Some("x-kms-token"),
        request: Some(&request),
        outcome: Outcome::Value,
        status: 200,
        cache: CacheState::Miss,
        latency: Duration::from_millis(2),
        request_id: "cc315250",
    });
    assert_eq!(
        line,
        serde_json::json!({
            "level": "info", "ts": 1_735_891_157.000_042, "caller": "kms-agent/retrieval.rs",
            "msg": "secret retrieved", "peer": "127.0.0.1:4321", "uid": 1000,
            "header": "x-kms-token", "secret": "app/db", "version_id": "v2",
            "outcome": "ok", "status": 200, "cache": "miss", "latency_us": 2000,
            "request_id": "cc315250"
        })
    );
}

#[test]
fn stays_one_line_of_json_whatever_kms_says() {
    let line = line(&Retrieval {
        peer: "[::1]:9".parse().unwrap(),
        uid: None,
        header: None,
        request: None,
        outcome: Outcome::Failed("Bad\"Code\n\u{1}密"),
        status: 400,
        cache: CacheState::None,
        latency: Duration::ZERO,
        request_id: "\\",
    });
    assert_eq!(line["outcome"], "Bad\"Code\n\u{1}密");
    assert_eq!(line["request_id"], "\\");
}
