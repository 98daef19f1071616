use std::{fmt::Display, ops::RangeInclusive, path::PathBuf, str::FromStr, time::Duration};

use jiff::SignedDuration;
use kms_wire::request::SecretRotationInterval;
use toml::{Spanned, de::DeValue};

use super::{Wrong, words::shown_span};

/// One value, to be taken as one type or refused by name.
pub(super) struct Value<'a, 'i> {
    key: &'static str,
    said: Said<'a, 'i>,
}

enum Said<'a, 'i> {
    File(&'a Spanned<DeValue<'i>>),
    /// Text without quotes; lists with commas.
    Variable(&'a str),
}

impl<'a, 'i> Value<'a, 'i> {
    pub(super) fn of_file(key: &'static str, value: &'a Spanned<DeValue<'i>>) -> Self {
        Self {
            key,
            said: Said::File(value),
        }
    }

    pub(super) fn of_variable(key: &'static str, text: &'a str) -> Self {
        Self {
            key,
            said: Said::Variable(text),
        }
    }

    pub(super) fn boolean(&self) -> Result<bool, Wrong> {
        let value = match &self.said {
            Said::File(value) => value.get_ref().as_bool(),
            Said::Variable(text) => text.parse().ok(),
        };
        value.ok_or_else(|| self.not("true or false"))
    }

    /// A whole number within the range, which is named when it is left.
    pub(super) fn number(&self, range: RangeInclusive<u64>) -> Result<u64, Wrong> {
        let wanted = format!("a whole number from {} to {}", range.start(), range.end());
        let number = match &self.said {
            Said::File(value) => {
                let Some(number) = value.get_ref().as_integer() else {
                    return Err(self.not(&wanted));
                };
                i128::from_str_radix(number.as_str(), number.radix()).ok()
            }
            Said::Variable(text) => text.parse().ok(),
        };
        number
            .and_then(|number| u64::try_from(number).ok())
            .filter(|number| range.contains(number))
            .ok_or_else(|| self.wrong(format_args!("is not {wanted}")))
    }

    pub(super) fn size(&self, range: RangeInclusive<u64>) -> Result<usize, Wrong> {
        usize::try_from(self.number(range)?)
            .map_err(|_too_large| self.wrong("is too large for this machine"))
    }

    pub(super) fn seconds(&self, range: RangeInclusive<u64>) -> Result<Duration, Wrong> {
        self.number(range).map(Duration::from_secs)
    }

    /// Text that is not empty.
    pub(super) fn text(&self) -> Result<&'a str, Wrong> {
        let text = match &self.said {
            Said::File(value) => value
                .get_ref()
                .as_str()
                .ok_or_else(|| self.not("text in quotes"))?,
            Said::Variable(text) => text,
        };
        if text.is_empty() {
            return Err(self.wrong("is empty; leave the key out for its default"));
        }
        Ok(text)
    }

    /// Text of a kind that says itself what is wrong with it.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&self) -> Result<T, Wrong> {
        self.text()?.parse().map_err(|why: T::Err| self.wrong(why))
    }

    /// A list of such texts; an empty one turns off what it is about.
    pub(super) fn list<T: FromStr<Err: Display>>(&self) -> Result<Vec<T>, Wrong> {
        match &self.said {
            Said::File(value) => {
                let list = value.get_ref().as_array();
                let list = list.ok_or_else(|| self.not("a list in [ ]"))?;
                list.iter()
                    .map(|value| Value::of_file(self.key, value).parsed())
                    .collect()
            }
            Said::Variable(text) => text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| Value::of_variable(self.key, part).parsed())
                .collect(),
        }
    }

    pub(super) fn wrong(&self, reason: impl Display) -> Wrong {
        Wrong {
            at: match &self.said {
                Said::File(value) => value.span(),
                Said::Variable(_) => 0..0,
            },
            reason: format!("{}: {reason}", self.key),
        }
    }

    fn not(&self, wanted: &str) -> Wrong {
        let found = match &self.said {
            Said::Variable(_) => return self.wrong(format_args!("expected {wanted}")),
            Said::File(value) => match value.get_ref() {
                DeValue::String(_) => "text",
                DeValue::Integer(_) => "a whole number",
                DeValue::Float(_) => "a number with a fraction",
                DeValue::Boolean(_) => "true or false",
                DeValue::Datetime(_) => "a date",
                DeValue::Array(_) => "a list",
                DeValue::Table(_) => "a table",
            },
        };
        self.wrong(format_args!("expected {wanted}, found {found}"))
    }
}

pub(super) fn path(value: &Value<'_, '_>) -> Result<PathBuf, Wrong> {
    let path = PathBuf::from(value.text()?);
    if path.is_absolute() {
        Ok(path)
    } else {
        Err(value.wrong("write the path from the root on: a service has no folder to start from"))
    }
}

pub(super) fn small(value: &Value<'_, '_>, least: u32, most: u32) -> Result<u32, Wrong> {
    let number = value.number(least.into()..=most.into())?;
    u32::try_from(number).map_err(|why| value.wrong(why))
}

/// A time as RotationInterval is written, `30m`: a number and `d`, `h`, `m` or `s`.
pub(super) fn span(
    value: &Value<'_, '_>,
    longest: SignedDuration,
) -> Result<SignedDuration, Wrong> {
    let text = value.text()?;
    let parsed: Option<SecretRotationInterval> = text.parse().ok();
    parsed
        .and_then(|span| i64::try_from(span.seconds()).ok())
        .map(SignedDuration::from_secs)
        .filter(|span| *span <= longest)
        .ok_or_else(|| {
            let longest = shown_span(longest);
            value.wrong(format_args!(
                "must be a number and d, h, m or s, such as 30m, and at most {longest}"
            ))
        })
}

/// As [`span`], or `0s` for never.
pub(super) fn span_or_never(
    value: &Value<'_, '_>,
    longest: SignedDuration,
) -> Result<SignedDuration, Wrong> {
    match value.text()? {
        "0" | "0s" => Ok(SignedDuration::ZERO),
        _ => span(value, longest),
    }
}
