//! What the killed have written down.

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::Write as _,
    path::PathBuf,
    process::Command,
};

use serde_json::Value;

use crate::place::{Place, Said, said};

/// Leaves the beginning of a line at the log's end, as a writer does that is cut off, and
/// sees that it is named.
pub(super) fn tear(place: &Place) {
    let mut log = OpenOptions::new()
        .append(true)
        .open(place.path("data/audit/audit.log"))
        .unwrap();
    log.write_all(b"{\"seq\":100000,\"ti").unwrap();
    let said = verify(place);
    assert_eq!(said.code, Some(70), "{said:?}");
    assert!(said.err.contains("the file ends within it"), "{said:?}");
}

/// All lines are as they were written, down to the last, and what was acknowledged is told
/// by one of them.
pub(super) fn check(place: &Place, acknowledged: &BTreeSet<String>) {
    let said = verify(place);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("all as they were written"), "{said:?}");
    assert!(!said.out.contains("not signed yet"), "{said:?}");
    assert!(!said.out.contains("not at hand"), "{said:?}");

    let mut done = BTreeSet::new();
    let mut has_cut_off = false;
    for file in files(place) {
        for line in fs::read_to_string(file).unwrap().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            has_cut_off |= line["event"] == "log.cut-off";
            if line["kind"] == "call" && line["code"] == "OK" {
                let id = line["requestId"].as_str().unwrap().to_owned();
                assert!(done.insert(id), "twice: {line}");
            }
        }
    }
    let missing: Vec<_> = acknowledged.difference(&done).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(has_cut_off, "nothing tells of the line that was cut off");
}

fn verify(place: &Place) -> Said {
    let key = place.path("data/audit/audit.pub");
    let mut command = Command::new(env!("CARGO_BIN_EXE_kms-server"));
    command.args(["audit", "verify", "--public-key"]).arg(key);
    said(command.args(files(place)))
}

fn files(place: &Place) -> Vec<PathBuf> {
    let entries = fs::read_dir(place.path("data/audit")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    // The others are of commands beside the server, a chain of their own.
    let is_servers = |path: &PathBuf| {
        let begins = path.file_stem().unwrap().to_str().unwrap();
        begins.starts_with("audit") && path.extension().is_some_and(|own| own == "log")
    };
    paths.filter(is_servers).collect()
}
