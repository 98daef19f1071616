use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

use toml::{Spanned, de::DeValue};

use super::Wrong;

/// One value of the file, to be taken as one type or refused by name.
pub(super) struct Value<'a, 'i> {
    key: &'static str,
    value: &'a Spanned<DeValue<'i>>,
}

impl<'a, 'i> Value<'a, 'i> {
    pub(super) fn new(key: &'static str, value: &'a Spanned<DeValue<'i>>) -> Self {
        Self { key, value }
    }

    pub(super) fn boolean(&self) -> Result<bool, Wrong> {
        let value = self.value.get_ref().as_bool();
        value.ok_or_else(|| self.not("true or false"))
    }

    /// A whole number within the range, which is named when it is left.
    pub(super) fn number(&self, range: RangeInclusive<u64>) -> Result<u64, Wrong> {
        let (least, most) = (range.start(), range.end());
        let wanted = format!("a whole number from {least} to {most}");
        let Some(number) = self.value.get_ref().as_integer() else {
            return Err(self.not(&wanted));
        };
        i128::from_str_radix(number.as_str(), number.radix())
            .ok()
            .and_then(|number| u64::try_from(number).ok())
            .filter(|number| range.contains(number))
            .ok_or_else(|| self.wrong(format!("{number} is not {wanted}")))
    }

    pub(super) fn size(&self, range: RangeInclusive<u64>) -> Result<usize, Wrong> {
        let number = self.number(range)?;
        usize::try_from(number).map_err(|_too_large| self.wrong("is too large for this machine"))
    }

    /// Text that is not empty.
    pub(super) fn text(&self) -> Result<&'a str, Wrong> {
        let text = self
            .value
            .get_ref()
            .as_str()
            .ok_or_else(|| self.not("text in quotes"))?;
        if text.is_empty() {
            return Err(self.wrong("is empty; leave the key out for its default"));
        }
        Ok(text)
    }

    /// Text of a kind that says itself what is wrong with it.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&self) -> Result<T, Wrong> {
        self.text()?.parse().map_err(|why: T::Err| self.wrong(why))
    }

    /// The parts of a list that is not empty.
    pub(super) fn list(&self) -> Result<Vec<Self>, Wrong> {
        let list = self.value.get_ref().as_array();
        let list = list.ok_or_else(|| self.not("a list in [ ]"))?;
        if list.is_empty() {
            return Err(self.wrong("is an empty list; leave the key out for its default"));
        }
        Ok(list
            .iter()
            .map(|value| Self::new(self.key, value))
            .collect())
    }

    /// The members of a table, in the order of the text.
    pub(super) fn members(&self) -> Result<Vec<(&'a str, Self)>, Wrong> {
        let table = self.value.get_ref().as_table();
        let table = table.ok_or_else(|| self.not("a table such as { secret = 2 }"))?;
        Ok(super::in_order(table)
            .into_iter()
            .map(|(name, value)| (&**name.get_ref(), Self::new(self.key, value)))
            .collect())
    }

    pub(super) fn wrong(&self, reason: impl Display) -> Wrong {
        Wrong {
            at: self.value.span(),
            reason: format!("{}: {reason}", self.key),
        }
    }

    fn not(&self, wanted: &str) -> Wrong {
        let found = match self.value.get_ref() {
            DeValue::String(_) => "text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.wrong(format!("expected {wanted}, found {found}"))
    }
}
