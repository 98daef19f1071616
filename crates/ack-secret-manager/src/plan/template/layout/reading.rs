use jiff::{
    Span, ZonedDateTime,
    civil::DateTime,
    tz::{Offset, TimeZone},
};

use super::{DAYS, MONTHS, Piece, pieces};

/// What a text says.
#[derive(Debug)]
struct Found {
    year: i16,
    month: i8,
    day: Option<i8>,
    day_of_year: Option<i16>,
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
    afternoon: Option<bool>,
    offset: Option<i32>,
}

/// `time.Parse`: nothing if the text is not written as the layout says.
pub(in crate::plan::template) fn parse(layout: &str, text: &str) -> Option<ZonedDateTime> {
    let mut found = Found {
        year: 0,
        month: 1,
        day: None,
        day_of_year: None,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
        afternoon: None,
        offset: None,
    };
    let pieces = pieces(layout);
    let mut rest = text;
    for (at, piece) in pieces.iter().enumerate() {
        let next_is_fraction = matches!(pieces.get(at + 1), Some(Piece::Fraction { .. }));
        rest = found.read(*piece, rest, next_is_fraction)?;
    }
    if !rest.is_empty() {
        return None;
    }
    found.time()
}

// === impl Found ===

impl Found {
    fn read<'a>(
        &mut self,
        piece: Piece<'_>,
        text: &'a str,
        next_is_fraction: bool,
    ) -> Option<&'a str> {
        match piece {
            Piece::Literal(literal) => literal_end(literal, text),
            Piece::Year => {
                let (number, rest) = digits(text, 4, 4)?;
                self.year = i16::try_from(number).ok()?;
                Some(rest)
            }
            Piece::ShortYear => {
                let (number, rest) = digits(text, 2, 2)?;
                let century = if number >= 69 { 1900 } else { 2000 };
                self.year = i16::try_from(number + century).ok()?;
                Some(rest)
            }
            Piece::MonthName | Piece::ShortMonthName => {
                let (at, rest) = one_of(&MONTHS, text, piece == Piece::ShortMonthName)?;
                self.month = i8::try_from(at + 1).ok()?;
                Some(rest)
            }
            Piece::DayName | Piece::ShortDayName => {
                one_of(&DAYS, text, piece == Piece::ShortDayName).map(|(_, rest)| rest)
            }
            Piece::Month { .. }
            | Piece::Day { .. }
            | Piece::DayOfYear { .. }
            | Piece::Hour24
            | Piece::Hour12 { .. }
            | Piece::Minute { .. } => self.number(piece, text),
            Piece::Second { zero } => {
                let rest = small(text, zero).map(|found| Self::keep(found, &mut self.second))?;
                // A fraction is read though the layout has none.
                if !next_is_fraction && rest.starts_with(['.', ',']) {
                    let count = rest
                        .get(1..)?
                        .bytes()
                        .take_while(u8::is_ascii_digit)
                        .count();
                    if count > 0 {
                        return self.fraction(rest, count);
                    }
                }
                Some(rest)
            }
            Piece::Fraction {
                digits, keep: true, ..
            } => self.fraction(text, digits),
            Piece::Fraction { .. } => {
                let after = text.strip_prefix(['.', ',']);
                let count = after.map_or(0, |text| {
                    text.bytes().take_while(u8::is_ascii_digit).count()
                });
                if count == 0 {
                    Some(text)
                } else {
                    self.fraction(text, count)
                }
            }
            Piece::HalfOfDay { upper } => {
                let (half, rest) = text.split_at_checked(2)?;
                self.afternoon = Some(match (half, upper) {
                    ("AM", true) | ("am", false) => false,
                    ("PM", true) | ("pm", false) => true,
                    _ => return None,
                });
                Some(rest)
            }
            Piece::ZoneName => {
                let length = text.bytes().take_while(u8::is_ascii_uppercase).count();
                // The offset of another abbreviation is not known; Go takes UTC's too.
                self.offset = Some(0);
                (3..=5)
                    .contains(&length)
                    .then(|| text.get(length..))
                    .flatten()
            }
            Piece::Zone {
                z,
                colon,
                minutes,
                seconds,
            } => {
                if let Some(rest) = text.strip_prefix('Z').filter(|_| z) {
                    self.offset = Some(0);
                    return Some(rest);
                }
                self.offset(text, colon, minutes, seconds)
            }
        }
    }

    fn number<'a>(&mut self, piece: Piece<'_>, text: &'a str) -> Option<&'a str> {
        match piece {
            Piece::Month { zero } => {
                small(text, zero).map(|found| Self::keep(found, &mut self.month))
            }
            Piece::Day { pad } => {
                let text = if pad == Some(' ') {
                    text.strip_prefix(' ').unwrap_or(text)
                } else {
                    text
                };
                let (day, rest) = small(text, pad == Some('0'))?;
                self.day = Some(day);
                Some(rest)
            }
            Piece::DayOfYear { pad } => {
                let text = if pad == ' ' {
                    text.trim_start_matches(' ')
                } else {
                    text
                };
                let (number, rest) = digits(text, if pad == ' ' { 1 } else { 3 }, 3)?;
                self.day_of_year = Some(i16::try_from(number).ok()?);
                Some(rest)
            }
            Piece::Hour24 => small(text, false).map(|found| Self::keep(found, &mut self.hour)),
            Piece::Hour12 { zero } => {
                let (hour, rest) = small(text, zero)?;
                self.hour = hour;
                (0..=12).contains(&hour).then_some(rest)
            }
            Piece::Minute { zero } => {
                small(text, zero).map(|found| Self::keep(found, &mut self.minute))
            }
            _ => None,
        }
    }

    /// Puts a number where it belongs, and goes on.
    fn keep<'a>((number, rest): (i8, &'a str), field: &mut i8) -> &'a str {
        *field = number;
        rest
    }

    fn fraction<'a>(&mut self, text: &'a str, count: usize) -> Option<&'a str> {
        let text = text.strip_prefix(['.', ','])?;
        let (digits, rest) = text.split_at_checked(count)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.nanosecond = format!("{digits:0<9}").get(..9)?.parse().ok()?;
        Some(rest)
    }

    fn offset<'a>(
        &mut self,
        text: &'a str,
        colon: bool,
        minutes: bool,
        seconds: bool,
    ) -> Option<&'a str> {
        let sign = match text.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        let (hours, mut rest) = digits(text.get(1..)?, 2, 2)?;
        let mut total = hours * 3600;
        for (is_there, unit) in [(minutes, 60), (seconds, 1)] {
            if is_there {
                rest = if colon { rest.strip_prefix(':')? } else { rest };
                let (number, after) = digits(rest, 2, 2)?;
                total += number * unit;
                rest = after;
            }
        }
        self.offset = Some(sign * total);
        Some(rest)
    }

    fn time(&self) -> Option<ZonedDateTime> {
        let hour = match (self.afternoon, self.hour) {
            (Some(true), hour) if hour < 12 => hour + 12,
            (Some(false), 12) => 0,
            (_, hour) => hour,
        };
        let (month, day) = match (self.day_of_year, self.day) {
            (Some(_), _) => (1, 1),
            (None, day) => (self.month, day.unwrap_or(1)),
        };
        let (minute, second) = (self.minute, self.second);
        let time =
            DateTime::new(self.year, month, day, hour, minute, second, self.nanosecond).ok()?;
        let time = match self.day_of_year {
            Some(day) => {
                let moved = time
                    .checked_add(Span::new().try_days(i64::from(day) - 1).ok()?)
                    .ok()?;
                (day > 0 && moved.year() == time.year()).then_some(moved)?
            }
            None => time,
        };
        let zone = match self.offset {
            None | Some(0) => TimeZone::UTC,
            Some(seconds) => TimeZone::fixed(Offset::from_seconds(seconds).ok()?),
        };
        time.to_zoned_datetime(zone).ok()
    }
}

