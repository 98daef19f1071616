//! Go's `fmt.Sprintf`, for the values that templates have.

use std::fmt::Write as _;

use super::{
    budget::Budget,
    fault::Fault,
    num,
    print::{general, plain, quote_char, quoted, scientific, sprint, syntax, unusual},
    value::Value,
};

/// What stands between `%` and the verb.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are five flags, any of which may stand"
)]
#[derive(Clone, Copy, Debug, Default)]
struct Flags {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// The format while it is read, and its arguments.
struct Reader<'a> {
    rest: &'a [u8],
    values: &'a [Value],
    next: usize,
    reordered: bool,
    bad_index: bool,
    out: Vec<u8>,
}

/// No width or precision may be greater, in Go neither.
const MAX_WIDTH: usize = 1_000_000;

/// `printf`.
pub(super) fn sprintf(budget: &Budget, format: &[u8], values: &[Value]) -> Result<Vec<u8>, Fault> {
    let mut reader = Reader {
        rest: format,
        values,
        next: 0,
        reordered: false,
        bad_index: false,
        out: Vec::with_capacity(format.len()),
    };
    while let Some(byte) = reader.byte() {
        if byte == b'%' {
            reader.directive(budget)?;
        } else {
            reader.out.push(byte);
        }
    }
    reader.extra();
    Ok(reader.out)
}

