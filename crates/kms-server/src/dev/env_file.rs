//! DIR/env: what `source` gives a shell.

use std::fmt::Write as _;

use kms_types::Secret;
use zeroize::Zeroizing;

use super::shell::{shell_word, unquote};

/// Lines `export NAME=value`.
#[derive(Clone, Debug, Default)]
pub(super) struct EnvFile(Vec<(String, Secret<String>)>);

// === impl EnvFile ===

impl EnvFile {
    /// Reads what [`render`](Self::render) wrote; other lines do not count.
    pub(super) fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((name.to_owned(), Secret::new(unquote(value))))
        };
        Self(text.lines().filter_map(line).collect())
    }

    /// Adds a line.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), Secret::from(value)));
        self
    }

    /// The variable's value.
    pub(super) fn get(&self, name: &str) -> Option<&Secret<String>> {
        self.0
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value)
    }

    /// The file's text.
    pub(super) fn render(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(4096));
        for (name, value) in &self.0 {
            // EXPOSE: into its file, mode 0600. Writing to a string cannot fail.
            let _ = writeln!(text, "export {name}={}", shell_word(value.expose()));
        }
        text
    }
}

#[cfg(test)]
mod tests;
