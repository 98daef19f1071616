//! Where lines go, each place with a thread of its own, so that one that hangs does not
//! hang the others.

use std::{
    io, mem,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{Builder, JoinHandle},
    time::Duration,
};

use kms_types::Clock;

use super::{
    entry::{Entry, PATIENCE},
    own::write_time,
    record,
};

/// Where lines go.
pub(super) trait Device: Send {
    /// For people.
    fn name(&self) -> String;

    /// Has these lines where they belong, all of them or none.
    fn write(&mut self, entries: &[Arc<Entry>]) -> Result<(), Refused>;

    /// What can wait until those who wait for a line have been told.
    fn settle(&mut self) {}

    /// Signs what was written.
    fn checkpoint(&mut self) -> Result<(), Refused> {
        Ok(())
    }

    /// Opens its files anew.
    fn reopen(&mut self) -> Result<(), Refused> {
        Ok(())
    }
}

/// A device did not take lines.
pub(super) struct Refused {
    pub(super) reason: io::Error,
    /// It never will again.
    pub(super) is_final: bool,
}

/// What others know of a device's thread.
pub(super) struct Handle {
    server: String,
    clock: Arc<dyn Clock>,
    waiting: Mutex<Waiting>,
    wake: Condvar,
    is_refusing: AtomicBool,
    is_slow: AtomicBool,
    /// When what is being written was begun, in milliseconds of the monotonic clock; 0 if
    /// nothing is.
    began: AtomicU64,
    writes: AtomicU64,
    /// In microseconds.
    spent: AtomicU64,
}

/// How much a device has to do.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Load {
    /// Lines that wait to be written.
    pub waiting: usize,
    /// How often lines were written and synced; many at once count once.
    pub writes: u64,
    /// How long that took, all together.
    pub spent: Duration,
}

#[derive(Default)]
struct Waiting {
    /// With each line, whether its ticket waits for this device.
    entries: Vec<(Arc<Entry>, bool)>,
    bytes: usize,
    /// Lines that this device did not get.
    missed: u64,
    reopen: bool,
    is_closing: bool,
}

/// How often a device that refuses is tried.
const RETRY: Duration = Duration::from_millis(250);

/// How often a quiet log gets a checkpoint, if there is something to sign.
const CHECKPOINT: Duration = Duration::from_mins(1);

/// What may wait for a device that hangs, in bytes.
const MOST_WAITING: usize = 16 << 20;

const STACK: usize = 256 << 10;

// === impl Refused ===

impl Refused {
    pub(super) fn for_good(reason: io::Error) -> Self {
        Self {
            reason,
            is_final: true,
        }
    }
}

impl From<io::Error> for Refused {
    fn from(reason: io::Error) -> Self {
        Self {
            reason,
            is_final: false,
        }
    }
}

// === impl Handle ===

impl Handle {
    /// Starts the device's thread.
    ///
    /// # Errors
    /// If there is none to be had.
    pub(super) fn start(
        device: impl Device + 'static,
        server: &str,
        clock: &Arc<dyn Clock>,
    ) -> io::Result<(Arc<Self>, JoinHandle<()>)> {
        let handle = Arc::new(Self {
            server: server.to_owned(),
            clock: Arc::clone(clock),
            waiting: Mutex::default(),
            wake: Condvar::new(),
            is_refusing: AtomicBool::new(false),
            is_slow: AtomicBool::new(false),
            began: AtomicU64::new(0),
            writes: AtomicU64::new(0),
            spent: AtomicU64::new(0),
        });
        let own = Arc::clone(&handle);
        let thread = Builder::new()
            .name("audit".to_owned())
            .stack_size(STACK)
            .spawn(move || own.run(device))?;
        Ok((handle, thread))
    }

    /// Gives it a line.
    pub(super) fn give(&self, entry: &Arc<Entry>, is_waited_for: bool) {
        let mut waiting = self.waiting();
        if waiting.is_closing || waiting.bytes > MOST_WAITING {
            waiting.missed += 1;
            drop(waiting);
            entry.report(is_waited_for, false);
            return;
        }
        waiting.bytes += entry.body.len();
        waiting.entries.push((Arc::clone(entry), is_waited_for));
        let was_empty = waiting.entries.len() == 1;
        drop(waiting);
        if was_empty {
            self.wake.notify_one();
        }
    }

    /// Whether it took the last line that it was given.
    pub(super) fn is_well(&self) -> bool {
        !self.is_refusing.load(Ordering::Relaxed) && !self.is_slow.load(Ordering::Relaxed)
    }

