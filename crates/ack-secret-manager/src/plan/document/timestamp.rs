//! Points in time as `yaml.v3` knows them in YAML.

use std::fmt;

use jiff::civil::Date;

/// A `time.Time` as it was written: the day, the time of day, and how far ahead of UTC that is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::plan) struct Timestamp {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
    /// Minutes.
    ahead: i32,
}

/// What of a text is still to be read.
struct Rest<'a>(&'a [u8]);

// === impl Timestamp ===

impl Timestamp {
    /// A text that Go's `time.Parse` takes in one of the four layouts of `yaml.v3`: `2024-1-2`,
    /// `2024-1-2 3:4:5`, and with `T` or `t` and a zone.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let mut rest = Rest(text);
        let year = rest.year()?;
        rest.literal(b'-')?;
        let month = rest.number(1, 12)?;
        rest.literal(b'-')?;
        let day = rest.number(1, 31)?;
        Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        )
        .ok()?;
        let mut time = Self {
            year,
            month,
            day,
            hour: 0,
            minute: 0,
            second: 0,
            nanosecond: 0,
            ahead: 0,
        };
        let zoned = match rest.0.first() {
            None => return Some(time),
            Some(b'T' | b't') => rest.skip().is_some(),
            Some(b' ') => rest.spaces(),
            Some(_) => return None,
        };
        time.hour = rest.number(0, 23)?;
        rest.literal(b':')?;
        time.minute = rest.number(0, 59)?;
        rest.literal(b':')?;
        time.second = rest.number(0, 59)?;
        time.nanosecond = rest.fraction()?;
        if zoned {
            time.ahead = rest.zone()?;
        }
        rest.0.is_empty().then_some(time)
    }

    /// Whether `time.Time` lets itself be written as JSON.
    pub(super) fn fits_json(&self) -> bool {
        self.ahead.abs() < 24 * 60
    }
}

impl fmt::Display for Timestamp {
    /// As the layout `RFC3339Nano`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            nanosecond,
            ahead,
        } = self;
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if *nanosecond != 0 {
            let digits = format!("{nanosecond:09}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        if *ahead == 0 {
            return f.write_str("Z");
        }
        let sign = if *ahead < 0 { '-' } else { '+' };
        let minutes = ahead.abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

// === impl Rest ===

impl Rest<'_> {
    fn skip(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn digit(&mut self) -> Option<u8> {
        let first = *self.0.first()?;
        first
            .is_ascii_digit()
            .then(|| self.skip())
            .flatten()
            .map(|digit| digit - b'0')
    }

    fn literal(&mut self, wanted: u8) -> Option<()> {
        (self.skip()? == wanted).then_some(())
    }

    /// Several blanks are as good as one. There is no zone after them.
    fn spaces(&mut self) -> bool {
        self.0 = self.0.trim_ascii_start();
        false
    }

    fn year(&mut self) -> Option<u16> {
        let mut year = 0;
        for _ in 0..4 {
            year = year * 10 + u16::from(self.digit()?);
        }
        Some(year)
    }

    /// One digit or two.
    fn number(&mut self, least: u8, most: u8) -> Option<u8> {
        let mut number = self.digit()?;
        if let Some(digit) = self.digit() {
            number = number * 10 + digit;
        }
        (least..=most).contains(&number).then_some(number)
    }

    /// Nanoseconds after a point or a comma, if there are some. What is finer than that counts not.
    fn fraction(&mut self) -> Option<u32> {
        if !matches!(self.0, [b'.' | b',', digit, ..] if digit.is_ascii_digit()) {
            return Some(0);
        }
        self.skip()?;
        let mut nanoseconds = 0;
        let mut unit = 100_000_000;
        while let Some(digit) = self.digit() {
            nanoseconds += u32::from(digit) * unit;
            unit /= 10;
        }
        Some(nanoseconds)
    }

    /// `Z` or `+08:00`.
    fn zone(&mut self) -> Option<i32> {
        let sign = match self.skip()? {
            b'Z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.pair(24)?;
        self.literal(b':')?;
        let minutes = self.pair(60)?;
        Some(sign * (hours * 60 + minutes))
    }

    /// Two digits.
    fn pair(&mut self, most: u8) -> Option<i32> {
        let number = self.digit()? * 10 + self.digit()?;
        (number <= most).then_some(i32::from(number))
    }
}
