use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use kms_testkit::MockClock;
use tempfile::TempDir;

use super::*;

const STEM: &str = "agent";

fn options(dir: &TempDir, max_size: u64, max_backups: usize) -> LogOptions {
    LogOptions {
        dir: dir.path().join("logs"),
        stem: STEM.to_owned(),
        max_size,
        max_backups,
        clock: Arc::new(MockClock::at("2026-11-24T15:02:03.123Z".parse().unwrap())),
    }
}

/// File name to lines, whole files only.
fn files(dir: &TempDir) -> BTreeMap<String, Vec<String>> {
    fs::read_dir(dir.path().join("logs"))
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            assert!(text.is_empty() || text.ends_with('\n'), "a torn line");
            let lines = text.lines().map(str::to_owned).collect();
            (entry.file_name().into_string().unwrap(), lines)
        })
        .collect()
}

/// Waits for what happens in a moment: the writer has a thread of its own.
#[track_caller]
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..1000 {
        if holds() {
            return;
        }
        thread::park_timeout(Duration::from_millis(5));
    }
    panic!("never: {what}");
}

#[test]
fn lines_are_in_the_file_within_a_second() {
    let dir = tempfile::tempdir().unwrap();
    let (sink, writer) = open_log(options(&dir, 1 << 20, 2)).unwrap();
    assert!(sink.append(b"one"));
    eventually("one is there", || {
        fs::read_to_string(writer.path()).unwrap() == "one\n"
    });
    // Idle for a while, then woken.
    thread::park_timeout(Duration::from_millis(50));
    assert!(sink.append(b"two"));
    eventually("two is there", || {
        fs::read_to_string(writer.path()).unwrap() == "one\ntwo\n"
    });
}

#[test]
fn a_threads_lines_keep_their_order_and_none_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let (sink, writer) = open_log(options(&dir, 1 << 30, 2)).unwrap();
    thread::scope(|scope| {
        for thread in 0..12 {
            let sink = sink.clone();
            scope.spawn(move || {
                for number in 0..5000 {
                    let line = format!("{thread} {number}");
                    while !sink.append(line.as_bytes()) {
                        thread::yield_now();
                    }
                }
            });
        }
    });
    writer.close();
    let mut next = [0; 12];
    for line in &files(&dir)["agent.log"] {
        let (thread, number) = line.split_once(' ').unwrap();
        let expected: &mut usize = &mut next[thread.parse::<usize>().unwrap()];
        assert_eq!(
            number.parse::<usize>().unwrap(),
            *expected,
            "thread {thread}"
        );
        *expected += 1;
    }
    assert_eq!(next, [5000; 12]);
}

#[test]
fn rotates_between_lines_and_keeps_so_many() {
    let dir = tempfile::tempdir().unwrap();
    let (sink, writer) = open_log(options(&dir, 100, 2)).unwrap();
    // Ten bytes each with the line feed: ten to a file.
    for number in 0..45 {
        assert!(sink.append(format!("line {number:04}").as_bytes()));
        // One batch each, or rotation would have no clock to tell files apart by.
        eventually("it is there", || {
            fs::read_to_string(writer.path())
                .is_ok_and(|text| text.contains(&format!("{number:04}")))
        });
    }
    writer.close();
    let files = files(&dir);
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    // The clock stands still: the counter tells them apart, and is used again.
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names.contains(&"agent.log"));
    assert!(names.iter().all(|name| *name == "agent.log"
        || name.starts_with("agent-2026-11-24T15-02-03.123-0")));
    assert_eq!(files["agent.log"].len(), 5);
    for (name, lines) in &files {
        if name != "agent.log" {
            assert_eq!(lines.len(), 10, "{name}");
        }
    }
}

#[test]
fn one_batch_is_spread_over_files_of_the_right_size() {
    let dir = tempfile::tempdir().unwrap();
    let (sink, writer) = open_log(options(&dir, 1000, 0)).unwrap();
    for number in 0..1000 {
        assert!(sink.append(format!("line {number:04}").as_bytes()));
    }
    writer.close();
    let files = files(&dir);
    assert_eq!(files.len(), 10);
    assert!(files.values().all(|lines| lines.len() == 100));
    let all: BTreeSet<_> = files.values().flatten().collect();
    assert_eq!(all.len(), 1000);
}

#[test]
fn a_line_longer_than_a_file_has_one_to_itself() {
    let dir = tempfile::tempdir().unwrap();
    let (sink, writer) = open_log(options(&dir, 20, 0)).unwrap();
    for line in ["short", &"long".repeat(30), "short again"] {
        assert!(sink.append(line.as_bytes()));
    }
    writer.close();
    let mut sizes: Vec<_> = files(&dir)
        .into_values()
        .map(|lines| lines.iter().map(String::len).collect::<Vec<_>>())
        .collect();
    sizes.sort();
    assert_eq!(sizes, [vec![5], vec![11], vec![120]]);
}

