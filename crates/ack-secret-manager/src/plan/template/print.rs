//! What Go's `fmt` prints for a value.

use std::fmt::Write as _;

use super::{
    layout,
    value::{Of, Value},
};

/// From which power of ten on a float is written with its exponent, if no precision is asked for.
const SHORTEST_LIMIT: i32 = 6;

/// `%v`, into bytes.
pub(super) fn plain(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Nil => out.extend_from_slice(b"<nil>"),
        Value::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Value::Int(number, _) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::Float(number) => out.extend_from_slice(shortest(*number).as_bytes()),
        Value::Text(text) => out.extend_from_slice(text),
        Value::List(list) => {
            out.push(b'[');
            for (at, item) in list.items.iter().enumerate() {
                if at > 0 {
                    out.push(b' ');
                }
                plain(out, item);
            }
            out.push(b']');
        }
        Value::Map(map) => {
            out.extend_from_slice(b"map[");
            for (at, (key, value)) in map.entries().into_iter().enumerate() {
                if at > 0 {
                    out.push(b' ');
                }
                out.extend_from_slice(&key);
                out.push(b':');
                plain(out, &value);
            }
            out.push(b']');
        }
        Value::Time(time) => out.extend_from_slice(layout::plain(time).as_bytes()),
        Value::Version(version) => out.extend_from_slice(version.to_string().as_bytes()),
    }
}

/// `fmt.Sprint` of one value, or Sprig's `toString`.
pub(super) fn sprint(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    plain(&mut out, value);
    out
}

/// What an action writes: a missing value has its own word.
pub(super) fn action(value: &Value) -> Vec<u8> {
    match value {
        Value::Nil => b"<no value>".to_vec(),
        other => sprint(other),
    }
}

/// `fmt.Sprint` of many: a space between two of which neither is a string.
pub(super) fn sprint_all(values: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut was_text = true;
    for (at, value) in values.iter().enumerate() {
        let is_text = matches!(value, Value::Text(_));
        if at > 0 && !is_text && !was_text {
            out.push(b' ');
        }
        plain(&mut out, value);
        was_text = is_text;
    }
    out
}

/// `fmt.Sprintln`.
pub(super) fn sprintln(values: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        plain(&mut out, value);
    }
    out.push(b'\n');
    out
}

/// `%#v`, as far as templates have types for it.
pub(super) fn syntax(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Text(text) => out.extend_from_slice(&quoted(text, false)),
        Value::Int(number, super::value::Width::Uint8 | super::value::Width::Uint64) => {
            out.extend_from_slice(format!("{number:#x}").as_bytes());
        }
        Value::List(list) => {
            out.extend_from_slice(value.type_name().as_bytes());
            out.push(b'{');
            for (at, item) in list.items.iter().enumerate() {
                if at > 0 {
                    out.extend_from_slice(b", ");
                }
                element(out, item, list.of == Of::Any);
            }
            out.push(b'}');
        }
        Value::Map(map) => {
            out.extend_from_slice(value.type_name().as_bytes());
            out.push(b'{');
            for (at, (key, item)) in map.entries().into_iter().enumerate() {
                if at > 0 {
                    out.extend_from_slice(b", ");
                }
                out.extend_from_slice(&quoted(&key, false));
                out.push(b':');
                element(out, &item, map.of == Of::Any);
            }
            out.push(b'}');
        }
        other => plain(out, other),
    }
}

fn element(out: &mut Vec<u8>, value: &Value, is_interface: bool) {
    if is_interface && matches!(value, Value::Nil) {
        out.extend_from_slice(b"interface {}(nil)");
    } else {
        syntax(out, value);
    }
}

/// `%v` of a float: the shortest that reads back, with an exponent from a million on.
pub(super) fn shortest(number: f64) -> String {
    general(number, None, false)
}

/// `%g`, with as many digits as asked for, or as few as read back.
pub(super) fn general(number: f64, digits: Option<usize>, keep_zeros: bool) -> String {
    if let Some(name) = unusual(number) {
        return name.to_owned();
    }
    let scientific = match digits {
        Some(digits) => format!("{number:.*e}", digits.max(1) - 1),
        None => format!("{number:e}"),
    };
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let mantissa = if keep_zeros || !mantissa.contains('.') {
        mantissa
    } else {
        mantissa.trim_end_matches('0').trim_end_matches('.')
    };
    let significant = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let limit = match digits {
        Some(digits) => i32::try_from(digits.max(1)).unwrap_or(i32::MAX),
        None => SHORTEST_LIMIT,
    };
    if exponent < -4 || exponent >= limit {
        return format!("{mantissa}{}", power(exponent));
    }
    let decimals = i64::try_from(significant).unwrap_or(0) - 1 - i64::from(exponent);
    format!("{number:.*}", usize::try_from(decimals).unwrap_or(0))
}

/// Go's spelling of an exponent: a sign and two digits at least.
pub(super) fn power(exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("e{sign}{:02}", exponent.unsigned_abs())
}

/// `%e`.
pub(super) fn scientific(number: f64, digits: usize) -> String {
    if let Some(name) = unusual(number) {
        return name.to_owned();
    }
    let text = format!("{number:.digits$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{mantissa}{}", power(exponent.parse().unwrap_or(0)))
}

/// The names of what is no finite number.
pub(super) fn unusual(number: f64) -> Option<&'static str> {
    if number.is_nan() {
        Some("NaN")
    } else if number == f64::INFINITY {
        Some("+Inf")
    } else if number == f64::NEG_INFINITY {
        Some("-Inf")
    } else {
        None
    }
}

/// `%q` of a string: a literal of Go.
pub(super) fn quoted(text: &[u8], ascii: bool) -> Vec<u8> {
    let mut out = String::from('"');
    let mut rest = text;
    while !rest.is_empty() {
        let (found, size) = bstr::decode_utf8(rest);
        let size = size.max(1);
        match found {
            Some(found) => quote_char(&mut out, found, '"', ascii),
            None => {
                for byte in rest.iter().take(size) {
                    let _never_fails = write!(out, "\\x{byte:02x}");
                }
            }
        }
        rest = rest.get(size..).unwrap_or_default();
    }
    out.push('"');
    out.into_bytes()
}

/// One character of a literal of Go.
pub(super) fn quote_char(out: &mut String, found: char, quote: char, ascii: bool) {
    match found {
        '\\' => out.push_str("\\\\"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        found if found == quote => {
            out.push('\\');
            out.push(found);
        }
        found if is_printable(found) && (found.is_ascii() || !ascii) => out.push(found),
        found => {
            let code = u32::from(found);
            let _never_fails = if code < 0x20 || code == 0x7f {
                write!(out, "\\x{code:02x}")
            } else if code < 0x1_0000 {
                write!(out, "\\u{code:04x}")
            } else {
                write!(out, "\\U{code:08x}")
            };
        }
    }
}

/// `strconv.IsPrint`: of spaces only the ASCII one; controls, formats, private and unassigned
/// characters are none. Rust's `escape_debug` knows the same tables.
fn is_printable(found: char) -> bool {
    if found == ' ' || matches!(found, '\'' | '"' | '\\') {
        return true;
    }
    // A combining mark is escaped by Rust at the beginning only, so it stands behind a letter.
    let text: String = ['a', found].iter().collect();
    !found.is_whitespace() && text.escape_debug().count() == 2
}
