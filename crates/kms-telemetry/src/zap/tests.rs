use std::fs;

use kms_testkit::MockClock;
use serde_json::{Value, json};
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

use super::*;
use crate::{LogOptions, open_log};

/// What is in the file after `say` was run with this level.
fn told(level: LevelFilter, say: impl FnOnce()) -> Vec<Value> {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(MockClock::at("2025-01-03T07:59:17.5Z".parse().unwrap()));
    let (sink, writer) = open_log(LogOptions {
        dir: dir.path().to_owned(),
        stem: "zap".to_owned(),
        max_size: 1 << 20,
        max_backups: 0,
        clock: clock.clone(),
    })
    .unwrap();
    let verbosity = Verbosity {
        level,
        own: vec!["kms_"],
    };
    let subscriber = Registry::default().with(ZapLayer::new(sink, clock, verbosity));
    tracing::subscriber::with_default(subscriber, say);
    writer.close();
    fs::read_to_string(dir.path().join("zap.log"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[derive(Debug, thiserror::Error)]
#[error("outer")]
struct Outer(#[source] Inner);

#[derive(Debug, thiserror::Error)]
#[error("inner \"quoted\"\nline")]
struct Inner;

#[test]
fn an_event_is_one_line_in_zaps_shape() {
    let error = Outer(Inner);
    let error: &(dyn std::error::Error + 'static) = &error;
    let lines = told(LevelFilter::DEBUG, || {
        let half = 0.5;
        tracing::warn!(count = 3_u64, less = -1_i64, yes = true, half, name = "密\u{1}", path = ?Some(1), error, "it {}", "happened");
    });
    let [mut line] = <[Value; 1]>::try_from(lines).unwrap();
    let caller = line.as_object_mut().unwrap().remove("caller").unwrap();
    let (file, number) = caller.as_str().unwrap().split_once(':').unwrap();
    assert_eq!(file, "zap/tests.rs");
    assert!(number.parse::<u32>().is_ok());
    assert_eq!(
        line,
        json!({
            "level": "warn", "ts": 1_735_891_157.5, "msg": "it happened", "count": 3,
            "less": -1, "yes": true, "half": 0.5, "name": "密\u{1}", "path": "Some(1)",
            "error": "outer: inner \"quoted\"\nline"
        })
    );
}

#[test]
fn levels_are_zaps() {
    let say = || {
        tracing::error!("e");
        tracing::warn!("w");
        tracing::info!("i");
        tracing::debug!("d");
        tracing::trace!("t");
    };
    for (level, expected) in [
        (LevelFilter::DEBUG, "error warn info debug"),
        (LevelFilter::INFO, "error warn info"),
        (LevelFilter::WARN, "error warn"),
        (LevelFilter::ERROR, "error"),
    ] {
        let levels: Vec<_> = told(level, say)
            .iter()
            .map(|line| line["level"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(levels.join(" "), expected);
    }
}

#[test]
fn other_peoples_debug_is_never_written() {
    let lines = told(LevelFilter::DEBUG, || {
        tracing::debug!(target: "hyper::proto", "head with a token");
        tracing::info!(target: "rustls", "a key");
        tracing::warn!(target: "hyper::proto", "a warning");
        tracing::debug!(target: "kms_agent::serve", "ours");
    });
    let said: Vec<_> = lines.iter().map(|line| &line["msg"]).collect();
    assert_eq!(said, ["a warning", "ours"]);
    let lines = told(LevelFilter::ERROR, || {
        tracing::warn!(target: "hyper::proto", "a warning");
        tracing::error!(target: "hyper::proto", "an error");
    });
    assert_eq!(lines.len(), 1);
}

#[test]
fn long_fields_are_clipped_between_characters() {
    let long = "密".repeat(4000);
    let lines = told(LevelFilter::DEBUG, || tracing::info!(long, "{}", long));
    // 4096 bytes hold 1365 characters of three.
    assert_eq!(lines[0]["long"], "密".repeat(1365));
    assert_eq!(lines[0]["msg"], "密".repeat(1365));
}

#[test]
fn callers_are_shortened_to_a_folder_and_a_file() {
    for (file, expected) in [
        ("crates/kms-agent/src/cli/agent.rs", "cli/agent.rs"),
        ("crates\\kms-agent\\src\\cli\\agent.rs", "cli\\agent.rs"),
        ("src/main.rs", "src/main.rs"),
        ("main.rs", "main.rs"),
        ("", ""),
    ] {
        assert_eq!(short(file), expected);
    }
}
