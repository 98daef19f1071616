//! How parts run: the first ones alone, then two lanes side by side, one that compiles and one
//! that waits. On a machine with two cores, what waits costs no time of its own that way.
//!
//! What a part has to tell is told whole and in the order of the table. Meanwhile a line says
//! which part begins, and which has ended before its turn to be told of.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use rustix::process::nice;

use super::{
    Project,
    parts::{Lane, Part},
    report::{self, Outcome, Say},
};

/// What has come of the parts so far.
struct Record<'a> {
    parts: &'a [Part],
    say: &'a Say<'a>,
    progress: Mutex<Progress>,
}

struct Progress {
    /// One place for each part.
    outcomes: Vec<Option<Outcome>>,
    /// How many have been told of: those before this place.
    told: usize,
}

/// How much those who compile yield, of 19: where both lanes want a core, the one with the
/// deadlines gets three quarters of it.
const YIELDED: i32 = 5;

/// Runs them all; their outcomes in the order of the parts.
pub(super) fn run(parts: &[Part], project: &Project, say: &Say<'_>) -> Vec<Outcome> {
    let record = Record::new(parts, say);
    let follow = |lane: Lane| {
        for (place, part) in parts.iter().enumerate() {
            if part.lane == lane {
                record.begins(part);
                record.ended(place, part.perform(project));
            }
        }
    };
    follow(Lane::First);
    thread::scope(|scope| {
        scope.spawn(|| {
            // Of this thread, and of all that it starts. Where that is refused, nothing is lost
            // but a precaution.
            let _refused = nice(YIELDED);
            follow(Lane::Builds);
        });
        scope.spawn(|| follow(Lane::Waits));
    });
    record.outcomes()
}

// === impl Record ===

impl<'a> Record<'a> {
    fn new(parts: &'a [Part], say: &'a Say<'a>) -> Self {
        Self {
            parts,
            say,
            progress: Mutex::new(Progress {
                outcomes: parts.iter().map(|_| None).collect(),
                told: 0,
            }),
        }
    }

    fn begins(&self, part: &Part) {
        // Nobody else's lines in between.
        let _progress = self.lock();
        (self.say)(&format!("[{} begins]", part.name));
    }

    /// Tells of it if its turn has come, and then of those that waited for it.
    fn ended(&self, place: usize, outcome: Outcome) {
        let mut progress = self.lock();
        if place > progress.told {
            (self.say)(&format!("[{} ended: {}]", outcome.name, outcome.count()));
        }
        if let Some(slot) = progress.outcomes.get_mut(place) {
            *slot = Some(outcome);
        }
        while let Some(Some(next)) = progress.outcomes.get(progress.told) {
            let what = self.parts.get(progress.told).map_or("", |part| part.what);
            report::part(what, next, self.say);
            progress.told += 1;
        }
    }

    fn outcomes(self) -> Vec<Outcome> {
        let progress = self.progress.into_inner();
        let progress = progress.unwrap_or_else(PoisonError::into_inner);
        progress.outcomes.into_iter().flatten().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
