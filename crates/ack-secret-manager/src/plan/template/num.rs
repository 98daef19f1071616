//! Conversions of numbers as Go makes them.

/// Go's `int64(f)`: the fraction is cut. Beyond the range Go's answer depends on the machine; this
/// is the nearest.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "cutting is what is asked for, and it saturates"
)]
pub(super) fn truncate(number: f64) -> i64 {
    number as i64
}

/// Go's `float64(n)`: the nearest.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "rounding is what is asked for"
)]
pub(super) fn float(number: i64) -> f64 {
    number as f64
}

/// Go's `strconv.ParseInt(text, base, 64)`: with base 0, prefixes and underscores as in literals.
pub(super) fn parse_int(text: &[u8], base: u32) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, base) = if base == 0 {
        literal(digits)?
    } else {
        (digits.to_owned(), base)
    };
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    i64::from_str_radix(&format!("{sign}{digits}"), base).ok()
}

/// Digits and base of a literal.
fn literal(text: &str) -> Option<(String, u32)> {
    let lower = text.to_ascii_lowercase();
    let (digits, base) = if let Some(digits) = lower.strip_prefix("0x") {
        (digits, 16)
    } else if let Some(digits) = lower.strip_prefix("0b") {
        (digits, 2)
    } else if let Some(digits) = lower.strip_prefix("0o") {
        (digits, 8)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (lower.get(1..)?, 8)
    } else {
        (lower.as_str(), 10)
    };
    let plain = base == 10 && digits.starts_with('_');
    if plain || digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    Some((digits.replace('_', ""), base))
}

/// Go's `strconv.ParseFloat`, without its hexadecimal forms.
pub(super) fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let separated = |pair: &[u8]| match pair {
        [b'_', other] | [other, b'_'] => other.is_ascii_digit(),
        _ => true,
    };
    if text.contains('_') && !text.as_bytes().windows(2).all(separated) {
        return None;
    }
    let number: f64 = text.replace('_', "").parse().ok()?;
    // A number too big is an error there and infinity here.
    let named = text.to_ascii_lowercase().contains("inf");
    (number.is_finite() || number.is_nan() || named).then_some(number)
}
