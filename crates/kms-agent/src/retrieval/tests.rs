use kms_testkit::MockClock;

use super::*;

fn line(retrieval: &Retrieval<'_>) -> serde_json::Value {
    line_at("2025-01-03T07:59:17.000042Z", retrieval)
}

fn line_at(time: &str, retrieval: &Retrieval<'_>) -> serde_json::Value {
    let clock = MockClock::at(time.parse().unwrap());
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
        peer: "127.0.0.1:4321",
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
            "header": "x-kms-token", "secret": "app/db", "versionId": "v2",
            "outcome": "ok", "status": 200, "cache": "miss", "latencyMicros": 2000,
            "requestId": "cc315250"
        })
    );
}

#[test]
fn stays_one_line_of_json_whatever_kms_says() {
    let line = line(&Retrieval {
        peer: "[::1]:9",
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
    assert_eq!(line["requestId"], "\\");
}

#[test]
fn names_a_secret_by_arn_with_version_and_stage() {
    let request = SecretRequest {
        secret: "acs:kms:cn-hangzhou:1234567890123456:secret/app/db"
            .parse()
            .unwrap(),
        version_id: Some("v1".parse().unwrap()),
        version_stage: Some("ACSPrevious".parse().unwrap()),
    };
    for (cache, word) in [
        (CacheState::Hit, "hit"),
        (CacheState::Miss, "miss"),
        (CacheState::Stale, "stale"),
        (CacheState::Negative, "negative"),
        (CacheState::None, "none"),
    ] {
        let retrieval = Retrieval {
            peer: "[::1]:9",
            uid: Some(0),
            header: Some("x-vault-token"),
            request: Some(&request),
            outcome: Outcome::Refused("max-conn"),
            status: 429,
            cache,
            latency: Duration::from_micros(1),
            request_id: "",
        };
        assert_eq!(
            line(&retrieval),
            serde_json::json!({
                "level": "warn", "ts": 1_735_891_157.000_042, "caller": "kms-agent/retrieval.rs",
                "msg": "request refused", "peer": "[::1]:9", "uid": 0, "header": "x-vault-token",
                "secret": "acs:kms:cn-hangzhou:1234567890123456:secret/app/db",
                "versionId": "v1", "versionStage": "ACSPrevious",
                "outcome": "max-conn", "status": 429, "cache": word, "latencyMicros": 1
            })
        );
    }
}

#[test]
fn any_time_is_seconds_with_a_fraction() {
    let retrieval = Retrieval {
        peer: "[::1]:9",
        uid: None,
        header: None,
        request: None,
        outcome: Outcome::Value,
        status: 200,
        cache: CacheState::Hit,
        latency: Duration::ZERO,
        request_id: "",
    };
    for (time, seconds) in [
        ("1970-01-01T00:00:00.000001Z", 0.000_001),
        ("2001-09-09T01:46:39.999999Z", 999_999_999.999_999),
        ("2001-09-09T01:46:40Z", 1_000_000_000.0),
        ("2026-11-25T09:00:00.5Z", 1_795_597_200.5),
        ("2286-11-20T17:46:40.25Z", 10_000_000_000.25),
    ] {
        assert_eq!(line_at(time, &retrieval)["ts"], seconds, "{time}");
    }
}
