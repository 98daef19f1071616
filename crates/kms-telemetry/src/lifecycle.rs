use tokio::sync::watch;

/// How far a program is with ending.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
enum Phase {
    #[default]
    Running,
    Draining,
    AtOnce,
}

/// What a running program listens to: an order to end, and orders to re-read its files.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    /// The order to end.
    pub shutdown: Shutdown,
    reload: watch::Receiver<u64>,
}

/// The order to end, for everybody who has something to finish first. Clones see the same order.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<Phase>);

/// Gives the orders. When it is dropped without a word, nothing is ordered any more.
#[derive(Debug)]
pub struct LifecycleHandle {
    phase: watch::Sender<Phase>,
    reload: watch::Sender<u64>,
}

// === impl Lifecycle ===

impl Lifecycle {
    /// A lifecycle and the handle that steers it.
    pub fn new() -> (LifecycleHandle, Self) {
        let (phase, phases) = watch::channel(Phase::default());
        let (reload, reloads) = watch::channel(0);
        let handle = LifecycleHandle { phase, reload };
        let lifecycle = Self {
            shutdown: Shutdown(phases),
            reload: reloads,
        };
        (handle, lifecycle)
    }

    /// Waits for the next order to re-read files. Orders that arrive while one is being
    /// carried out count as one.
    pub async fn reload(&mut self) {
        if self.reload.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

// === impl Shutdown ===

impl Shutdown {
    /// Waits until the program is to take no new work and finish what it has.
    pub async fn draining(&mut self) {
        self.reaches(Phase::Draining).await;
    }

    /// Waits until the program is to stop without finishing.
    pub async fn at_once(&mut self) {
        self.reaches(Phase::AtOnce).await;
    }

    /// Whether an order to end was given.
    pub fn is_draining(&self) -> bool {
        *self.0.borrow() >= Phase::Draining
    }

    async fn reaches(&mut self, phase: Phase) {
        if self.0.wait_for(|now| *now >= phase).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

// === impl LifecycleHandle ===

impl LifecycleHandle {
    /// Orders a drain; ordered a second time, an end at once.
    pub fn stop(&self) {
        self.phase.send_modify(|phase| {
            *phase = match phase {
                Phase::Running => Phase::Draining,
                Phase::Draining | Phase::AtOnce => Phase::AtOnce,
            };
        });
    }

    /// Orders that files are read again.
    pub fn reload(&self) {
        self.reload
            .send_modify(|count| *count = count.wrapping_add(1));
    }
}

#[cfg(test)]
mod tests;
