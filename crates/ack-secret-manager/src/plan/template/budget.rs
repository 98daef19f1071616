use std::cell::Cell;

use super::fault::Fault;

/// How much a Secret may hold (Kubernetes refuses more), so no template needs to write more.
pub(super) const MAX_OUTPUT: usize = 1024 * 1024;

/// Nodes that are walked and functions that are called, for all templates of one object. A
/// template of a screenful takes some hundreds.
const STEPS: u64 = 2_000_000;

/// What one function may give. Some make six bytes of one, so their argument has a bound too.
pub(super) const MAX_TEXT: usize = 4 * MAX_OUTPUT;

/// Bytes and elements that functions make on the way to the output.
const ALLOWANCE: u64 = 16 * 1024 * 1024;

/// How much deeper `set` may make what is there already. What is walked by recursion must not be
/// deeper than a thread's stack.
const DEEPENING: usize = 1000;

/// What the templates of one object may still cost. Whoever may write an ExternalSecret may write
/// `range until 1000000000`, and the operator serves everybody.
#[derive(Debug)]
pub(super) struct Budget {
    steps: Cell<u64>,
    allowance: Cell<u64>,
    deepening: Cell<usize>,
}

// === impl Budget ===

impl Budget {
    pub(super) fn new() -> Self {
        Self {
            steps: Cell::new(STEPS),
            allowance: Cell::new(ALLOWANCE),
            deepening: Cell::new(DEEPENING),
        }
    }

    /// Pays for work, before it is done.
    pub(super) fn step(&self, count: u64) -> Result<(), Fault> {
        let Some(left) = self.steps.get().checked_sub(count) else {
            self.steps.set(0);
            return Err(Fault::new(
                "the templates take too many steps; make less of them with loops and recursion",
            ));
        };
        self.steps.set(left);
        Ok(())
    }

    /// Pays for memory, before it is taken.
    pub(super) fn take(&self, size: usize) -> Result<(), Fault> {
        let size = u64::try_from(size).unwrap_or(u64::MAX);
        let Some(left) = self.allowance.get().checked_sub(size) else {
            self.allowance.set(0);
            return Err(Fault::new(
                "the templates make too much text; a Secret holds 1 MiB",
            ));
        };
        self.allowance.set(left);
        Ok(())
    }

    /// Pays for putting something so deep into a dict that others hold.
    pub(super) fn deepen(&self, nesting: usize) -> Result<(), Fault> {
        let Some(left) = self.deepening.get().checked_sub(nesting) else {
            return Err(Fault::new("set is given too many lists and dicts"));
        };
        self.deepening.set(left);
        Ok(())
    }

    /// Pays for as many bytes as `count` times `size`.
    pub(super) fn take_times(&self, count: i64, size: usize) -> Result<(), Fault> {
        let count = usize::try_from(count).unwrap_or(0);
        self.take(count.saturating_mul(size))
    }
}
