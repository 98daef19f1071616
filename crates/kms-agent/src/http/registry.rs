use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
};

use tokio::task::AbortHandle;

use super::uid;

/// The connections that are open, and what each is doing since when. Deadlines are
/// looked after by one task that walks this list: a timer per request would cost more
/// than the request.
#[derive(Default)]
pub(crate) struct Registry {
    /// Ticks since the start; what connections are stamped with.
    ticks: AtomicU64,
    ending: AtomicBool,
    open: Mutex<HashMap<u64, Open>>,
    next: AtomicU64,
}

struct Open {
    connection: Arc<Connection>,
    task: AbortHandle,
}

/// One connection.
pub(crate) struct Connection {
    peer: SocketAddr,
    local: SocketAddr,
    /// `peer` as text: each request's line in the log wants it.
    who: Box<str>,
    uid: OnceLock<Option<u32>>,
    id: u64,
    /// The tick at which the phase began, and the phase in the two lowest bits.
    phase: AtomicU64,
    /// The tick since when an answer waits for the other end to read, plus one; or 0.
    stalled: AtomicU64,
    /// Its task, once that has begun.
    task: Mutex<Option<Waker>>,
}

/// What a connection is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Phase {
    /// Waiting for a request.
    Idle,
    /// Reading the head of one.
    Head,
    /// Answering one.
    Busy,
    /// Refused and answered: nothing that still comes is a request.
    Closing,
}

/// Ticks per second of [`Registry::tick`].
pub(super) const TICKS_PER_SECOND: u64 = 4;
const IDLE: u64 = 60 * TICKS_PER_SECOND;
const HEAD: u64 = 10 * TICKS_PER_SECOND;
const WRITE: u64 = 20 * TICKS_PER_SECOND;
const CLOSING: u64 = 2 * TICKS_PER_SECOND;

// === impl Registry ===

impl Registry {
    /// A connection that was just accepted; first it has to send a head.
    pub(super) fn admit(&self, peer: SocketAddr, local: SocketAddr) -> Arc<Connection> {
        let connection = Connection {
            peer,
            local,
            who: peer.to_string().into(),
            uid: OnceLock::new(),
            id: self.next.fetch_add(1, Ordering::Relaxed),
            phase: AtomicU64::new(0),
            stalled: AtomicU64::new(0),
            task: Mutex::default(),
        };
        connection.enter(Phase::Head, self.now());
        Arc::new(connection)
    }

    pub(super) fn insert(&self, connection: Arc<Connection>, task: AbortHandle) {
        let mut open = self.open();
        if !task.is_finished() {
            open.insert(connection.id, Open { connection, task });
        }
    }

    pub(super) fn remove(&self, connection: &Connection) {
        self.open().remove(&connection.id);
    }

    pub(super) fn len(&self) -> usize {
        self.open().len()
    }

    /// The tick.
    pub(crate) fn now(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// Time has passed: closes what is over its deadline. Answers in progress are
    /// bounded by the upstream's own deadlines.
    pub(super) fn tick(&self) {
        let now = self.ticks.fetch_add(1, Ordering::Relaxed) + 1;
        self.open().retain(|_, open| {
            let overdue = open.connection.is_overdue(now);
            if overdue {
                open.task.abort();
            }
            !overdue
        });
    }

    /// Closes the connection that has been idle for longest, or else the one that has
    /// been sending its head for longest, to make room. `false` if all are busy.
    pub(super) fn evict(&self) -> bool {
        let mut open = self.open();
        let idlest = open
            .values()
            .filter_map(|open| {
                let (phase, since) = open.connection.phase();
                (phase != Phase::Busy).then_some((phase != Phase::Idle, since, open.connection.id))
            })
            .min();
        let Some(open) = idlest.and_then(|(_, _, id)| open.remove(&id)) else {
            return false;
        };
        open.task.abort();
        true
    }

    /// Tells all connections to answer what has begun and close. None may be added any more.
    pub(super) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
        for open in self.open().values() {
            // Either its task is there to be woken, or it will see the flag: the lock says
            // which of the two came first.
            if let Some(task) = &*open.connection.task() {
                task.wake_by_ref();
            }
        }
    }

    /// Whether [`end`](Self::end) was called; to be asked after [`Connection::attend`].
    pub(super) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    /// Closes all that are left.
    pub(super) fn abort_all(&self) {
        for (_, open) in self.open().drain() {
            open.task.abort();
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Connection ===

impl Connection {
    /// The other end, `address:port`.
    pub(crate) fn who(&self) -> &str {
        &self.who
    }

    /// The user that owns the other end's socket. Asked of the system once, and only
    /// for connections that ask for something.
    pub(crate) fn uid(&self) -> Option<u32> {
        *self.uid.get_or_init(|| uid::of(self.peer, self.local))
    }

    pub(crate) fn enter(&self, phase: Phase, now: u64) {
        self.phase.store(now << 2 | phase.bits(), Ordering::Relaxed);
    }

    /// The answer is ready: the next request may come, unless this one was the last.
    pub(crate) fn answered(&self, now: u64) {
        if self.phase().0 == Phase::Busy {
            self.enter(Phase::Idle, now);
        }
    }

    /// Bytes came: if none were expected yet, they begin a head.
    pub(super) fn received(&self, now: u64) {
        if self.phase().0 == Phase::Idle {
            self.enter(Phase::Head, now);
        }
    }

    /// The other end takes no more bytes.
    pub(super) fn stall(&self, now: u64) {
        if self.stalled.load(Ordering::Relaxed) == 0 {
            self.stalled.store(now + 1, Ordering::Relaxed);
        }
    }

    /// It has taken all.
    pub(super) fn flushed(&self) {
        if self.stalled.load(Ordering::Relaxed) != 0 {
            self.stalled.store(0, Ordering::Relaxed);
        }
    }

    /// Whether there may be bytes on their way that are no request: the end came within
    /// a head, or after a request whose body nobody reads.
    pub(super) fn is_out_of_step(&self) -> bool {
        matches!(self.phase().0, Phase::Head | Phase::Closing)
    }

    /// Has this task, which serves it, woken when the connection is to end.
    pub(super) fn attend(&self, task: &Context<'_>) -> Poll<()> {
        *self.task() = Some(task.waker().clone());
        Poll::Ready(())
    }

    fn task(&self) -> MutexGuard<'_, Option<Waker>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn phase(&self) -> (Phase, u64) {
        let bits = self.phase.load(Ordering::Relaxed);
        (Phase::from_bits(bits), bits >> 2)
    }

    fn is_overdue(&self, now: u64) -> bool {
        let stalled = self.stalled.load(Ordering::Relaxed);
        if stalled != 0 {
            return now.saturating_sub(stalled - 1) > WRITE;
        }
        let (phase, since) = self.phase();
        let age = now.saturating_sub(since);
        match phase {
            Phase::Idle => age > IDLE,
            Phase::Head => age > HEAD,
            Phase::Busy => false,
            Phase::Closing => age > CLOSING,
        }
    }
}

// === impl Phase ===

impl Phase {
    fn bits(self) -> u64 {
        match self {
            Self::Idle => 0,
            Self::Head => 1,
            Self::Busy => 2,
            Self::Closing => 3,
        }
    }

    fn from_bits(bits: u64) -> Self {
        match bits & 3 {
            0 => Self::Idle,
            1 => Self::Head,
            2 => Self::Busy,
            _ => Self::Closing,
        }
    }
}

#[cfg(test)]
mod tests;
