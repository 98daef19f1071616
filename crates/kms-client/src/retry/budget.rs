use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

/// How many retries all calls of a client may make together: one a second and one for
/// every ten calls, so that an outage is not answered with three times the load
/// (security reference §3.1).
///
/// Beneath lies a floor: one call at a time retries without asking, so a quiet program
/// always has all its retries.
pub(crate) struct Budget {
    purse: Mutex<Purse>,
    floor: AtomicBool,
}

/// In thousandths of a retry.
struct Purse {
    held: u64,
    counted: Instant,
}

/// One call's standing towards the budget; gives the floor back when it ends.
pub(crate) struct Retrying<'a> {
    budget: &'a Budget,
    on_floor: bool,
}

const RETRY: u64 = 1_000;
const PER_CALL: u64 = 100;
const MOST: u64 = 10 * RETRY;

// === impl Budget ===

impl Budget {
    pub(crate) fn new() -> Self {
        Self {
            purse: Mutex::new(Purse {
                held: MOST,
                counted: Instant::now(),
            }),
            floor: AtomicBool::new(false),
        }
    }

    /// For every call, be it retried or not.
    pub(crate) fn call(&self) -> Retrying<'_> {
        self.with_purse(|purse| purse.earn(PER_CALL));
        Retrying {
            budget: self,
            on_floor: false,
        }
    }

    fn with_purse<T>(&self, act: impl FnOnce(&mut Purse) -> T) -> T {
        let mut purse = self.purse.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut purse)
    }
}

// === impl Purse ===

impl Purse {
    fn earn(&mut self, amount: u64) {
        // One retry a second is one thousandth a millisecond.
        let passed = self.counted.elapsed().as_millis();
        let passed = u64::try_from(passed).unwrap_or(MOST);
        if let Some(counted) = self.counted.checked_add(Duration::from_millis(passed)) {
            self.counted = counted;
        }
        self.held = self
            .held
            .saturating_add(passed)
            .saturating_add(amount)
            .min(MOST);
    }

    fn pay(&mut self) -> bool {
        self.earn(0);
        match self.held.checked_sub(RETRY) {
            Some(rest) => {
                self.held = rest;
                true
            }
            None => false,
        }
    }
}

// === impl Retrying ===

impl Retrying<'_> {
    /// Whether one more retry is granted.
    pub(crate) fn grant(&mut self) -> bool {
        if !self.on_floor {
            self.on_floor = !self.budget.floor.swap(true, Ordering::AcqRel);
        }
        self.on_floor || self.budget.with_purse(Purse::pay)
    }
}

impl Drop for Retrying<'_> {
    fn drop(&mut self) {
        if self.on_floor {
            self.budget.floor.store(false, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests;
