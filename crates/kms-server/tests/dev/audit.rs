//! The audit log of the real program, which is killed again and again.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Output},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crate::program::{Dev, scratch};

fn audit(arguments: &[&str], dir: &std::path::Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kms-server"))
        .arg("audit")
        .args(arguments)
        .arg("--dir")
        .arg(dir)
        .output()
        .unwrap()
}

#[test]
fn what_was_answered_is_in_the_log_however_the_program_ends() {
    let (_parent, dir) = scratch();
    let mut answered = BTreeSet::new();
    for round in 0..4 {
        let dev = Arc::new(Dev::start(&dir));
        let ids = Arc::new(Mutex::new(BTreeSet::new()));
        let is_over = Arc::new(AtomicBool::new(false));
        let callers: Vec<_> = (0..4)
            .map(|caller| {
                let (dev, ids, is_over) =
                    (Arc::clone(&dev), Arc::clone(&ids), Arc::clone(&is_over));
                thread::spawn(move || {
                    for number in 0.. {
                        if is_over.load(Ordering::SeqCst) {
                            return;
                        }
                        let name = format!("s-{round}-{caller}-{number}");
                        let params = [
                            ("SecretName", name.as_str()),
                            ("SecretData", "value"),
                            ("VersionId", "1"),
                        ];
                        let request = dev.sign("CreateSecret", &params);
                        let Some(answer) = dev.try_send(&request) else {
                            return;
                        };
                        ids.lock()
                            .unwrap()
                            .insert(answer["RequestId"].as_str().unwrap().to_owned());
                    }
                })
            })
            .collect();
        while ids.lock().unwrap().len() < 20 + 13 * round {
            thread::yield_now();
        }
        dev.kill();
        is_over.store(true, Ordering::SeqCst);
        for caller in callers {
            caller.join().unwrap();
        }
        answered.extend(ids.lock().unwrap().iter().cloned());
    }
    // Once more, so that what the last kill left is put in order.
    Dev::start(&dir).stop();
    let verified = audit(&["verify"], &dir);
    assert!(verified.status.success(), "{verified:?}");
    let log = fs::read_to_string(dir.join("audit/audit.log")).unwrap();
    let written: BTreeSet<_> = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter_map(|line| Some(line["requestId"].as_str()?.to_owned()))
        .collect();
    let missing: Vec<_> = answered.difference(&written).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for event in ["unseal", "start", "stop"] {
        assert!(log.contains(&format!("\"event\":\"{event}\"")), "{event}");
    }
}

#[test]
fn the_log_is_verified_and_shown_by_the_program() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    dev.call("DescribeSecret", &[("SecretName", "agent-test")]);
    dev.call("DescribeSecret", &[("SecretName", "not-there")]);
    dev.stop();

    let key = audit(&["key"], &dir);
    let key = String::from_utf8(key.stdout).unwrap();
    let verified = audit(&["verify"], &dir);
    let said = String::from_utf8(verified.stdout).unwrap();
    assert!(said.contains("all as they were written"), "{said}");
    assert!(said.contains("a chain of dev begins in"), "{said}");
    assert!(
        audit(&["verify", "--public-key", key.trim()], &dir)
            .status
            .success()
    );
    let wrong = audit(&["verify", "--public-key", &"0".repeat(64)], &dir);
    assert_eq!(wrong.status.code(), Some(70));
    let wrong = audit(&["verify", "--public-key", "0"], &dir);
    assert_eq!(wrong.status.code(), Some(64));

    let shown = audit(&["show", "--action", "DescribeSecret", "--failed"], &dir);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert_eq!(shown.lines().count(), 1, "{shown}");
    assert!(shown.contains("secret/not-there"), "{shown}");
    assert!(shown.contains("Forbidden.ResourceNotFound"), "{shown}");

    let path = dir.join("audit/audit.log");
    let log = fs::read_to_string(&path).unwrap();
    fs::write(&path, log.replacen("not-there", "not-thers", 1)).unwrap();
    let verified = audit(&["verify"], &dir);
    assert_eq!(verified.status.code(), Some(70));
    let said = String::from_utf8(verified.stderr).unwrap();
    assert!(
        said.contains("was changed") && said.contains("line "),
        "{said}"
    );
}

#[test]
fn a_file_that_was_moved_away_is_followed_by_another() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let path = dir.join("audit/audit.log");
    let moved = dir.join("audit/audit-2000-01-01T00-00-00.000-000.log");
    fs::rename(&path, &moved).unwrap();
    dev.hang_up();
    for _ in 0..500 {
        if fs::metadata(&path).is_ok_and(|found| found.len() > 0) {
            break;
        }
        thread::park_timeout(Duration::from_millis(20));
    }
    dev.call("DescribeSecret", &[("SecretName", "agent-test")]);
    dev.stop();
    let said = audit(&["verify"], &dir);
    assert!(said.status.success(), "{said:?}");
    let said = String::from_utf8(said.stdout).unwrap();
    assert_eq!(said.matches("begins in").count(), 1, "{said}");
    assert!(said.contains("in 2 files"), "{said}");
}
