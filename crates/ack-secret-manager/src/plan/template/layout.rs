//! Times as Go writes them: by an example, `2006-01-02 15:04:05`.

use jiff::{
    ZonedDateTime,
    civil::DateTime,
    tz::{Offset, TimeZone},
};

use super::fault::Fault;

mod reading;

pub(super) use reading::parse;

/// A piece of a layout.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Piece<'a> {
    Literal(&'a str),
    Year,
    ShortYear,
    MonthName,
    ShortMonthName,
    Month {
        zero: bool,
    },
    DayName,
    ShortDayName,
    Day {
        pad: Option<char>,
    },
    DayOfYear {
        pad: char,
    },
    Hour24,
    Hour12 {
        zero: bool,
    },
    Minute {
        zero: bool,
    },
    Second {
        zero: bool,
    },
    /// With the sign in front; trailing zeros are cut or kept.
    Fraction {
        point: char,
        digits: usize,
        keep: bool,
    },
    HalfOfDay {
        upper: bool,
    },
    ZoneName,
    Zone {
        z: bool,
        colon: bool,
        minutes: bool,
        seconds: bool,
    },
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Examples, the longer ones first where one begins as another.
const EXAMPLES: &[(&str, Piece<'static>)] = &[
    ("January", Piece::MonthName),
    ("Jan", Piece::ShortMonthName),
    ("Monday", Piece::DayName),
    ("Mon", Piece::ShortDayName),
    ("MST", Piece::ZoneName),
    ("2006", Piece::Year),
    (
        "Z07:00:00",
        Piece::Zone {
            z: true,
            colon: true,
            minutes: true,
            seconds: true,
        },
    ),
    (
        "Z07:00",
        Piece::Zone {
            z: true,
            colon: true,
            minutes: true,
            seconds: false,
        },
    ),
    (
        "Z070000",
        Piece::Zone {
            z: true,
            colon: false,
            minutes: true,
            seconds: true,
        },
    ),
    (
        "Z0700",
        Piece::Zone {
            z: true,
            colon: false,
            minutes: true,
            seconds: false,
        },
    ),
    (
        "Z07",
        Piece::Zone {
            z: true,
            colon: false,
            minutes: false,
            seconds: false,
        },
    ),
    (
        "-07:00:00",
        Piece::Zone {
            z: false,
            colon: true,
            minutes: true,
            seconds: true,
        },
    ),
    (
        "-07:00",
        Piece::Zone {
            z: false,
            colon: true,
            minutes: true,
            seconds: false,
        },
    ),
    (
        "-070000",
        Piece::Zone {
            z: false,
            colon: false,
            minutes: true,
            seconds: true,
        },
    ),
    (
        "-0700",
        Piece::Zone {
            z: false,
            colon: false,
            minutes: true,
            seconds: false,
        },
    ),
    (
        "-07",
        Piece::Zone {
            z: false,
            colon: false,
            minutes: false,
            seconds: false,
        },
    ),
    ("002", Piece::DayOfYear { pad: '0' }),
    ("__2", Piece::DayOfYear { pad: ' ' }),
    ("01", Piece::Month { zero: true }),
    ("02", Piece::Day { pad: Some('0') }),
    ("03", Piece::Hour12 { zero: true }),
    ("04", Piece::Minute { zero: true }),
    ("05", Piece::Second { zero: true }),
    ("06", Piece::ShortYear),
    ("15", Piece::Hour24),
    ("_2", Piece::Day { pad: Some(' ') }),
    ("PM", Piece::HalfOfDay { upper: true }),
    ("pm", Piece::HalfOfDay { upper: false }),
    ("1", Piece::Month { zero: false }),
    ("2", Piece::Day { pad: None }),
    ("3", Piece::Hour12 { zero: false }),
    ("4", Piece::Minute { zero: false }),
    ("5", Piece::Second { zero: false }),
];

/// The pieces of a layout, literals between examples.
fn pieces(layout: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(rest) = layout.get(at..) {
        let Some(first) = rest.chars().next() else {
            break;
        };
        if let Some((piece, length)) = example(rest) {
            out.extend(
                layout
                    .get(start..at)
                    .filter(|text| !text.is_empty())
                    .map(Piece::Literal),
            );
            out.push(piece);
            at += length;
            start = at;
        } else {
            at += first.len_utf8();
        }
    }
    out.extend(
        layout
            .get(start..)
            .filter(|text| !text.is_empty())
            .map(Piece::Literal),
    );
    out
}

fn example(rest: &str) -> Option<(Piece<'static>, usize)> {
    if let Some(fraction) = fraction(rest) {
        return Some(fraction);
    }
    // `_2006` is a blank before a year, not a day.
    if rest.starts_with("_2006") {
        return None;
    }
    let next_is_lower = |length: usize| {
        let next = rest.get(length..).and_then(|rest| rest.chars().next());
        next.is_some_and(|next| next.is_ascii_lowercase())
    };
    let found = EXAMPLES.iter().find(|(text, piece)| {
        let is_word = matches!(piece, Piece::ShortMonthName | Piece::ShortDayName);
        rest.starts_with(text) && !(is_word && next_is_lower(text.len()))
    });
    found.map(|(text, piece)| (*piece, text.len()))
}

/// `.000` or `,999`, with no digit behind.
fn fraction(rest: &str) -> Option<(Piece<'static>, usize)> {
    let point = rest
        .chars()
        .next()
        .filter(|first| matches!(first, '.' | ','))?;
    let digit = rest
        .chars()
        .nth(1)
        .filter(|digit| matches!(digit, '0' | '9'))?;
    let digits = rest
        .chars()
        .skip(1)
        .take_while(|next| *next == digit)
        .count();
    let next = rest.chars().nth(digits + 1);
    if next.is_some_and(|next| next.is_ascii_digit()) {
        return None;
    }
    let keep = digit == '0';
    Some((
        Piece::Fraction {
            point,
            digits,
            keep,
        },
        digits + 1,
    ))
}

/// `Time.Format`.
pub(super) fn format(layout: &str, time: &ZonedDateTime) -> String {
    pieces(layout)
        .into_iter()
        .map(|piece| written(piece, time))
        .collect()
}

fn padded(number: impl Into<i64>, width: usize) -> String {
    format!("{:0width$}", number.into())
}

fn written(piece: Piece<'_>, time: &ZonedDateTime) -> String {
    let month = || name(&MONTHS, i64::from(time.month()) - 1);
    let day = || name(&DAYS, i64::from(time.weekday().to_sunday_zero_offset()));
    let short = |name: &str| name.get(..3).unwrap_or(name).to_owned();
    let two = |number: i8, zero: bool| padded(number, if zero { 2 } else { 1 });
    match piece {
        Piece::Literal(text) => text.to_owned(),
        Piece::Year => padded(time.year(), 4),
        Piece::ShortYear => padded(time.year().rem_euclid(100), 2),
        Piece::MonthName => month().to_owned(),
        Piece::ShortMonthName => short(month()),
        Piece::Month { zero } => two(time.month(), zero),
        Piece::DayName => day().to_owned(),
        Piece::ShortDayName => short(day()),
        Piece::Day { pad: Some(' ') } => format!("{:2}", time.day()),
        Piece::Day { pad } => two(time.day(), pad.is_some()),
        Piece::DayOfYear { pad: ' ' } => format!("{:3}", time.day_of_year()),
        Piece::DayOfYear { .. } => padded(time.day_of_year(), 3),
        Piece::Hour24 => two(time.hour(), true),
        Piece::Hour12 { zero } => {
            let hour = time.hour() % 12;
            two(if hour == 0 { 12 } else { hour }, zero)
        }
        Piece::Minute { zero } => two(time.minute(), zero),
        Piece::Second { zero } => two(time.second(), zero),
        Piece::Fraction {
            point,
            digits,
            keep,
        } => {
            let all = padded(time.subsec_nanosecond(), 9);
            let shown = all.get(..digits).unwrap_or(&all);
            let shown = if keep {
                shown
            } else {
                shown.trim_end_matches('0')
            };
            if shown.is_empty() {
                String::new()
            } else {
                format!("{point}{shown}")
            }
        }
        Piece::HalfOfDay { upper } => match (time.hour() >= 12, upper) {
            (true, true) => "PM",
            (true, false) => "pm",
            (false, true) => "AM",
            (false, false) => "am",
        }
        .to_owned(),
        Piece::ZoneName => zone_name(time),
        Piece::Zone { z: true, .. } if time.offset().seconds() == 0 => "Z".to_owned(),
        Piece::Zone {
            colon,
            minutes,
            seconds,
            ..
        } => zone(time.offset(), colon, minutes, seconds),
    }
}

fn name(names: &[&'static str], at: i64) -> &'static str {
    usize::try_from(at)
        .ok()
        .and_then(|at| names.get(at).copied())
        .unwrap_or_default()
}

fn zone(offset: Offset, colon: bool, minutes: bool, seconds: bool) -> String {
    let size = offset.seconds().unsigned_abs();
    let mut out = format!(
        "{}{:02}",
        if offset.is_negative() { '-' } else { '+' },
        size / 3600
    );
    for (is_shown, number) in [(minutes, size / 60 % 60), (seconds, size % 60)] {
        if is_shown {
            out.push_str(if colon { ":" } else { "" });
            out.push_str(&padded(number, 2));
        }
    }
    out
}

/// The zone's own abbreviation; a zone that is only an offset is written as one.
fn zone_name(time: &ZonedDateTime) -> String {
    if time.time_zone() == &TimeZone::UTC {
        return "UTC".to_owned();
    }
    if let Ok(offset) = time.time_zone().to_fixed_offset() {
        return zone(offset, false, true, false);
    }
    let info = time.time_zone().to_offset_info(time.timestamp());
    info.abbreviation().to_owned()
}

/// `Time.String`.
pub(super) fn plain(time: &ZonedDateTime) -> String {
    format("2006-01-02 15:04:05.999999999 -0700 MST", time)
}

/// `Time.MarshalJSON`, without its quotes.
pub(super) fn json(time: &ZonedDateTime) -> String {
    format("2006-01-02T15:04:05.999999999Z07:00", time)
}

/// Go's zero time, which stands for what was no time.
pub(super) fn zero() -> Result<ZonedDateTime, Fault> {
    let zero =
        DateTime::new(1, 1, 1, 0, 0, 0, 0).and_then(|zero| zero.to_zoned_datetime(TimeZone::UTC));
    zero.map_err(|_error| Fault::new("the time lies outside the years that are known"))
}
