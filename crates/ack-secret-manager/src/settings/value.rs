//! What stands after a flag's name, as Go reads it.

use std::{num::NonZeroI64, str::FromStr};

/// `strconv.ParseBool`.
pub(super) fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("is true or false".to_owned()),
    }
}

/// `strconv.ParseInt` with base 0: `0x`, `0o`, `0b` and a leading 0 say the base.
pub(super) fn integer(text: &str) -> Result<i64, String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let bases = [
        ("0x", 16),
        ("0X", 16),
        ("0o", 8),
        ("0O", 8),
        ("0b", 2),
        ("0B", 2),
    ];
    let prefixed = bases
        .into_iter()
        .find_map(|(prefix, base)| Some((digits.strip_prefix(prefix)?, base)));
    let octal = || Some((digits.strip_prefix('0').filter(|rest| !rest.is_empty())?, 8));
    let (digits, base) = prefixed.or_else(octal).unwrap_or((digits, 10));
    Some(digits)
        .filter(|digits| !digits.starts_with(['+', '-']))
        .and_then(|digits| i64::from_str_radix(&format!("{sign}{digits}"), base).ok())
        .ok_or_else(|| "is a whole number".to_owned())
}

/// A number of at least one.
pub(super) fn count<T: TryFrom<NonZeroI64>>(text: &str) -> Result<T, String> {
    let number = NonZeroI64::new(integer(text)?)
        .filter(|number| number.is_positive())
        .ok_or("is at least 1")?;
    T::try_from(number).map_err(|_past| "is too large".to_owned())
}

/// Something with a form of its own.
pub(super) fn parsed<T: FromStr<Err: ToString>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// The same; nothing is the same as no flag, for the original's charts say `--region=`.
pub(super) fn optional<T: FromStr<Err: ToString>>(text: &str) -> Result<Option<T>, String> {
    if text.is_empty() {
        Ok(None)
    } else {
        parsed(text).map(Some)
    }
}

/// Parts between commas, blanks and quotes around them taken away; empty ones do not count, as with the
/// original.
pub(super) fn list<T: FromStr<Err: ToString>, L: FromIterator<T>>(text: &str) -> Result<L, String> {
    text.trim()
        .trim_matches('"')
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(parsed)
        .collect()
}
