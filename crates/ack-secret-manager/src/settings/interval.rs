use std::{fmt, str::FromStr, time::Duration};

use jiff::SignedDuration;
use thiserror::Error;

/// A time that passes between two looks: never nothing.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Interval(Duration);

/// Text that is no duration of Go's, or none that can be waited for.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum ParseIntervalError {
    /// Not what `time.ParseDuration` takes.
    #[error("is a duration such as 120s, 1m30s or 2h")]
    Syntax,
    /// Past what Go can say, 292 years.
    #[error("is longer than 292 years")]
    TooLong,
    /// Nothing, or less.
    #[error("is longer than nothing: 120s")]
    NotPositive,
}

/// The units of `time.ParseDuration` in nanoseconds, the longer name first where one begins another.
const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// A duration as Go's `time.ParseDuration` reads it: a sign, and numbers with units one after the other;
/// `0` needs no unit.
///
/// # Errors
/// [`ParseIntervalError::Syntax`] and [`ParseIntervalError::TooLong`].
pub fn parse_go_duration(text: &str) -> Result<SignedDuration, ParseIntervalError> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(SignedDuration::ZERO);
    }
    if rest.is_empty() {
        return Err(ParseIntervalError::Syntax);
    }
    let mut nanoseconds: i128 = 0;
    while !rest.is_empty() {
        let (part, left) = one_unit(rest)?;
        nanoseconds += part;
        if nanoseconds > i128::from(i64::MAX) {
            return Err(ParseIntervalError::TooLong);
        }
        rest = left;
    }
    let signed = if negative { -nanoseconds } else { nanoseconds };
    i64::try_from(signed)
        .map(SignedDuration::from_nanos)
        .map_err(|_past| ParseIntervalError::TooLong)
}

/// A number and its unit, in nanoseconds; and what is left.
fn one_unit(text: &str) -> Result<(i128, &str), ParseIntervalError> {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (whole, rest) = text.split_at(digits(text));
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(ParseIntervalError::Syntax);
    }
    let unit = rest.split(|c: char| c.is_ascii_digit() || c == '.').next();
    let (name, size) = UNITS
        .into_iter()
        .find(|(name, _)| Some(*name) == unit)
        .ok_or(ParseIntervalError::Syntax)?;
    let too_long = ParseIntervalError::TooLong;
    let whole: i128 = if whole.is_empty() {
        0
    } else {
        i64::from_str(whole).map_err(|_past| too_long)?.into()
    };
    let mut nanoseconds = whole * size;
    let mut tenth = size;
    for digit in fraction.bytes() {
        // What is less than a nanosecond is dropped, digit by digit less than Go does, and never seen.
        tenth /= 10;
        nanoseconds += i128::from(digit.saturating_sub(b'0')) * tenth;
    }
    Ok((nanoseconds, rest.get(name.len()..).unwrap_or_default()))
}

// === impl Interval ===

impl Interval {
    /// Two minutes: the original's `--polling-interval`.
    pub(super) const DEFAULT: Self = Self(Duration::from_mins(2));

    /// The time.
    pub fn get(self) -> Duration {
        self.0
    }
}

impl TryFrom<Duration> for Interval {
    type Error = ParseIntervalError;

    fn try_from(duration: Duration) -> Result<Self, ParseIntervalError> {
        if duration.is_zero() {
            return Err(ParseIntervalError::NotPositive);
        }
        Ok(Self(duration))
    }
}

/// As [`parse_go_duration`] reads it.
impl FromStr for Interval {
    type Err = ParseIntervalError;

    fn from_str(text: &str) -> Result<Self, ParseIntervalError> {
        Duration::try_from(parse_go_duration(text)?)
            .map_err(|_negative| ParseIntervalError::NotPositive)?
            .try_into()
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

#[cfg(test)]
mod tests;
