//! What was found in an object, and what of it is said.

use std::{collections::BTreeMap, fmt};

use super::Verdict;

/// All that was found, in the order of the fields.
#[derive(Debug, Default)]
pub(super) struct Findings {
    all: Vec<Finding>,
    /// Fields that do not fit the schema; of what is left of them nothing more is said.
    unfit: Vec<String>,
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// Where, `spec.data[0].key`.
    pub(super) field: String,
    /// What about it, as what follows a colon.
    pub(super) text: String,
    /// Whether the object is refused for it.
    pub(super) refused: bool,
}

/// How many warnings are told; of more, only the number.
const WARNINGS: usize = 5;

/// The API server cuts warnings that are as long or longer.
const WARNING: usize = 120;

/// How much of a field's text is repeated.
const QUOTED: usize = 80;

// === impl Findings ===

impl Findings {
    /// Something that no version ever worked with.
    pub(super) fn mistake(&mut self, field: impl Into<String>, text: impl Into<String>) {
        self.push(field.into(), text.into(), true);
    }

    /// Something that is taken, and should be known.
    pub(super) fn warn(&mut self, field: impl Into<String>, text: impl Into<String>) {
        self.push(field.into(), text.into(), false);
    }

    /// A field that does not fit the schema.
    pub(super) fn unfit(&mut self, field: &str, text: impl Into<String>) {
        self.mistake(field, text);
        self.unfit.push(field.to_owned());
    }

    /// What was found of a part.
    pub(super) fn add(&mut self, finding: Finding) {
        self.push(finding.field, finding.text, finding.refused);
    }

    fn push(&mut self, field: String, text: String, refused: bool) {
        let is_said = |unfit: &String| below(unfit, &field) || below(&field, unfit);
        if self.unfit.iter().any(is_said) {
            return;
        }
        self.all.push(Finding {
            field,
            text,
            refused,
        });
    }

    /// All of it, at its full length.
    pub(super) fn everything(&self) -> Verdict {
        let (refused, taken): (Vec<_>, Vec<_>) = self.all.iter().partition(|one| one.refused);
        let said = |all: Vec<&Finding>| all.into_iter().map(ToString::to_string).collect();
        Verdict {
            mistakes: said(refused),
            warnings: said(taken),
        }
    }

    /// What is said, where something was there before.
    pub(super) fn verdict(&self, before: Option<&Self>) -> Verdict {
        // The same may be wrong in several entries, and entries may have moved.
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for finding in before.into_iter().flat_map(|before| &before.all) {
            *known.entry(finding.identity()).or_default() += 1;
        }
        let mut verdict = Verdict::default();
        let mut warnings = Vec::new();
        for finding in &self.all {
            let is_known = match known.get_mut(&finding.identity()) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    true
                }
                _ => false,
            };
            if finding.refused && !is_known {
                verdict.mistakes.push(finding.to_string());
            } else {
                warnings.push(shortened(&finding.to_string()));
            }
        }
        let more = warnings.len().saturating_sub(WARNINGS);
        warnings.truncate(WARNINGS);
        if more > 0 {
            warnings.push(format!("and {more} more"));
        }
        verdict.warnings = warnings;
        verdict
    }
}

// === impl Finding ===

impl Finding {
    /// One that is refused, or as its caller decides later.
    pub(super) fn new(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            text: text.into(),
            refused: true,
        }
    }

    /// What it is wherever it stands in lists.
    fn identity(&self) -> String {
        let mut parts = self.field.split('[');
        let first = parts.next().unwrap_or_default().to_owned();
        let place = parts.fold(first, |place, part| {
            let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
            place + "[" + rest
        });
        format!("{place}: {}", self.text)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.text)
    }
}

/// A field's text as it is repeated.
pub(super) fn quoted(text: &str) -> String {
    format!("{:?}", cut(text, QUOTED))
}

/// What another part of the program says of a text, which may repeat it.
pub(super) fn said(text: &impl fmt::Display) -> String {
    cut(&text.to_string(), 2 * QUOTED)
}

fn shortened(text: &str) -> String {
    cut(text, WARNING - 1)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text
            .chars()
            .take(most.saturating_sub(1))
            .chain(['…'])
            .collect(),
    }
}

/// Whether a field is another, or a part of it.
fn below(field: &str, other: &str) -> bool {
    field
        .strip_prefix(other)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests;
