use std::{
    io::{self, Write},
    sync::Arc,
    thread::{self, Builder, JoinHandle},
    time::Duration,
};

use super::{
    file::complain,
    queue::{Batch, Queue},
    target::Target,
};
use crate::zap;

/// How long lines gather before they are written together.
const GATHER: Duration = Duration::from_millis(5);

/// The longest sleep without lines: bounds how late a file is synced.
const IDLE: Duration = Duration::from_secs(1);

/// How long the disk may refuse at the end of the program.
const LAST_TRIES: Duration = Duration::from_secs(2);

const FIRST_RETRY: Duration = Duration::from_millis(20);
const LONGEST_RETRY: Duration = Duration::from_secs(1);

/// Enough for paths and directory listings; the default of 2 MiB would be locked in memory.
const STACK: usize = 256 << 10;

pub(super) fn start(target: Target, queue: Arc<Queue>) -> io::Result<JoinHandle<()>> {
    Builder::new()
        .name("log".to_owned())
        .stack_size(STACK)
        .spawn(move || {
            queue.attach_writer(thread::current());
            run(target, &queue);
        })
}

fn run(mut target: Target, queue: &Queue) {
    let mut batch = Batch::default();
    let mut unsynced = false;
    loop {
        // Read before the drain: whatever was appended before the close is then in it.
        let closing = queue.is_closed();
        queue.drain_into(&mut batch);
        if !batch.is_empty() {
            write(&mut target, queue, &batch);
            unsynced = true;
            if !closing {
                thread::park_timeout(GATHER);
            }
            continue;
        }
        if unsynced {
            // Only at rest: a disk that is slow to sync must not hold up a busy agent.
            // An error here shows at the next write.
            drop(target.sync());
            unsynced = false;
        }
        if closing {
            return;
        }
        queue.going_idle();
        if queue.is_empty() && !queue.is_closed() {
            thread::park_timeout(IDLE);
        }
    }
}

fn write(target: &mut Target, queue: &Queue, batch: &Batch) {
    for part in batch.parts() {
        write_part(target, queue, part);
    }
}

/// Writes all of it, however long it takes, unless the program ends meanwhile.
fn write_part(target: &mut Target, queue: &Queue, part: &[u8]) {
    let mut done = 0;
    let mut pause = FIRST_RETRY;
    let mut patience = LAST_TRIES;
    while done < part.len() {
        match target.write(part, done) {
            Ok(now) => {
                done = now;
                pause = FIRST_RETRY;
                recovered(target, queue);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                failed(target, queue, &error);
                if queue.is_closed() {
                    if patience.is_zero() {
                        let rest = part.get(done..).unwrap_or_default();
                        drop(io::stderr().write_all(rest));
                        return;
                    }
                    patience = patience.saturating_sub(pause);
                }
                thread::park_timeout(pause);
                pause = (pause * 2).min(LONGEST_RETRY);
            }
        }
    }
}

/// Says once that the log cannot be written.
fn failed(target: &Target, queue: &Queue, error: &io::Error) {
    if queue.is_healthy() {
        queue.set_healthy(false);
        let what = "cannot write; retrievals wait until it can be written again:";
        complain(what, target.path(), error);
    }
}

/// Says once that it can be written again, and what was lost meanwhile.
fn recovered(target: &Target, queue: &Queue) {
    if !queue.is_healthy() {
        queue.set_healthy(true);
        let line = zap::line(
            target.clock().now(),
            "warn",
            "log/writer.rs",
            "the log can be written again",
            &[("diagnosticsLost", queue.take_dropped())],
        );
        queue.append_diagnostic(&line);
    }
}
