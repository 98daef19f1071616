use thiserror::Error;

/// Text that is no policy document. What it shows of the text are names of elements, in
/// quotes and shortened.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum ParsePolicyError {
    /// Longer than the cloud takes.
    #[error("the policy document has {length} {unit}, {limit} are allowed")]
    TooLong {
        /// Of the text.
        length: usize,
        /// What was counted: characters or bytes.
        unit: &'static str,
        /// How many are allowed.
        limit: usize,
    },
    /// Not JSON, nested too deeply, or a name stands twice in one object.
    #[error("the policy document is not JSON: {0}")]
    Json(String),
    /// JSON that says nothing in RAM's language.
    #[error("the policy document is not valid: {at} {what}")]
    Grammar {
        /// Where: `Statement[1].Condition.StringEquals`.
        at: String,
        /// What is wrong there.
        what: String,
    },
}

/// A word of the document for a message: in quotes, escaped, not longer than 64 characters.
pub(super) fn quoted(word: &str) -> String {
    let mut start: String = word.chars().take(64).collect();
    if start.len() < word.len() {
        start.push('…');
    }
    format!("{start:?}")
}
