//! What the answers to all entries make together (reference k8s-sync §1.5).

use std::collections::BTreeSet;

use super::{Compat, Data, Entry, Remote, Take, Value, extract, jmes, replace};
use crate::api::SyncStatus;

/// What is known of a remote secret.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Its value, as it was when it was looked at last.
    Fresh(Value),
    /// It could not be read the last time, for this reason; before, this was its value.
    Stale(Value, String),
    /// It could not be read, for this reason.
    Missing(String),
}

/// Keys and values, and what became of each entry.
#[derive(Debug)]
pub struct Composed {
    /// What the Secret is to hold.
    pub data: Data,
    /// What of that which it holds stays, because an entry failed.
    pub kept: Kept,
    /// In the order of the entries.
    pub outcomes: Vec<Outcome>,
    /// Whether it is to be written.
    pub verdict: Verdict,
}

/// What became of an entry, or of all of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// The name of the remote secret, or one of the original's words for what concerns all.
    pub key: String,
    /// How it went.
    pub status: SyncStatus,
    /// Why not well; empty if well.
    pub reason: String,
}

/// What stays of a Secret's data that nobody asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kept {
    /// These keys, if they are there; all others go.
    Keys(BTreeSet<String>),
    /// Everything: a document could not be read, and nobody knows which keys were its.
    All,
}

/// Whether a Secret is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// It is.
    Write,
    /// It stays as it is.
    Withhold,
    /// It is taken away: nothing could be read, and the operator was told to.
    Remove,
}

/// Whose defects are wanted back (reference k8s-sync §2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ComposePolicy {
    /// Whose bytes.
    pub compat: Compat,
    /// A jmesPath that finds nothing gives the whole document (§2.10).
    pub whole_document_if_nothing_matches: bool,
    /// A replaceRule changes values, too, its expression taken literally (§2.9).
    pub replace_in_values: bool,
    /// A Secret of which nothing could be read is taken away.
    pub remove_if_all_fail: bool,
}

/// The original's word for a Secret that would have been empty (reference k8s-sync §1.5).
pub const NOTHING_LEFT: &str = "zero_output_guard";

/// Makes one of all. `answer` has what was read of each remote secret; with a template nothing is
/// written unless something is known of each, for templates see all keys.
pub fn compose(
    entries: &[Entry],
    answer: impl Fn(&Remote) -> Answer,
    has_template: bool,
    policy: ComposePolicy,
) -> Composed {
    let mut data = Data::new();
    let mut kept = Kept::Keys(BTreeSet::new());
    let mut outcomes = Vec::new();
    let mut missing = 0_usize;
    for entry in entries {
        let known = match &entry.remote {
            Ok(remote) => answer(remote),
            Err(error) => Answer::Missing(error.to_string()),
        };
        let (value, unread) = match known {
            Answer::Fresh(value) => (Ok(value), None),
            Answer::Stale(value, reason) => (Ok(value), Some(reason)),
            Answer::Missing(reason) => (Err(reason), None),
        };
        match value.and_then(|value| taken(entry, &value, policy)) {
            Ok(Taken { keys, problem }) => {
                data.extend(keys);
                let (status, reason) = match (unread, problem) {
                    (Some(reason), _) => (SyncStatus::Failed, reason),
                    (None, Some(problem)) => (SyncStatus::Warning, problem),
                    (None, None) => (SyncStatus::Succeeded, String::new()),
                };
                outcomes.push(Outcome::new(&entry.key, status, reason));
            }
            Err(reason) => {
                missing += 1;
                kept.keep(entry);
                let reason = unread.unwrap_or(reason);
                outcomes.push(Outcome::new(&entry.key, SyncStatus::Failed, reason));
            }
        }
    }
    let all_failed = outcomes.iter().all(|one| one.status == SyncStatus::Failed);
    let verdict = if entries.is_empty() {
        // Templates may be of ConfigMaps and texts alone, as in 0.6.
        if has_template {
            Verdict::Write
        } else {
            Verdict::Withhold
        }
    } else if all_failed && policy.remove_if_all_fail {
        Verdict::Remove
    } else if missing == entries.len() || missing > 0 && has_template {
        Verdict::Withhold
    } else if data.is_empty() {
        if missing == 0 {
            let reason = "no entry gave a key: the Secret stays as it is".to_owned();
            outcomes.push(Outcome::new(NOTHING_LEFT, SyncStatus::Failed, reason));
        }
        Verdict::Withhold
    } else {
        Verdict::Write
    };
    Composed {
        data,
        kept,
        outcomes,
        verdict,
    }
}

/// What an entry gave.
struct Taken {
    keys: Data,
    /// What of it was not found.
    problem: Option<String>,
}

fn taken(entry: &Entry, value: &Value, policy: ComposePolicy) -> Result<Taken, String> {
    let whole = |name: &String| Taken {
        keys: Data::from([(name.clone(), value.clone())]),
        problem: None,
    };
    match &entry.take {
        Take::Whole(name) => Ok(whole(name)),
        Take::Parts { name, paths } => {
            let selected = jmes::select(value, &entry.key, paths, policy.compat);
            let problems: Vec<String> = selected
                .problems
                .iter()
                .map(|(path, reason)| format!("{path:?}: {reason}"))
                .collect();
            let problem = (!problems.is_empty()).then(|| problems.join("; "));
            if !selected.whole {
                return Ok(Taken {
                    keys: selected.data,
                    problem,
                });
            }
            let problem = problem.unwrap_or_else(|| "no path matched".to_owned());
            if policy.whole_document_if_nothing_matches {
                let problem = format!("{problem}; the whole document is under {name:?}");
                return Ok(Taken {
                    problem: Some(problem),
                    ..whole(name)
                });
            }
            Err(format!(
                "jmesPath found nothing, and the whole document is not stored in its place unless \
                 the operator is started with --store-whole-document-if-nothing-matches: {problem}"
            ))
        }
        Take::Extract { renames, rules } => {
            let keys = extract::extract(value, policy.compat);
            let keys = keys.map_err(|error| error.to_string())?;
            let keys = replace::replace(keys, rules, policy.compat, policy.replace_in_values);
            let replaced = keys.map_err(|error| error.to_string())?;
            let clashes = replaced.clashes;
            Ok(Taken {
                // The original gives aliases last.
                keys: extract::rename(replaced.data, renames, policy.compat),
                problem: (!clashes.is_empty())
                    .then(|| format!("replaceRule makes one key of several: {clashes:?}")),
            })
        }
    }
}

// === impl Outcome ===

impl Outcome {
    /// Of these parts.
    pub fn new(key: &str, status: SyncStatus, reason: String) -> Self {
        Self {
            key: key.to_owned(),
            status,
            reason,
        }
    }
}

// === impl Kept ===

impl Kept {
    /// Keeps what an entry that failed had given before.
    fn keep(&mut self, entry: &Entry) {
        let Self::Keys(keys) = self else {
            return;
        };
        match &entry.take {
            Take::Whole(name) => {
                keys.insert(name.clone());
            }
            Take::Parts { name, paths } => {
                keys.insert(name.clone());
                keys.extend(paths.iter().map(|one| {
                    let alias = &one.object_alias;
                    if alias.is_empty() { &entry.key } else { alias }.clone()
                }));
            }
            Take::Extract { .. } => *self = Self::All,
        }
    }
}

#[cfg(test)]
mod tests;
