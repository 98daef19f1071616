//! Go's way through a text's matches, and of putting groups into the text in their place.

use regex::Captures;

use crate::plan::pattern::Pattern;

/// As `Regexp.ReplaceAllString`.
pub(super) fn replace_all(pattern: &Pattern, text: &str, template: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut written = 0;
    let mut at = 0;
    while at <= text.len() {
        let Some(found) = pattern.captures_at(text, at) else {
            break;
        };
        let Some(whole) = found.get(0) else { break };
        out.push_str(text.get(written..whole.start()).unwrap_or_default());
        // Nothing stands in the place of nothing right behind another match.
        if whole.end() > written || whole.start() == 0 {
            expand(pattern, &found, template, &mut out);
        }
        written = whole.end();
        let width = text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        at = if at + width > whole.end() {
            at + width
        } else if at + 1 > whole.end() {
            at + 1
        } else {
            whole.end()
        };
    }
    out.push_str(text.get(written..).unwrap_or_default());
    out
}

/// As `Regexp.Expand`: `$$`, `$1`, `$name` (as many letters as there are) and `${name}`. What names
/// no group stands for nothing.
fn expand(pattern: &Pattern, found: &Captures<'_>, template: &str, out: &mut String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        rest = if let Some((name, after)) = reference(after) {
            out.push_str(pattern.group(found, name));
            after
        } else {
            out.push('$');
            after
        };
    }
    out.push_str(rest);
}

/// The name behind a `$`, and what follows it.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (braced, text) = match text.strip_prefix('{') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let (name, after) = text.split_at_checked(end)?;
    if name.is_empty() {
        return None;
    }
    if braced {
        Some((name, after.strip_prefix('}')?))
    } else {
        Some((name, after))
    }
}

/// As `strings.ReplaceAll`: an empty text is before each character, and at the end.
pub(super) fn replace_literal(text: &[u8], source: &[u8], target: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    if source.is_empty() {
        out.extend_from_slice(target);
        let mut each = |bytes: &[u8]| {
            out.extend_from_slice(bytes);
            out.extend_from_slice(target);
        };
        for chunk in text.utf8_chunks() {
            for c in chunk.valid().chars() {
                each(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            for byte in chunk.invalid() {
                each(&[*byte]);
            }
        }
        return out;
    }
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(source) {
            out.extend_from_slice(target);
            rest = after;
        } else {
            out.push(*first);
            rest = after;
        }
    }
    out
}