#[test]
fn a_torn_last_line_of_a_predecessor_spoils_none() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("logs")).unwrap();
    fs::write(dir.path().join("logs/agent.log"), "whole\n{\"torn").unwrap();
    let (sink, writer) = open_log(options(&dir, 1 << 20, 2)).unwrap();
    assert!(sink.append(b"next"));
    writer.close();
    assert_eq!(files(&dir)["agent.log"], ["whole", "{\"torn", "next"]);
}

#[test]
fn a_file_that_was_moved_away_is_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let (sink, writer) = open_log(options(&dir, 1 << 20, 2)).unwrap();
    assert!(sink.append(b"before"));
    eventually("it is there", || {
        !fs::read(writer.path()).unwrap().is_empty()
    });
    // As logrotate does, and then somebody deletes the whole directory.
    fs::rename(writer.path(), dir.path().join("logs/moved")).unwrap();
    assert!(sink.append(b"after"));
    eventually("a new file", || {
        fs::read_to_string(writer.path()).is_ok_and(|text| text == "after\n")
    });
    fs::remove_dir_all(dir.path().join("logs")).unwrap();
    assert!(sink.append(b"anew"));
    eventually("a new directory", || {
        fs::read_to_string(writer.path()).is_ok_and(|text| text == "anew\n")
    });
}

#[test]
fn a_full_queue_takes_no_more_until_there_is_room() {
    let queue = Queue::default();
    let line = [b'x'; 1023];
    let mut taken = 0;
    while queue.append(&line) {
        taken += 1;
    }
    // 1 MiB per shard, and this thread has one.
    assert_eq!(taken, 1024);
    // Diagnostics have a reserve, and what does not fit is counted.
    let mut more = 0;
    while queue.take_dropped() == 0 {
        queue.append_diagnostic(&line);
        more += 1;
    }
    assert_eq!(more, 64 + 1);
    let mut batch = queue::Batch::default();
    queue.drain_into(&mut batch);
    let bytes: usize = batch.parts().map(<[u8]>::len).sum();
    assert_eq!(bytes, (taken + 64) * 1024);
    assert!(queue.append(&line));
}

#[tokio::test]
async fn who_waits_for_room_is_woken() {
    let queue = Arc::new(Queue::default());
    while queue.append(&[b'x'; 4096]) {}
    let woken = Arc::new(AtomicUsize::new(0));
    let waiting = {
        let (queue, woken) = (Arc::clone(&queue), Arc::clone(&woken));
        async move {
            queue.ready().await;
            woken.fetch_add(1, Ordering::SeqCst);
        }
    };
    // On this thread, which is the one whose shard is full.
    let local = tokio::task::LocalSet::new();
    local.spawn_local(waiting);
    local
        .run_until(async {
            tokio::task::yield_now().await;
            assert_eq!(woken.load(Ordering::SeqCst), 0);
            queue.drain_into(&mut queue::Batch::default());
        })
        .await;
    local.await;
    assert_eq!(woken.load(Ordering::SeqCst), 1);
}

#[test]
fn a_line_of_any_length_is_taken_by_an_empty_queue() {
    let queue = Queue::default();
    assert!(queue.append(&vec![b'x'; 3 << 20]));
    assert!(!queue.append(b"x"));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn others_cannot_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let (_sink, writer) = open_log(options(&dir, 1 << 20, 2)).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(writer.path()) & 0o137, 0);
        assert_eq!(mode(&dir.path().join("logs")) & 0o027, 0);
    }

    #[test]
    fn a_link_in_the_files_place_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("logs")).unwrap();
        fs::write(dir.path().join("victim"), "mine\n").unwrap();
        symlink(dir.path().join("victim"), dir.path().join("logs/agent.log")).unwrap();
        let error = open_log(options(&dir, 1 << 20, 2)).unwrap_err().to_string();
        assert!(error.contains("logs/agent.log"), "{error}");
        let victim = fs::read_to_string(dir.path().join("victim")).unwrap();
        assert_eq!(victim, "mine\n");
    }

    #[test]
    fn a_fifo_in_the_files_place_does_not_hang_the_start() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("logs")).unwrap();
        let path = dir.path().join("logs/agent.log");
        mknodat(CWD, &path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        assert!(open_log(options(&dir, 1 << 20, 2)).is_err());
    }

    /// A directory in the live file's place is the one way to make writing fail that
    /// works for root as well; a full disk is tried with the real program.
    #[test]
    fn what_cannot_be_written_waits_and_is_written_later() {
        let dir = tempfile::tempdir().unwrap();
        let (sink, writer) = open_log(options(&dir, 1 << 20, 2)).unwrap();
        fs::remove_file(writer.path()).unwrap();
        fs::create_dir(writer.path()).unwrap();
        assert!(sink.append(b"waits"));
        eventually("it notices", || !sink.is_healthy());
        fs::remove_dir(writer.path()).unwrap();
        eventually("it recovers", || sink.is_healthy());
        let path = writer.path().to_owned();
        writer.close();
        let text = fs::read_to_string(path).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("waits"));
        assert!(
            lines
                .next()
                .unwrap()
                .contains("the log can be written again")
        );
    }
}
