//! What is in the log folder, and what is not.

use std::{collections::BTreeSet, fs, io::Write, net::TcpStream, os::unix::fs::PermissionsExt};

use kms_testkit::{agent::RunningAgent, read_one};
use serde_json::Value;

use crate::{eventually, with_foo};

fn lines(log: &str) -> Vec<Value> {
    log.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn read_often(agent: &RunningAgent, count: usize) {
    let mut stream = TcpStream::connect(agent.address()).unwrap();
    let request = agent.request("/v1/foo");
    for _ in 0..count {
        stream.write_all(request.as_bytes()).unwrap();
        assert_eq!(read_one(&mut stream).unwrap().status, 200);
    }
}

#[test]
fn every_retrieval_is_written_at_every_level_within_a_second() {
    for level in ["Debug", "Info", "Warn", "Error"] {
        let (_kms, setup) = with_foo();
        let agent = setup
            .config("Log", &format!("LogLevel = \"{level}\""))
            .start();
        agent.get("/v1/foo?versionStage=ACSCurrent");
        agent.get("/v1/gone");
        let mut stream = TcpStream::connect(agent.address()).unwrap();
        let peer = stream.local_addr().unwrap().to_string();
        stream
            .write_all(
                agent
                    .request("/v1/foo")
                    .replace("X-KMS", "X-Vault")
                    .as_bytes(),
            )
            .unwrap();
        read_one(&mut stream).unwrap();
        eventually("all are written", || {
            agent.log().matches("\"msg\":\"secret").count() == 3
        });
        let log = lines(&agent.log());
        // Lines of different connections may change places within milliseconds.
        let with = |field: &str, value: &str| {
            let mut lines = log.iter();
            lines.find(|line| line[field] == value).unwrap()
        };
        let retrievals = [
            with("versionStage", "ACSCurrent"),
            with("outcome", "Forbidden.ResourceNotFound"),
            with("header", "x-vault-token"),
        ];
        assert_eq!(retrievals[0]["secret"], "foo");
        assert_eq!(retrievals[0]["versionStage"], "ACSCurrent");
        assert_eq!(retrievals[0]["cache"], "miss");
        assert_eq!(retrievals[0]["header"], "x-kms-token");
        assert!(
            retrievals[0]["requestId"]
                .as_str()
                .unwrap()
                .starts_with("00000000-")
        );
        assert!(retrievals[0]["latencyMicros"].is_u64());
        assert_eq!(retrievals[1]["secret"], "gone");
        assert_eq!(retrievals[1]["status"], 404);
        let last = retrievals[2];
        assert_eq!(last["peer"], peer);
        assert_eq!(last["header"], "x-vault-token");
        if cfg!(target_os = "linux") {
            let uid = rustix::process::geteuid().as_raw();
            assert_eq!(last["uid"], uid);
        }
        for line in &log {
            for field in ["level", "ts", "caller", "msg"] {
                assert!(!line[field].is_null(), "{line}");
            }
            // One spelling for all names of fields.
            let names = line.as_object().unwrap().keys();
            assert!(
                names.into_iter().all(|name| !name.contains(['_', '-'])),
                "{line}"
            );
        }
        agent.stop_clean();
    }
}

#[test]
fn files_are_rotated_by_size_and_so_many_are_kept() {
    let (_kms, setup) = with_foo();
    let agent = setup
        .config("Log", "MaxSize = 1")
        .config("Log", "MaxBackups = 2")
        .start();
    let logs = agent.dir().join("logs");
    let names = || -> BTreeSet<String> {
        fs::read_dir(&logs)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    assert_eq!(
        names().into_iter().collect::<Vec<_>>(),
        ["alibabacloud-kms-agent.log"]
    );
    let mut seen = BTreeSet::new();
    while seen.len() < 5 {
        read_often(&agent, 1000);
        let now = names();
        assert!(now.len() <= 3, "{now:?}");
        seen.extend(now);
    }
    let ended = agent.stop_clean();
    let logs = ended.dir.path().join("logs");
    let mut backups = 0;
    for entry in fs::read_dir(&logs).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let metadata = entry.metadata().unwrap();
        assert!(metadata.len() <= 1 << 20, "{name}");
        assert_eq!(metadata.permissions().mode() & 0o137, 0, "{name}");
        let text = fs::read_to_string(entry.path()).unwrap();
        assert!(text.ends_with("}\n"), "{name}");
        lines(&text);
        if name != "alibabacloud-kms-agent.log" {
            backups += 1;
            // alibabacloud-kms-agent-2026-11-24T15-02-03.123-000.log
            let shape: String = name
                .chars()
                .map(|c| if c.is_ascii_digit() { '0' } else { c })
                .collect();
            assert_eq!(
                shape,
                "alibabacloud-kms-agent-0000-00-00T00-00-00.000-000.log"
            );
        }
    }
    assert_eq!(backups, 2);
}

#[test]
fn a_restart_appends() {
    let (kms, setup) = with_foo();
    let path = setup.dir().join("kept");
    let log = format!("LogPath = \"{}\"", path.display());
    setup.config("Log", &log).start().stop();
    drop(kms);
    // The folder is gone with the first agent's; a second one makes its own.
    assert!(!path.exists());
    let shared = tempfile::tempdir().unwrap();
    let log = format!("LogPath = \"{}\"", shared.path().display());
    for starts in 1..=2 {
        let (_kms, setup) = with_foo();
        setup.config("Log", &log).start().stop_clean();
        let text = fs::read_to_string(shared.path().join("alibabacloud-kms-agent.log")).unwrap();
        assert_eq!(text.matches("\"msg\":\"listening\"").count(), starts);
    }
}

#[test]
fn what_was_refused_and_ignored_is_counted() {
    let (_kms, setup) = with_foo();
    let agent = setup.start();
    agent.get("/v1/foo?unknown=1&another=2");
    agent.get("/v1/foo?versionId=a&versionId=b");
    agent.send(b"GET /v1/foo HTTP/1.1\r\nHost: localhost\r\n\r\n", 1, false);
    let ended = agent.stop_clean();
    let log = lines(&ended.log());
    // Reported every minute, the first time at once, and at the end.
    let mut reports: Vec<_> = log
        .iter()
        .filter_map(|line| line["counts"].as_str())
        .flat_map(|counts| counts.split(' '))
        .collect();
    reports.sort_unstable();
    assert_eq!(
        reports,
        ["no-token=1", "repeated-parameter=1", "unknown-parameter=2"]
    );
}

#[test]
fn rules_can_be_relaxed_one_at_a_time() {
    let (_kms, setup) = with_foo();
    let agent = setup
        .config("Server", "RelaxedRules = [\"forwarding\"]")
        .start();
    let request = agent.request("/v1/foo");
    let with = |header: &str| request.replace("X-KMS", &format!("{header}\r\nX-KMS"));
    for (header, status) in [
        ("X-Forwarded-For: 1.2.3.4", 200),
        ("Origin: http://evil.com", 403),
        ("X-Vault-Token: a", 400),
    ] {
        let exchange = agent.send(with(header).as_bytes(), 1, false);
        assert_eq!(exchange.statuses(), [status], "{header}");
    }
    agent.stop_clean();
}
