//! Which style a string is written in, and how each style is written.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::{
    analyse::{Allowed, analyse, is_line_end, is_printable},
    emit::Emitter,
    resolve::{self, ScalarKind},
};

/// A string as it is to be written.
pub(super) struct Scalar {
    text: Zeroizing<String>,
    /// Whether it has the tag `!!binary`.
    binary: bool,
    wanted: Style,
    allowed: Allowed,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

// === impl Scalar ===

impl Scalar {
    /// A string. What is not UTF-8 becomes base64.
    pub(super) fn text(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::new(text.to_owned(), false, stays_text(text)),
            Err(_) => Self::new(base64(bytes), true, true),
        }
    }

    /// A number, a word, a time.
    pub(super) fn plain(text: String) -> Self {
        Self::new(text, false, true)
    }

    fn new(text: String, binary: bool, plain: bool) -> Self {
        let wanted = if text.contains('\n') {
            Style::Literal
        } else if plain {
            Style::Plain
        } else {
            Style::DoubleQuoted
        };
        let allowed = analyse(&text);
        Self {
            text: Zeroizing::new(text),
            binary,
            wanted,
            allowed,
        }
    }

    /// Whether it may stand before a `:` without further ado.
    pub(super) fn is_simple_key(&self) -> bool {
        let tag = if self.binary { "!!binary".len() } else { 0 };
        !self.allowed.multiline && self.text.len() + tag <= 128
    }

    /// Writes it, as a simple key or elsewhere.
    pub(super) fn write(&self, emitter: &mut Emitter, simple_key: bool) {
        let style = self.style(simple_key);
        if self.binary {
            emitter.indicator("!!binary", true, false, false);
        }
        emitter.indented(true, |emitter| match style {
            Style::Plain => self.write_plain(emitter),
            Style::SingleQuoted => self.write_single_quoted(emitter),
            Style::DoubleQuoted => self.write_double_quoted(emitter),
            Style::Literal => self.write_literal(emitter),
        });
    }

    fn style(&self, simple_key: bool) -> Style {
        let mut style = self.wanted;
        if simple_key && self.allowed.multiline {
            style = Style::DoubleQuoted;
        }
        if style == Style::Plain && (!self.allowed.plain || (self.text.is_empty() && simple_key)) {
            style = Style::SingleQuoted;
        }
        if style == Style::SingleQuoted && !self.allowed.single_quoted {
            style = Style::DoubleQuoted;
        }
        if style == Style::Literal && (!self.allowed.block || simple_key) {
            style = Style::DoubleQuoted;
        }
        style
    }

    fn write_plain(&self, emitter: &mut Emitter) {
        if !self.text.is_empty() {
            emitter.blank();
        }
        for c in self.text.chars() {
            emitter.put(c);
        }
        emitter.after_text(self.text.is_empty());
    }

    fn write_single_quoted(&self, emitter: &mut Emitter) {
        emitter.indicator("'", true, false, false);
        let mut after_line_end = false;
        for c in self.text.chars() {
            if is_line_end(c) {
                if !after_line_end && c == '\n' {
                    emitter.line_end('\n');
                }
                emitter.line_end(c);
                after_line_end = true;
                continue;
            }
            if c != ' ' && after_line_end {
                emitter.indent();
            }
            if c == '\'' {
                emitter.put('\'');
            }
            emitter.put(c);
            if c != ' ' {
                emitter.text_follows();
                after_line_end = false;
            }
        }
        emitter.indicator("'", false, false, false);
        emitter.after_text(false);
    }

    fn write_double_quoted(&self, emitter: &mut Emitter) {
        emitter.indicator("\"", true, false, false);
        // With a byte order mark at the beginning, yaml.v3 takes every character for one.
        let marked = self.text.starts_with('\u{FEFF}');
        for c in self.text.chars() {
            if marked || !is_printable(c) || is_line_end(c) || c == '"' || c == '\\' {
                for c in escape(c).chars() {
                    emitter.put(c);
                }
            } else {
                emitter.put(c);
            }
        }
        emitter.indicator("\"", false, false, false);
        emitter.after_text(false);
    }

    fn write_literal(&self, emitter: &mut Emitter) {
        emitter.indicator("|", true, false, false);
        let text = &self.text;
        if text.starts_with([' ', '\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
            emitter.indicator("4", false, false, false);
        }
        let mut backwards = text.chars().rev();
        let chomp = match (backwards.next(), backwards.next()) {
            (Some(last), _) if !is_line_end(last) => "-",
            (None, _) => "-",
            (_, None) => "+",
            (_, Some(before)) if is_line_end(before) => "+",
            _ => "",
        };
        if !chomp.is_empty() {
            emitter.indicator(chomp, false, false, false);
        }
        emitter.block_follows();
        let mut after_line_end = true;
        for c in text.chars() {
            if is_line_end(c) {
                emitter.line_end(c);
                after_line_end = true;
            } else {
                if after_line_end {
                    emitter.indent();
                }
                emitter.put(c);
                emitter.text_follows();
                after_line_end = false;
            }
        }
    }
}

/// Whether a string without quotes would be read as the string that it is, by YAML 1.1 too.
fn stays_text(text: &str) -> bool {
    resolve::kind(&resolve::plain(text)) == ScalarKind::Text && !is_base_60(text) && !was_bool(text)
}

/// What YAML 1.1 calls a number: `1:30`, `12:30:45.5`.
fn is_base_60(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (text, part) = text.split_once('.').unwrap_or((text, ""));
    let lined = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    let mut groups = text.split(':');
    let first = groups.next().unwrap_or_default();
    let mut count = 0;
    let rest_fits = groups.all(|group| {
        count += 1;
        match group.as_bytes() {
            [digit] | [b'0'..=b'5', digit] => digit.is_ascii_digit(),
            _ => false,
        }
    });
    first.starts_with(|c: char| c.is_ascii_digit())
        && lined(first)
        && rest_fits
        && count > 0
        && lined(part)
}

fn was_bool(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "off"
            | "Off"
            | "OFF"
    )
}

/// In lines of 70, each ended if there are several.
fn base64(bytes: &[u8]) -> String {
    let all = STANDARD.encode(bytes);
    if all.len() < 70 {
        return all;
    }
    let mut lines = String::with_capacity(all.len() * 2);
    for (index, c) in all.chars().enumerate() {
        if index > 0 && index % 70 == 0 {
            lines.push('\n');
        }
        lines.push(c);
    }
    lines.push('\n');
    lines
}

fn escape(c: char) -> String {
    let letter = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{A0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            let code = u32::from(c);
            return match code {
                ..=0xFF => format!("\\x{code:02X}"),
                0x100..=0xFFFF => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{letter}")
}
