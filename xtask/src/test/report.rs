//! What the suite tells: some lines per part as it goes, a table, and the count at the very end.

use std::{
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

/// Where lines go.
pub(super) type Say<'a> = dyn Fn(&str) + Sync + 'a;

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
    /// What it has to say beside its count.
    pub(super) said: Vec<String>,
    /// All that its commands printed, if it could be kept.
    pub(super) log: Option<PathBuf>,
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

/// What a part shows, and what it came to.
pub(super) fn part(what: &str, outcome: &Outcome, say: &Say<'_>) {
    say(&format!("{}: {what}", outcome.name));
    for line in &outcome.said {
        say(&format!("  {line}"));
    }
    for failure in &outcome.failures {
        say(&format!("  FAIL {}: {}", failure.name, failure.reason));
    }
    say(&format!("  {}", outcome.count()));
    if let Some(log) = &outcome.log
        && !outcome.failures.is_empty()
    {
        say(&format!("  everything it printed: {}", log.display()));
    }
}

/// The table, the failures by name, and the count alone on the last line.
pub(super) fn summary(outcomes: &[Outcome], choice: &str, say: &Say<'_>) {
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
    let failed = failed(outcomes);
    say("");
    if choice.is_empty() {
        say(&format!("{passed} passed, {failed} failed"));
    } else {
        say(&format!("{passed} passed, {failed} failed ({choice})"));
    }
}

/// Success when all checks of all parts held.
pub(super) fn exit_code(outcomes: &[Outcome]) -> ExitCode {
    ExitCode::from(u8::from(failed(outcomes) > 0))
}

fn failed(outcomes: &[Outcome]) -> usize {
    outcomes.iter().map(|outcome| outcome.failures.len()).sum()
}

// === impl Outcome ===

impl Outcome {
    /// Of a part that there was nothing to stand on for.
    pub(super) fn not_begun(name: &'static str, reason: &str) -> Self {
        Self {
            name,
            passed: 0,
            failures: vec![Failure {
                name: name.to_owned(),
                reason: reason.to_owned(),
            }],
            took: Duration::ZERO,
            said: Vec::new(),
            log: None,
        }
    }

    /// How many checks held, and how long that took.
    pub(super) fn count(&self) -> String {
        format!(
            "{:5} passed, {} failed, {:.1} s",
            self.passed,
            self.failures.len(),
            self.took.as_secs_f64()
        )
    }
}
