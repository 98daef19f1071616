//! Numbers that say what has changed, in steps around each commit: between the two, readers
//! may see it or not, and nobody has been told.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{
    Moment,
    moment::{Areas, Numbers},
};

#[derive(Default)]
pub(super) struct Revision(Mutex<State>);

#[derive(Default)]
struct State {
    /// Commits that began.
    begun: Numbers,
    /// Those of them that everybody sees.
    done: Numbers,
}

// === impl Revision ===

impl Revision {
    /// The store as all see it who begin now.
    pub(super) fn moment(&self) -> Moment {
        Moment::new(self.state().done, None)
    }

    /// A commit begins.
    pub(super) fn begin(&self, areas: Areas) {
        let begun = &mut self.state().begun;
        for area in areas.iter() {
            if let Some(number) = begun.get_mut(area.place()) {
                *number += 1;
            }
        }
    }

    /// It is done, or nobody knows whether it is.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.done = state.begun;
    }

    /// It did not happen.
    pub(super) fn withdraw(&self) {
        let mut state = self.state();
        state.begun = state.done;
    }

    /// Where no commit has begun since that moment: what anybody sees now is as it was then.
    pub(super) fn unchanged_since(&self, moment: &Moment) -> Areas {
        let begun = Moment::new(self.state().begun, None);
        Areas::ALL
            .iter()
            .filter(|area| begun.number(*area) == moment.number(*area))
            .map(Areas::from)
            .fold(Areas::NONE, |all, one| all | one)
    }

    /// Nothing in here is half done when a thread dies.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
