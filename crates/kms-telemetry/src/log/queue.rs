use std::{
    mem,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread::Thread,
};

use tokio::sync::Notify;

/// Lines on their way to the file. Each thread has a shard of its own as long as there
/// are no more than [`SHARDS`], so that threads that serve do not wait for one another.
pub(super) struct Queue {
    shards: [Shard; SHARDS],
    closed: AtomicBool,
    dropped: AtomicU64,
    healthy: AtomicBool,
    idle: AtomicBool,
    room: Notify,
    writer: OnceLock<Thread>,
}

/// Alone in its cache lines.
#[derive(Default)]
#[repr(align(128))]
struct Shard(Mutex<Vec<u8>>);

const SHARDS: usize = 8;

/// What one shard holds at most, in bytes: with two shards busy, a third of a second at
/// a hundred thousand retrievals per second.
const LIMIT: usize = 1 << 20;

/// What diagnostics may use beyond [`LIMIT`].
const RESERVE: usize = 64 << 10;

/// A burst's memory beyond this is given back when the burst is over.
const KEEP: usize = 64 << 10;

impl Default for Queue {
    fn default() -> Self {
        Self {
            shards: Default::default(),
            closed: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
            healthy: AtomicBool::new(true),
            idle: AtomicBool::new(false),
            room: Notify::new(),
            writer: OnceLock::new(),
        }
    }
}

impl Queue {
    pub(super) fn append(&self, line: &[u8]) -> bool {
        self.push(line, LIMIT)
    }

    pub(super) fn append_diagnostic(&self, line: &[u8]) {
        if !self.push(line, LIMIT + RESERVE) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) async fn ready(&self) {
        let room = self.room.notified();
        if self.own_shard().len() < LIMIT / 2 {
            return;
        }
        room.await;
    }

    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.wake();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub(super) fn is_healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }

    pub(super) fn set_healthy(&self, healthy: bool) {
        self.healthy.store(healthy, Ordering::Relaxed);
    }

    /// Diagnostics that found no room since the last call.
    pub(super) fn take_dropped(&self) -> u64 {
        self.dropped.swap(0, Ordering::Relaxed)
    }

    /// Registers the thread that is woken when the first line arrives.
    pub(super) fn attach_writer(&self, thread: Thread) {
        // Only one writer is ever started.
        drop(self.writer.set(thread));
    }

    /// Announces that the writer is about to sleep until a line arrives. Must come before
    /// its last look at the shards: a thread that appends after that look then sees it.
    pub(super) fn going_idle(&self) {
        self.idle.store(true, Ordering::SeqCst);
    }

    /// Whether no line waits.
    pub(super) fn is_empty(&self) -> bool {
        self.shards.iter().all(|shard| lock(shard).is_empty())
    }

    /// Moves all lines into `batch`, shard by shard, and lets those who waited try again.
    pub(super) fn drain_into(&self, batch: &mut Batch) {
        for (shard, taken) in self.shards.iter().zip(&mut batch.0) {
            taken.clear();
            let mut lines = lock(shard);
            if lines.is_empty() {
                lines.shrink_to(KEEP);
                taken.shrink_to(KEEP);
            } else {
                mem::swap(&mut *lines, taken);
            }
        }
        self.room.notify_waiters();
    }

    fn push(&self, line: &[u8], limit: usize) -> bool {
        let mut lines = self.own_shard();
        if lines.len() + line.len() >= limit && !lines.is_empty() {
            return false;
        }
        lines.extend_from_slice(line);
        lines.push(b'\n');
        drop(lines);
        if self.idle.load(Ordering::SeqCst) {
            self.wake();
        }
        true
    }

    fn wake(&self) {
        if self.idle.swap(false, Ordering::SeqCst)
            && let Some(writer) = self.writer.get()
        {
            writer.unpark();
        }
    }

    fn own_shard(&self) -> MutexGuard<'_, Vec<u8>> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static OWN: usize = NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS;
        }
        // While a thread is torn down its thread-locals are gone; the first shard does then.
        let own = OWN.try_with(|own| *own).unwrap_or(0);
        #[expect(clippy::indexing_slicing, reason = "own < SHARDS, the array's length")]
        lock(&self.shards[own])
    }
}

/// What the writer took: the shards' other halves, swapped back and forth so that no
/// line is copied and nothing is allocated while the load is steady.
#[derive(Default)]
pub(super) struct Batch([Vec<u8>; SHARDS]);

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// The parts, each of whole lines.
    pub(super) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.0
            .iter()
            .map(Vec::as_slice)
            .filter(|part| !part.is_empty())
    }
}

fn lock(shard: &Shard) -> MutexGuard<'_, Vec<u8>> {
    shard.0.lock().unwrap_or_else(PoisonError::into_inner)
}
