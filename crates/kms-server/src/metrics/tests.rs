use std::{sync::Arc, time::Duration};

use kms_crypto::Keyring;
use kms_service::{EventCount, Level};
use kms_store::SqliteStore;
use kms_testkit::MockClock;
use tempfile::tempdir;

use super::{Metrics, Told};
use crate::{
    audit,
    events::EventCounts,
    gateway::{Admission, Rates},
    rotation::RotationCounts,
};

#[tokio::test]
async fn calls_are_counted_by_action_and_code_and_timed() {
    let clock = MockClock::at("2026-11-25T12:00:00Z".parse().unwrap());
    let dir = tempdir().unwrap();
    let now = "2026-11-25T12:00:00Z".parse().unwrap();
    let options = audit::Options {
        path: dir.path().join("audit.log"),
        server: "test".to_owned(),
        max_size: 1 << 20,
        reserve: 0,
        socket: None,
    };
    let audit = audit::Log::open(
        options,
        &Keyring::generate(now).unwrap(),
        Arc::new(clock.clone()),
    )
    .unwrap();
    let events = EventCounts::new(Arc::new(clock.clone()));
    let count = |level, newest: &str| EventCount {
        name: "ClientKey:Expiration:7Days".to_owned(),
        level,
        count: 2,
        newest: newest.parse().unwrap(),
    };
    events.set(vec![
        count(Level::Critical, "2026-11-25T11:59:00Z"),
        count(Level::Info, "2026-11-25T11:59:30Z"),
    ]);
    let admission = Admission::new(Rates::default(), Arc::new(clock));
    let store = SqliteStore::open(&dir.path().join("kms.db")).await.unwrap();
    let metrics = Metrics::new(
        admission,
        audit,
        Arc::new(store),
        None,
        RotationCounts::new(),
        events,
    );
    let told = |action, code, millis| {
        metrics.call(Told {
            action,
            code,
            took: Duration::from_millis(millis),
        });
    };
    told("GetSecretValue", "OK", 2);
    told("GetSecretValue", "OK", 20);
    told("GetSecretValue", "Forbidden.ResourceNotFound", 1);
    told("", "MissingParameter", 1);
    metrics.reload(false);
    metrics.ready(true);
    let text = metrics.render();
    for line in [
        "kms_calls_total{action=\"GetSecretValue\",code=\"OK\"} 2",
        "kms_calls_total{action=\"GetSecretValue\",code=\"Forbidden.ResourceNotFound\"} 1",
        "kms_events{name=\"ClientKey:Expiration:7Days\",level=\"CRITICAL\"} 2",
        "kms_newest_critical_event_age_seconds 60",
        "kms_calls_total{action=\"unknown\",code=\"MissingParameter\"} 1",
        "kms_call_seconds_count{action=\"GetSecretValue\"} 3",
        "kms_call_seconds_bucket{le=\"0.0025\",action=\"GetSecretValue\"} 2",
        "kms_certificate_reloads_total{result=\"failed\"} 1",
        "kms_store_ready 1",
        "kms_audit_available 1",
        "kms_audit_lines_waiting 0",
        "kms_audit_writes_total 0",
        "kms_audit_write_seconds_total 0.0",
        "kms_calls_in_flight 0",
        "kms_calls_throttled_total 0",
        "kms_rotations_total{event=\"begins\"} 0",
        "kms_rotations_total{event=\"given-up\"} 0",
        "kms_rotations_in_progress 0",
        "kms_rotations_overdue 0",
        "# EOF",
    ] {
        assert!(text.lines().any(|own| own == line), "{line}:\n{text}");
    }
    for state in ["open", "idle"] {
        let line = format!("kms_store_connections{{state=\"{state}\"}} ");
        assert!(text.contains(&line), "{line}:\n{text}");
    }
}