// === impl Reader ===

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn eat(&mut self, wanted: u8) -> bool {
        if self.rest.first() == Some(&wanted) {
            self.rest = self.rest.get(1..).unwrap_or_default();
            return true;
        }
        false
    }

    fn directive(&mut self, budget: &Budget) -> Result<(), Fault> {
        let mut flags = self.flags();
        self.bad_index = false;
        let mut after_index = self.index();
        if self.eat(b'*') {
            match self.star() {
                Some(width) => {
                    flags.width = Some(usize::try_from(width.unsigned_abs()).unwrap_or(0));
                    if width < 0 {
                        flags.minus = true;
                        flags.zero = false;
                    }
                }
                None => self.out.extend_from_slice(b"%!(BADWIDTH)"),
            }
            after_index = false;
        } else {
            flags.width = self.number();
            if after_index && flags.width.is_some() {
                self.bad_index = true;
            }
        }
        if self.eat(b'.') {
            if after_index {
                self.bad_index = true;
            }
            after_index = self.index();
            if self.eat(b'*') {
                let star = self.star();
                flags.precision = star.and_then(|star| usize::try_from(star).ok());
                if star.is_none() {
                    self.out.extend_from_slice(b"%!(BADPREC)");
                }
                after_index = false;
            } else {
                flags.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !after_index {
            self.index();
        }
        let (verb, size) = bstr::decode_utf8(self.rest);
        if size == 0 {
            self.out.extend_from_slice(b"%!(NOVERB)");
            return Ok(());
        }
        let verb = verb.unwrap_or(char::REPLACEMENT_CHARACTER);
        self.rest = self.rest.get(size..).unwrap_or_default();
        budget.take(flags.width.unwrap_or(0) + flags.precision.unwrap_or(0))?;
        if verb == '%' {
            self.out.push(b'%');
        } else if self.bad_index {
            self.complain(verb, "(BADINDEX)");
        } else if let Some(value) = self.values.get(self.next) {
            self.next += 1;
            let text = formatted(flags, verb, value);
            self.out.extend_from_slice(&text);
        } else {
            self.complain(verb, "(MISSING)");
        }
        Ok(())
    }

    fn complain(&mut self, verb: char, what: &str) {
        self.out
            .extend_from_slice(format!("%!{verb}{what}").as_bytes());
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        loop {
            match self.rest.first() {
                Some(b'-') => flags.minus = true,
                Some(b'+') => flags.plus = true,
                Some(b'#') => flags.sharp = true,
                Some(b' ') => flags.space = true,
                Some(b'0') => flags.zero = true,
                _ => break,
            }
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
        if flags.minus {
            flags.zero = false;
        }
        flags
    }

    /// `[n]`, which says which argument comes next.
    fn index(&mut self) -> bool {
        if self.rest.first() != Some(&b'[') {
            return false;
        }
        self.reordered = true;
        let Some(end) = self.rest.iter().position(|byte| *byte == b']') else {
            self.bad_index = true;
            self.rest = self.rest.get(1..).unwrap_or_default();
            return false;
        };
        let digits = self.rest.get(1..end).unwrap_or_default();
        let index = num::parse_int(digits, 10).and_then(|index| usize::try_from(index).ok());
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        match index {
            Some(index) if index >= 1 && index <= self.values.len() => {
                self.next = index - 1;
                true
            }
            _ => {
                self.bad_index = true;
                true
            }
        }
    }

    fn number(&mut self) -> Option<usize> {
        let digits = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = self.rest.split_at_checked(digits)?;
        let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
        // As Go does: then the format is at its end.
        let is_legal = number <= MAX_WIDTH;
        self.rest = if is_legal { rest } else { b"" };
        is_legal.then_some(number)
    }

    fn star(&mut self) -> Option<i64> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        match value {
            Value::Int(number, _) if number.unsigned_abs() <= 1_000_000 => Some(*number),
            _ => None,
        }
    }

    fn extra(&mut self) {
        let Some(left) = self.values.get(self.next..).filter(|left| !left.is_empty()) else {
            return;
        };
        if self.reordered {
            return;
        }
        let left: Vec<Vec<u8>> = left.iter().map(typed).collect();
        self.out.extend_from_slice(b"%!(EXTRA ");
        self.out.extend_from_slice(&left.join(&b", "[..]));
        self.out.push(b')');
    }
}

/// `type=value`, as complaints have it.
fn typed(value: &Value) -> Vec<u8> {
    let mut out = value.type_name().as_bytes().to_vec();
    if !matches!(value, Value::Nil) {
        out.push(b'=');
        plain(&mut out, value);
    }
    out
}

fn bad_verb(verb: char, value: &Value) -> Vec<u8> {
    let mut out = format!("%!{verb}(").into_bytes();
    out.extend(typed(value));
    out.push(b')');
    out
}

fn formatted(mut flags: Flags, verb: char, value: &Value) -> Vec<u8> {
    if verb == 'v' {
        // Asks for names of fields, not for signs.
        flags.plus = false;
    }
    match verb {
        'T' => return pad(flags, value.type_name().as_bytes().to_vec(), false),
        'v' if flags.sharp => {
            let mut out = Vec::new();
            syntax(&mut out, value);
            return pad(flags, out, false);
        }
        _ => {}
    }
    match value {
        Value::Nil if verb == 'v' => pad(flags, b"<nil>".to_vec(), false),
        Value::Nil => format!("%!{verb}(<nil>)").into_bytes(),
        Value::Bool(value) if matches!(verb, 'v' | 't') => {
            pad(flags, value.to_string().into_bytes(), false)
        }
        Value::Int(number, _) => {
            integer(flags, verb, *number).unwrap_or_else(|| bad_verb(verb, value))
        }
        Value::Float(number) => {
            float(flags, verb, *number).unwrap_or_else(|| bad_verb(verb, value))
        }
        Value::Text(text) => string(flags, verb, text).unwrap_or_else(|| bad_verb(verb, value)),
        Value::List(list) => {
            let items: Vec<_> = list
                .items
                .iter()
                .map(|item| inner(flags, verb, item))
                .collect();
            [b"[", &items.join(&b' ')[..], b"]"].concat()
        }
        Value::Map(map) => {
            let items: Vec<_> = map
                .entries()
                .into_iter()
                .map(|(key, item)| {
                    let key = formatted(flags, verb, &Value::Text(key));
                    [&key[..], b":", &inner(flags, verb, &item)].concat()
                })
                .collect();
            [b"map[", &items.join(&b' ')[..], b"]"].concat()
        }
        Value::Time(_) | Value::Version(_) => {
            string(flags, verb, &sprint(value)).unwrap_or_else(|| bad_verb(verb, value))
        }
        Value::Bool(_) => bad_verb(verb, value),
    }
}

/// An element: what is nil there is so for every verb.
fn inner(flags: Flags, verb: char, value: &Value) -> Vec<u8> {
    match value {
        Value::Nil => b"<nil>".to_vec(),
        other => formatted(flags, verb, other),
    }
}

/// Fills up to the width, which counts characters; zeros go behind a sign.
fn pad(flags: Flags, text: Vec<u8>, is_number: bool) -> Vec<u8> {
    let length = bstr::ByteSlice::chars(&text[..]).count();
    let missing = flags.width.unwrap_or(0).saturating_sub(length);
    if missing == 0 {
        return text;
    }
    if flags.minus {
        return [&text[..], &vec![b' '; missing]].concat();
    }
    if !flags.zero {
        return [&vec![b' '; missing][..], &text].concat();
    }
    let signed = is_number
        && text
            .first()
            .is_some_and(|byte| matches!(byte, b'+' | b'-' | b' '));
    let (sign, digits) = text.split_at(usize::from(signed));
    [sign, &vec![b'0'; missing], digits].concat()
}

fn string(flags: Flags, verb: char, text: &[u8]) -> Option<Vec<u8>> {
    let shown: Vec<u8> = match flags.precision {
        Some(limit) if matches!(verb, 'v' | 's' | 'q') => {
            let mut rest = text;
            for _ in 0..limit {
                let (_, size) = bstr::decode_utf8(rest);
                rest = rest.get(size..).unwrap_or_default();
            }
            text.get(..text.len() - rest.len())
                .unwrap_or_default()
                .to_vec()
        }
        _ => text.to_vec(),
    };
    let out = match verb {
        'v' | 's' => shown,
        'q' if flags.sharp && !shown.contains(&b'`') && !shown.iter().any(u8::is_ascii_control) => {
            [b"`", &shown[..], b"`"].concat()
        }
        'q' => quoted(&shown, flags.plus),
        'x' | 'X' => {
            let shown = shown
                .get(..flags.precision.unwrap_or(shown.len()))
                .unwrap_or(&shown);
            let mut out = String::new();
            for (at, byte) in shown.iter().enumerate() {
                if at > 0 && flags.space {
                    out.push(' ');
                }
                if flags.sharp && (at == 0 || flags.space) {
                    out.push_str("0x");
                }
                let _never_fails = write!(out, "{byte:02x}");
            }
            if verb == 'X' { out.to_uppercase() } else { out }.into_bytes()
        }
        _ => return None,
    };
    Some(pad(flags, out, false))
}

fn sign(flags: Flags, negative: bool) -> &'static str {
    match (negative, flags.plus, flags.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
}

fn integer(mut flags: Flags, verb: char, number: i64) -> Option<Vec<u8>> {
    let magnitude = number.unsigned_abs();
    let (mut digits, prefix) = match verb {
        'd' | 'v' => (magnitude.to_string(), ""),
        'b' => (
            format!("{magnitude:b}"),
            if flags.sharp { "0b" } else { "" },
        ),
        'o' => (format!("{magnitude:o}"), if flags.sharp { "0" } else { "" }),
        'O' => (format!("{magnitude:o}"), "0o"),
        'x' => (
            format!("{magnitude:x}"),
            if flags.sharp { "0x" } else { "" },
        ),
        'X' => (
            format!("{magnitude:X}"),
            if flags.sharp { "0X" } else { "" },
        ),
        'c' | 'q' | 'U' => return Some(character(flags, verb, number)),
        _ => return None,
    };
    if let Some(precision) = flags.precision {
        if precision == 0 && number == 0 {
            return Some(pad(
                Flags {
                    zero: false,
                    ..flags
                },
                Vec::new(),
                false,
            ));
        }
        let missing = precision.saturating_sub(digits.len());
        digits.insert_str(0, &"0".repeat(missing));
        flags.zero = false;
    } else if flags.zero && !flags.minus {
        // Zeros count as digits: they go behind the prefix too.
        let signs = sign(flags, number < 0).len();
        let missing = flags
            .width
            .unwrap_or(0)
            .saturating_sub(digits.len() + signs);
        digits.insert_str(0, &"0".repeat(missing));
    }
    let text = format!("{}{prefix}{digits}", sign(flags, number < 0));
    Some(pad(flags, text.into_bytes(), true))
}

fn character(flags: Flags, verb: char, number: i64) -> Vec<u8> {
    let found = u32::try_from(number).ok().and_then(char::from_u32);
    let found = found.unwrap_or(char::REPLACEMENT_CHARACTER);
    let text = match verb {
        'c' => found.to_string(),
        'q' => {
            let mut out = String::from('\'');
            quote_char(&mut out, found, '\'', flags.plus);
            out.push('\'');
            out
        }
        _ => {
            let mut out = format!("U+{number:04X}");
            if flags.sharp {
                let _never_fails = write!(out, " '{found}'");
            }
            out
        }
    };
    pad(flags, text.into_bytes(), false)
}

fn float(mut flags: Flags, verb: char, number: f64) -> Option<Vec<u8>> {
    let magnitude = number.abs();
    let text = match verb {
        'v' => general(magnitude, flags.precision, false),
        'g' | 'G' => general(magnitude, flags.precision, flags.sharp),
        'e' | 'E' => scientific(magnitude, flags.precision.unwrap_or(6)),
        'f' | 'F' => match unusual(magnitude) {
            Some(name) => name.to_owned(),
            None => format!("{magnitude:.*}", flags.precision.unwrap_or(6)),
        },
        _ => return None,
    };
    let text = if matches!(verb, 'E' | 'G') {
        text.to_uppercase()
            .replace("INF", "Inf")
            .replace("NAN", "NaN")
    } else {
        text
    };
    let text = text.trim_start_matches('+');
    let negative = number.is_sign_negative() && !number.is_nan();
    if number.is_infinite() || number.is_nan() {
        flags.zero = false;
        if number == f64::INFINITY && !flags.space {
            return Some(pad(flags, format!("+{text}").into_bytes(), true));
        }
    }
    Some(pad(
        flags,
        format!("{}{text}", sign(flags, negative)).into_bytes(),
        true,
    ))
}
