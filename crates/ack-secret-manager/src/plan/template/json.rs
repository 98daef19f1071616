//! JSON as Go's `encoding/json` reads it into `interface{}` and writes it: every number is a
//! float, the last of two equal keys counts, and what is no Unicode is replaced.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    budget::MAX_TEXT,
    fault::Fault,
    layout, num,
    print::power,
    value::{MAX_NESTING, Text, Value},
};

/// A text while it is read.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
}

/// How it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// `<`, `>` and `&` as escapes.
    pub(super) escape_html: bool,
    /// A line per element, two blanks per level.
    pub(super) pretty: bool,
}

/// The value of a document.
pub(super) fn read(text: &[u8]) -> Result<Value, Fault> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    let value = reader.value().and_then(|value| {
        reader.blanks();
        (reader.at == text.len()).then_some(value)
    });
    value.ok_or_else(|| Fault::new(format!("this is no JSON from byte {} on", reader.at)))
}

// === impl Reader ===

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, wanted: &[u8]) -> Option<()> {
        let rest = self.text.get(self.at..)?;
        rest.starts_with(wanted).then(|| self.at += wanted.len())
    }

    fn value(&mut self) -> Option<Value> {
        self.blanks();
        match self.peek()? {
            b'{' => self.deeper(Self::object),
            b'[' => self.deeper(Self::array),
            b'"' => self.string().map(Value::text),
            b't' => self.eat(b"true").map(|()| Value::Bool(true)),
            b'f' => self.eat(b"false").map(|()| Value::Bool(false)),
            b'n' => self.eat(b"null").map(|()| Value::Nil),
            _ => self.number(),
        }
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Option<Value>) -> Option<Value> {
        if self.depth >= MAX_NESTING {
            return None;
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Option<Value> {
        let mut entries: BTreeMap<Text, Value> = BTreeMap::new();
        self.blanks();
        if self.eat(b"}").is_some() {
            return Some(Value::map(entries));
        }
        loop {
            self.blanks();
            let key = self.string()?;
            self.blanks();
            self.eat(b":")?;
            let value = self.value()?;
            entries.insert(key.into(), value);
            self.blanks();
            if self.eat(b"}").is_some() {
                return Some(Value::map(entries));
            }
            self.eat(b",")?;
        }
    }

    fn array(&mut self) -> Option<Value> {
        let mut items = Vec::new();
        self.blanks();
        if self.eat(b"]").is_some() {
            return Some(Value::list(items));
        }
        loop {
            items.push(self.value()?);
            self.blanks();
            if self.eat(b"]").is_some() {
                return Some(Value::list(items));
            }
            self.eat(b",")?;
        }
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        let _ = self.eat(b"-");
        if self.eat(b"0").is_none() {
            self.digits()?;
        }
        if self.eat(b".").is_some() {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        num::parse_float(self.text.get(start..self.at)?).map(Value::Float)
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn string(&mut self) -> Option<Vec<u8>> {
        self.eat(b"\"")?;
        let mut out = Vec::new();
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(bstr::ByteSlice::to_str_lossy(&out[..]).as_bytes().to_vec());
                }
                b'\\' => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                0..=0x1f => return None,
                byte => {
                    out.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        out.push(match byte {
            b'"' | b'\\' | b'/' => byte,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let found = self.unicode()?;
                out.extend_from_slice(found.encode_utf8(&mut [0; 4]).as_bytes());
                return Some(());
            }
            _ => return None,
        });
        Some(())
    }

    /// Four digits, or twice four for what lies beyond; half a pair is replaced.
    fn unicode(&mut self) -> Option<char> {
        let high = self.hex()?;
        if !(0xd800..0xdc00).contains(&high) {
            return Some(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.at;
        let low = self.eat(b"\\u").and_then(|()| self.hex());
        if let Some(low @ 0xdc00..0xe000) = low {
            let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            return char::from_u32(code);
        }
        self.at = before;
        Some(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }
}

/// The document of a value.
pub(super) fn write(value: &Value, style: Style) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    element(&mut out, value, style, 0)?;
    Ok(out)
}

fn element(out: &mut Vec<u8>, value: &Value, style: Style, level: usize) -> Result<(), Fault> {
    if out.len() > MAX_TEXT {
        return Err(Fault::new("the document is too long; a Secret holds 1 MiB"));
    }
    match value {
        Value::Nil => out.extend_from_slice(b"null"),
        Value::Bool(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Int(number, _) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::Float(number) => out.extend_from_slice(float(*number)?.as_bytes()),
        Value::Text(text) => string(out, text, style),
        Value::Time(time) => string(out, layout::json(time).as_bytes(), style),
        Value::Version(version) => string(out, version.original.as_bytes(), style),
        Value::List(list) => {
            out.push(b'[');
            for (at, item) in list.items.iter().enumerate() {
                separate(out, at, style, level + 1);
                element(out, item, style, level + 1)?;
            }
            close(out, list.items.len(), style, level);
            out.push(b']');
        }
        Value::Map(map) => {
            out.push(b'{');
            for (at, (key, item)) in map.entries().into_iter().enumerate() {
                separate(out, at, style, level + 1);
                string(out, &key, style);
                out.extend_from_slice(if style.pretty { b": " } else { b":" });
                element(out, &item, style, level + 1)?;
            }
            close(out, map.len(), style, level);
            out.push(b'}');
        }
    }
    Ok(())
}

fn separate(out: &mut Vec<u8>, at: usize, style: Style, level: usize) {
    if at > 0 {
        out.push(b',');
    }
    line(out, style, level);
}

fn close(out: &mut Vec<u8>, count: usize, style: Style, level: usize) {
    if count > 0 {
        line(out, style, level);
    }
}

fn line(out: &mut Vec<u8>, style: Style, level: usize) {
    if style.pretty {
        out.push(b'\n');
        out.resize(out.len() + 2 * level, b' ');
    }
}

/// As ECMAScript writes it: an exponent below 1e-6 and from 1e21 on.
fn float(number: f64) -> Result<String, Fault> {
    if !number.is_finite() {
        return Err(Fault::new("a number is not finite, which JSON cannot say"));
    }
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{number:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        // Without the leading zero that %e has for small ones.
        let power = power(exponent).replace("e-0", "e-");
        return Ok(format!("{mantissa}{power}"));
    }
    Ok(number.to_string())
}

fn string(out: &mut Vec<u8>, text: &[u8], style: Style) {
    let mut escaped = String::from('"');
    for found in super::value::lossy(text).chars() {
        match found {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '\u{8}' => escaped.push_str("\\b"),
            '\u{c}' => escaped.push_str("\\f"),
            '<' | '>' | '&' if !style.escape_html => escaped.push(found),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _never_fails = write!(escaped, "\\u{:04x}", u32::from(found));
            }
            found => escaped.push(found),
        }
    }
    escaped.push('"');
    out.extend_from_slice(escaped.as_bytes());
}