    /// What it has to do, and has done.
    pub(super) fn load(&self) -> Load {
        Load {
            waiting: self.waiting().entries.len(),
            writes: self.writes.load(Ordering::Relaxed),
            spent: Duration::from_micros(self.spent.load(Ordering::Relaxed)),
        }
    }

    /// Somebody waited too long: if it is for this one, others do not wait for it.
    pub(super) fn note_late(&self) {
        let began = self.began.load(Ordering::Relaxed);
        if began != 0 && self.millis().saturating_sub(began) >= millis(PATIENCE / 2) {
            self.is_slow.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn reopen(&self) {
        self.waiting().reopen = true;
        self.wake.notify_one();
    }

    /// Writes what waits, and ends.
    pub(super) fn close(&self) {
        self.waiting().is_closing = true;
        self.wake.notify_one();
    }

    fn note_write(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.spent.fetch_add(micros, Ordering::Relaxed);
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn millis(&self) -> u64 {
        // 0 stands for nothing.
        millis(self.clock.monotonic()).max(1)
    }

    fn run(&self, mut device: impl Device) {
        let mut entries = Vec::new();
        let mut lines: Vec<Arc<Entry>> = Vec::new();
        let mut signed = self.clock.monotonic();
        let mut is_over = false;
        loop {
            let pause = if self.is_refusing.load(Ordering::Relaxed) {
                RETRY
            } else {
                CHECKPOINT
            };
            let (reopen, is_closing) = self.take(&mut entries, pause);
            if reopen && let Err(refused) = device.reopen() {
                self.refused(&device, &refused);
            }
            if self.is_refusing.load(Ordering::Relaxed) && !is_over {
                // The line that says so is the trial.
                lines.push(Arc::new(self.resumed()));
            }
            lines.extend(entries.iter().map(|(entry, _)| Arc::clone(entry)));
            let mut now = self.clock.monotonic();
            if !lines.is_empty() {
                self.began.store(self.millis(), Ordering::Relaxed);
                let began = now;
                let result = device.write(&lines);
                // Before anybody hears of it: what others do after that is later.
                now = self.clock.monotonic();
                self.note_write(now.saturating_sub(began));
                self.began.store(0, Ordering::Relaxed);
                self.is_slow.store(false, Ordering::Relaxed);
                match &result {
                    Ok(()) => self.accepted(&device),
                    Err(refused) => {
                        is_over |= refused.is_final;
                        self.waiting().missed += u64::try_from(entries.len()).unwrap_or(u64::MAX);
                        self.refused(&device, refused);
                    }
                }
                lines.clear();
                for (entry, is_waited_for) in entries.drain(..) {
                    entry.report(is_waited_for, result.is_ok());
                }
                device.settle();
            }
            if is_closing || now.saturating_sub(signed) >= CHECKPOINT {
                signed = now;
                if !is_over && let Err(refused) = device.checkpoint() {
                    self.refused(&device, &refused);
                }
            }
            if is_closing {
                return;
            }
        }
    }

    /// What has gathered; whether files are to be opened anew, and whether this is the end.
    fn take(&self, entries: &mut Vec<(Arc<Entry>, bool)>, pause: Duration) -> (bool, bool) {
        let mut waiting = self.waiting();
        if waiting.entries.is_empty() && !waiting.reopen && !waiting.is_closing {
            let woken = self.wake.wait_timeout(waiting, pause);
            waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        mem::swap(entries, &mut waiting.entries);
        waiting.bytes = 0;
        (mem::take(&mut waiting.reopen), waiting.is_closing)
    }

    fn resumed(&self) -> Entry {
        let missed = self.waiting().missed.to_string();
        let time = write_time(self.clock.now());
        let body = record::event(time, &self.server, "log.resumed", &[("missed", &missed)]);
        Entry::new(body, 0).0
    }

    fn refused(&self, device: &impl Device, refused: &Refused) {
        if !self.is_refusing.swap(true, Ordering::Relaxed) {
            tracing::error!(
                device = device.name(), error = %refused.reason,
                "the audit log cannot be written; unless another device takes it, calls are refused"
            );
        }
    }

    fn accepted(&self, device: &impl Device) {
        if self.is_refusing.swap(false, Ordering::Relaxed) {
            let missed = mem::take(&mut self.waiting().missed);
            tracing::info!(
                device = device.name(),
                missed,
                "the audit log is written again"
            );
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
