//! What the suite tells: one line per part as it goes, a table, and the count at the very end.

use std::{
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

/// How a part ended.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The part.
    pub(super) name: &'static str,
    /// How many checks held.
    pub(super) passed: usize,
    /// The checks that did not hold, and why.
    pub(super) failures: Vec<Failure>,
    /// How long it took.
    pub(super) took: Duration,
    /// All that its commands printed.
    pub(super) log: PathBuf,
}

/// A check that did not hold.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// Which.
    pub(super) name: String,
    /// Why.
    pub(super) reason: String,
}

/// A line on the standard output; a closed one is no reason to stop testing.
pub(crate) fn say(line: &str) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}

/// What a part came to.
pub(super) fn part(outcome: &Outcome) {
    for failure in &outcome.failures {
        say(&format!("  FAIL {}: {}", failure.name, failure.reason));
    }
    say(&format!("  {}", outcome.count()));
    if !outcome.failures.is_empty() {
        say(&format!(
            "  everything it printed: {}",
            outcome.log.display()
        ));
    }
}

/// The table, the failures by name, and the count alone on the last line.
pub(super) fn summary(outcomes: &[Outcome], choice: &str) -> ExitCode {
    say("");
    for outcome in outcomes {
        say(&format!("{:16}{}", outcome.name, outcome.count()));
    }
    for outcome in outcomes {
        for failure in &outcome.failures {
            say(&format!("FAIL {}: {}", outcome.name, failure.name));
        }
    }
    let passed: usize = outcomes.iter().map(|outcome| outcome.passed).sum();
    let failed: usize = outcomes.iter().map(|outcome| outcome.failures.len()).sum();
    say("");
    if choice.is_empty() {
        say(&format!("{passed} passed, {failed} failed"));
    } else {
        say(&format!("{passed} passed, {failed} failed ({choice})"));
    }
    ExitCode::from(u8::from(failed > 0))
}

// === impl Outcome ===

impl Outcome {
    fn count(&self) -> String {
        format!(
            "{:5} passed, {} failed, {:.1} s",
            self.passed,
            self.failures.len(),
            self.took.as_secs_f64()
        )
    }
}
