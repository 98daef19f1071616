use std::{fs, path::PathBuf};

use kms_testkit::MockClock;

use super::*;

fn options(dir: PathBuf) -> LogOptions {
    LogOptions {
        dir,
        stem: "agent".to_owned(),
        max_size: 8,
        max_backups: 1,
        clock: Arc::new(MockClock::at("2026-11-24T15:02:03.123Z".parse().unwrap())),
    }
}

#[test]
fn standard_output_is_no_directory_and_everything_else_is() {
    let target = Target::open(options(STDOUT.into())).unwrap();
    assert!(matches!(target, Target::Stream(_)));
    assert_eq!(target.path(), Path::new(STDOUT));
    let dir = tempfile::tempdir().unwrap();
    let target = Target::open(options(dir.path().join("stdout"))).unwrap();
    assert!(matches!(target, Target::File(_)));
    assert!(dir.path().join("stdout/agent.log").is_file());
}

#[test]
fn a_stream_gets_every_line_once_and_is_never_rotated() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("stream");
    let mut target = Target::Stream(Stream {
        path: path.clone(),
        file: File::create(&path).unwrap(),
        clock: options(PathBuf::new()).clock,
    });
    let lines = b"longer than one file may be\nanother\n";
    let mut done = 0;
    while done < lines.len() {
        done = target.write(lines, done).unwrap();
    }
    assert_eq!(target.write(lines, lines.len()).unwrap(), lines.len());
    target.sync().unwrap();
    assert_eq!(fs::read(&path).unwrap(), lines);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}
