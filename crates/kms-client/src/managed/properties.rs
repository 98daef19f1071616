//! The text of a Java properties file, as `java.util.Properties.load` reads it.

use std::collections::BTreeMap;

use kms_types::Secret;
use thiserror::Error;
use zeroize::Zeroizing;

/// The pairs of a properties file. Values may be secrets.
#[derive(Clone, Debug, Default)]
pub(super) struct Properties(BTreeMap<String, Secret<String>>);

/// Text that `java.util.Properties` would not load either.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("line {line}: \\u is not followed by four hexadecimal digits that make a character")]
pub struct ParsePropertiesError {
    /// From 1; where the logical line begins.
    pub line: usize,
}

// === impl Properties ===

impl Properties {
    /// Reads the bytes of a file: UTF-8 if they are, else ISO 8859-1, which is what Java took
    /// them for until version 8. A key that is there twice has the last of its values.
    ///
    /// # Errors
    /// [`ParsePropertiesError`].
    pub(super) fn parse(bytes: &Secret<Vec<u8>>) -> Result<Self, ParsePropertiesError> {
        // EXPOSE: into its pairs, whose values are secrets again.
        let bytes = bytes.expose();
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = Zeroizing::new(match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_latin1) => bytes.iter().copied().map(char::from).collect(),
        });
        let mut pairs = BTreeMap::new();
        let mut lines = natural_lines(&text).enumerate();
        while let Some((at, line)) = lines.next() {
            let line = line.trim_start_matches(is_blank);
            if line.is_empty() || line.starts_with(['#', '!']) {
                continue;
            }
            let mut logical = Zeroizing::new(String::with_capacity(text.len()));
            let mut part = line;
            while let Some(kept) = continued(part) {
                logical.push_str(kept);
                part = lines
                    .next()
                    .map(|(_, next)| next.trim_start_matches(is_blank))
                    .unwrap_or_default();
            }
            logical.push_str(part);
            let (key, value) = pair(&logical);
            let wrong = ParsePropertiesError { line: at + 1 };
            let key = unescaped(key).ok_or(wrong)?.to_string();
            let mut value = unescaped(value).ok_or(wrong)?;
            pairs.insert(key, Secret::new(std::mem::take(&mut *value)));
        }
        Ok(Self(pairs))
    }

    /// The value of a key, white space around it left out, if it is there and not empty.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        // EXPOSE: to the one who asked for it by name.
        let value = self.0.get(key)?.expose().trim();
        Some(value).filter(|value| !value.is_empty())
    }

    /// All keys, sorted.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Lines end with a line feed, a carriage return, or both.
fn natural_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let (line, after) = text.split_at(end);
        rest = after
            .strip_prefix("\r\n")
            .or_else(|| after.strip_prefix(['\n', '\r']));
        Some(line)
    })
}

/// The line without its last backslash, if that one joins the next line to it.
fn continued(line: &str) -> Option<&str> {
    let backslashes = line.len() - line.trim_end_matches('\\').len();
    (backslashes % 2 == 1)
        .then(|| line.strip_suffix('\\'))
        .flatten()
}

/// Key and value: apart from each other by blanks, and `=` or `:` among them.
fn pair(line: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = line.find(|c: char| {
        if escaped {
            escaped = false;
            return false;
        }
        escaped = c == '\\';
        c == '=' || c == ':' || is_blank(c)
    });
    let (key, rest) = line.split_at(end.unwrap_or(line.len()));
    let rest = rest.trim_start_matches(is_blank);
    let value = rest.strip_prefix(['=', ':']).unwrap_or(rest);
    (key, value.trim_start_matches(is_blank))
}

/// `None` if a `\u` cannot be read. Java's characters are UTF-16: two halves make one.
fn unescaped(text: &str) -> Option<Zeroizing<String>> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let first = unit(&mut chars)?;
                let whole = if (0xd800..0xdc00).contains(&first) {
                    chars = chars.as_str().strip_prefix("\\u")?.chars();
                    char::decode_utf16([first, unit(&mut chars)?]).next()
                } else {
                    char::decode_utf16([first]).next()
                };
                out.push(whole?.ok()?);
            }
            // Anything else is itself; a backslash at the very end is nothing.
            Some(other) => out.push(other),
            None => {}
        }
    }
    Some(out)
}

fn unit(chars: &mut std::str::Chars<'_>) -> Option<u16> {
    let digits = chars.as_str().get(..4)?;
    *chars = chars.as_str().get(4..)?.chars();
    let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    hexadecimal
        .then(|| u16::from_str_radix(digits, 16).ok())
        .flatten()
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{c}')
}

#[cfg(test)]
mod tests;