/// A blank of the layout stands for any number of them.
fn literal_end<'a>(literal: &str, text: &'a str) -> Option<&'a str> {
    let mut rest = text;
    for expected in literal.chars() {
        if expected == ' ' {
            if !rest.is_empty() && !rest.starts_with(' ') {
                return None;
            }
            rest = rest.trim_start_matches(' ');
        } else {
            rest = rest.strip_prefix(expected)?;
        }
    }
    Some(rest)
}

fn digits(text: &str, least: usize, most: usize) -> Option<(i32, &str)> {
    let count = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    let (number, rest) = text.split_at_checked(count)?;
    (count >= least)
        .then(|| number.parse().ok())
        .flatten()
        .map(|number| (number, rest))
}

/// One or two digits.
fn small(text: &str, two: bool) -> Option<(i8, &str)> {
    let (number, rest) = digits(text, if two { 2 } else { 1 }, 2)?;
    Some((i8::try_from(number).ok()?, rest))
}

fn one_of<'a>(names: &[&str], text: &'a str, short: bool) -> Option<(usize, &'a str)> {
    names.iter().enumerate().find_map(|(at, name)| {
        let name = if short { name.get(..3)? } else { name };
        let (start, rest) = text.split_at_checked(name.len())?;
        start.eq_ignore_ascii_case(name).then_some((at, rest))
    })
}
