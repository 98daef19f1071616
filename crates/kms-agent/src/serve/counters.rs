use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, PoisonError},
};

/// What was refused or ignored, by reason, since the last report. Only refusals count
/// here, so a lock does no harm.
#[derive(Debug, Default)]
pub(super) struct Counters(Mutex<BTreeMap<&'static str, u64>>);

impl Counters {
    pub(super) fn add(&self, reason: &'static str, count: u64) {
        if count > 0 {
            let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *counts.entry(reason).or_default() += count;
        }
    }

    /// `reason=count` of all since the last call; `None` if there are none.
    pub(super) fn take(&self) -> Option<String> {
        let counts = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut text = String::new();
        for (reason, count) in &counts {
            // Writing to a string cannot fail.
            let _ = write!(text, "{reason}={count} ");
        }
        (!text.is_empty()).then(|| text.trim_end().to_owned())
    }
}
