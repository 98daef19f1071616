//! Go's `time.Duration`: nanoseconds.

/// A duration.
pub(super) type Nanoseconds = i64;

pub(super) const SECOND: Nanoseconds = 1_000_000_000;
const MINUTE: Nanoseconds = 60 * SECOND;
const HOUR: Nanoseconds = 60 * MINUTE;
const DAY: Nanoseconds = 24 * HOUR;

/// `time.ParseDuration`: numbers with units, as `-1h15.5m`.
pub(super) fn parse(text: &str) -> Option<Nanoseconds> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: Nanoseconds = 0;
    while !rest.is_empty() {
        let end = rest.find(|found: char| !found.is_ascii_digit() && found != '.')?;
        let (number, after) = rest.split_at_checked(end)?;
        let end = after.find(|found: char| found.is_ascii_digit() || found == '.');
        let (unit, after) = after.split_at_checked(end.unwrap_or(after.len()))?;
        total = total.checked_add(part(number, self::unit(unit)?)?)?;
        rest = after;
    }
    Some(if negative { -total } else { total })
}

fn unit(name: &str) -> Option<Nanoseconds> {
    Some(match name {
        "ns" => 1,
        "us" | "µs" | "μs" => 1000,
        "ms" => 1_000_000,
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        _ => return None,
    })
}

fn part(number: &str, unit: Nanoseconds) -> Option<Nanoseconds> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole: i64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    // Digits of less than a nanosecond are cut off.
    let digits: String = fraction.chars().take(15).collect();
    let scale = 10i128.checked_pow(u32::try_from(digits.len()).ok()?)?;
    let digits: i128 = if digits.is_empty() {
        0
    } else {
        digits.parse().ok()?
    };
    let fraction = i64::try_from(digits * i128::from(unit) / scale).ok()?;
    whole.checked_mul(unit)?.checked_add(fraction)
}

/// `Duration.String`.
pub(super) fn display(span: Nanoseconds) -> String {
    let size = span.unsigned_abs();
    let sign = if span < 0 { "-" } else { "" };
    let second = SECOND.unsigned_abs();
    if size == 0 {
        return "0s".to_owned();
    }
    if size < second {
        let (unit, name) = match size {
            0..1000 => (1, "ns"),
            1000..1_000_000 => (1000, "µs"),
            _ => (1_000_000, "ms"),
        };
        return format!("{sign}{}{name}", fraction(size, unit));
    }
    let (hours, rest) = (size / HOUR.unsigned_abs(), size % HOUR.unsigned_abs());
    let (minutes, rest) = (rest / MINUTE.unsigned_abs(), rest % MINUTE.unsigned_abs());
    let seconds = fraction(rest, second);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, _) => format!("{sign}{minutes}m{seconds}s"),
        _ => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// So many of a unit, with the digits that are not zero.
fn fraction(size: u64, unit: u64) -> String {
    let (whole, rest) = (size / unit, size % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let width = unit.to_string().len() - 1;
    let digits = format!("{rest:0width$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// The nearest whole second; a half goes away from zero.
pub(super) fn to_seconds(span: Nanoseconds) -> Nanoseconds {
    let rest = span % SECOND;
    let whole = span - rest;
    match rest {
        rest if rest >= SECOND / 2 => whole.saturating_add(SECOND),
        rest if rest <= -SECOND / 2 => whole.saturating_sub(SECOND),
        _ => whole,
    }
}

/// Sprig's `durationRound`: whole ones of the largest unit, without a sign.
pub(super) fn largest_unit(span: Nanoseconds) -> String {
    let size = span.unsigned_abs();
    let units = [
        (365 * DAY, "y"),
        (30 * DAY, "mo"),
        (DAY, "d"),
        (HOUR, "h"),
        (MINUTE, "m"),
        (SECOND, "s"),
    ];
    let found = units.iter().find(|(unit, _)| size > unit.unsigned_abs());
    found.map_or_else(
        || "0s".to_owned(),
        |(unit, name)| format!("{}{name}", size / unit.unsigned_abs()),
    )
}
