//! A line on its way to the devices, and the ticket of who waits for it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

/// How long one device may keep a call waiting. Longer, and it is not waited for until it
/// moves again.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// One line for all devices.
pub(super) struct Entry {
    /// JSON, without number and code: each device has a chain of its own.
    pub(super) body: Vec<u8>,
    outcome: Arc<Outcome>,
}

struct Outcome {
    /// Devices that have not said how it went.
    waiting: AtomicUsize,
    is_written: AtomicBool,
    done: Mutex<Option<oneshot::Sender<()>>>,
}

/// Whether a line is on disk is known once this is redeemed.
#[must_use = "what is not on disk must not be answered"]
pub struct Ticket {
    outcome: Arc<Outcome>,
    done: oneshot::Receiver<()>,
}

// === impl Entry ===

impl Entry {
    /// A line that this many devices are waited for.
    pub(super) fn new(body: Vec<u8>, devices: usize) -> (Self, Ticket) {
        let (sender, done) = oneshot::channel();
        let outcome = Arc::new(Outcome {
            waiting: AtomicUsize::new(devices),
            is_written: AtomicBool::new(false),
            done: Mutex::new(Some(sender)),
        });
        let ticket = Ticket {
            outcome: Arc::clone(&outcome),
            done,
        };
        (Self { body, outcome }, ticket)
    }

    /// One device says how it went; whether the ticket waits for it was said when it was
    /// given the line.
    pub(super) fn report(&self, is_waited_for: bool, is_written: bool) {
        if is_written {
            self.outcome.is_written.store(true, Ordering::Release);
        }
        if !is_waited_for || self.outcome.waiting.fetch_sub(1, Ordering::AcqRel) > 1 {
            return;
        }
        let mut done = self
            .outcome
            .done
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(done) = done.take() {
            // Nobody waits for an event's line.
            let _nobody = done.send(());
        }
    }
}

// === impl Ticket ===

impl Ticket {
    /// One that there is nothing to wait for.
    pub(super) fn redeemed() -> Self {
        let (entry, ticket) = Entry::new(Vec::new(), 1);
        entry.report(true, true);
        ticket
    }

    /// Waits until all devices have it, but no longer than two seconds: whether at least one
    /// has, and whether one is late.
    pub(super) async fn wait(self) -> (bool, bool) {
        let is_late = timeout(PATIENCE, self.done).await.is_err();
        (self.outcome.is_written.load(Ordering::Acquire), is_late)
    }
}
