//! A client that reads what others were told, until its server is gone.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{
    Probe, Random,
    ledger::{Fact, Ledger},
};

pub(super) struct Reader<'l> {
    probe: Probe,
    random: Random,
    ledger: &'l Ledger,
}

// === impl Reader ===

impl<'l> Reader<'l> {
    pub(super) fn new(probe: Probe, seed: u64, ledger: &'l Ledger) -> Self {
        Self {
            probe,
            random: Random::new(seed),
            ledger,
        }
    }

    pub(super) fn run(mut self, is_over: &AtomicBool) {
        while !is_over.load(Ordering::SeqCst) && self.read().is_some() {}
    }

    fn read(&mut self) -> Option<()> {
        let lot = self.random.below(1_000_000);
        let Some(fact) = self.ledger.fact(lot) else {
            std::thread::yield_now();
            return Some(());
        };
        self.probe.holds(&fact)?;
        if let Fact::Version { secret, .. } = &fact {
            self.probe.has_one_current(secret)?;
        }
        Some(())
    }
}
