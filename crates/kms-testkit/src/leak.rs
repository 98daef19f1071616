//! Searches what a program left behind for secrets that a test gave it.

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

/// Secrets to search for, in every form that bytes take on their way into a log: as they
/// are, their halves, hexadecimal, base64 at each offset, percent-encoded.
#[derive(Clone, Debug, Default)]
pub struct LeakCheck(Vec<Needle>);

#[derive(Clone, Debug)]
struct Needle {
    what: String,
    form: &'static str,
    bytes: Vec<u8>,
}

impl LeakCheck {
    /// Adds one. At least 16 bytes, or chance would find it.
    ///
    /// # Panics
    /// If it is shorter.
    #[must_use]
    pub fn with(mut self, what: &str, canary: &[u8]) -> Self {
        assert!(canary.len() >= 16, "{what} is too short to be searched for");
        let mut add = |form, bytes: Vec<u8>| {
            self.0.push(Needle {
                what: what.to_owned(),
                form,
                bytes,
            });
        };
        let (first, second) = canary.split_at(canary.len() / 2);
        add("first half", first.to_vec());
        add("second half", second.to_vec());
        let pairs: Vec<_> = canary.iter().map(|byte| format!("{byte:02x}")).collect();
        let hex = pairs.concat();
        add("hex", hex.to_ascii_uppercase().into_bytes());
        add("hex", hex.into_bytes());
        let percent = format!("%{}", pairs.join("%"));
        add("percent", percent.to_ascii_uppercase().into_bytes());
        add("percent", percent.into_bytes());
        // As `{:?}` shows bytes.
        let numbers: Vec<_> = canary.iter().map(u8::to_string).collect();
        add("numbers", numbers.join(", ").into_bytes());
        for (offset, before) in [&b""[..], b"-", b"--"].into_iter().enumerate() {
            let text = STANDARD_NO_PAD.encode([before, canary].concat());
            // Only characters that depend on nothing but the canary.
            let inner = text.get(offset + 1..text.len() - 2).unwrap_or_default();
            add("base64", inner.as_bytes().to_vec());
            let url_safe = inner.replace('+', "-").replace('/', "_");
            add("base64", url_safe.into_bytes());
        }
        self
    }

    /// What is found in these bytes: each canary and its form.
    pub fn find(&self, bytes: &[u8]) -> Vec<String> {
        self.0
            .iter()
            .filter(|needle| contains(bytes, &needle.bytes))
            .map(|needle| format!("{} ({})", needle.what, needle.form))
            .collect()
    }

    /// Fails the test if anything is found.
    ///
    /// # Panics
    /// If so, naming what and where, and not the bytes.
    #[track_caller]
    pub fn assert_clean(&self, place: &str, bytes: &[u8]) {
        let found = self.find(bytes);
        assert!(found.is_empty(), "{place} holds {}", found.join(", "));
    }

    /// Fails the test if anything is found in a file of this folder or below it, or in
    /// a file's name; gives how many files there were.
    ///
    /// # Panics
    /// If so, or if the folder cannot be read.
    #[track_caller]
    #[expect(clippy::panic, reason = "the test has failed")]
    pub fn assert_clean_folder(&self, folder: &Path) -> usize {
        let mut files = 0;
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => panic!("{}: {error}", folder.display()),
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let shown = path.display().to_string();
            self.assert_clean("a file's name", shown.as_bytes());
            if path.is_dir() {
                files += self.assert_clean_folder(&path);
            } else if let Ok(bytes) = fs::read(&path) {
                files += 1;
                self.assert_clean(&shown, &bytes);
            }
        }
        files
    }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

#[cfg(test)]
mod tests;
