use std::fs;

use super::*;

const STEM: &str = "alibabacloud-kms-agent";

#[test]
fn names_are_utc_with_milliseconds_and_a_counter() {
    let at: Timestamp = "2026-11-24T15:02:03.123456Z".parse().unwrap();
    assert_eq!(
        rotated(STEM, at, 7),
        "alibabacloud-kms-agent-2026-11-24T15-02-03.123-007.log"
    );
    let at: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
    assert_eq!(
        rotated(STEM, at, 0),
        "alibabacloud-kms-agent-2026-01-02T03-04-05.000-000.log"
    );
}

#[test]
fn the_oldest_go_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let others = [
        "alibabacloud-kms-agent.log",
        "alibabacloud-kms-agent-notes.log",
        "alibabacloud-kms-agent-2026-11-24T15-02-03.123-000.log.gz",
        "alibabacloud-kms-agent-2026-11-24T15-02-03.12-000.log",
        "alibabacloud-kms-agent-2026-13-24T15-02-03.123-000.log",
        "alibabacloud-kms-agent-2026-11-24T15-02-03.123-0.log",
        "alibabacloud-kms-agent-2026-11-24T15-02-03.123-xyz.log",
        "other-2026-11-24T15-02-03.123-000.log",
    ];
    let ours = [
        "alibabacloud-kms-agent-2025-12-31T23-59-59.999-000.log",
        "alibabacloud-kms-agent-2026-11-24T15-02-03.123-000.log",
        "alibabacloud-kms-agent-2026-11-24T15-02-03.123-001.log",
        "alibabacloud-kms-agent-2026-11-24T15-02-03.123-1000.log",
    ];
    for name in others.iter().chain(&ours) {
        fs::write(dir.path().join(name), "").unwrap();
    }
    prune(dir.path(), STEM, 2).unwrap();
    let mut left: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    let mut expected: Vec<_> = others
        .iter()
        .chain(&ours[2..])
        .map(|&name| name.to_owned())
        .collect();
    expected.sort();
    assert_eq!(left, expected);
}

#[test]
fn zero_keeps_all() {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..5 {
        let name = format!("{STEM}-2026-11-24T15-02-03.123-00{number}.log");
        fs::write(dir.path().join(name), "").unwrap();
    }
    prune(dir.path(), STEM, 0).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 5);
}
