use std::str::FromStr;

/// A decimal number, exact: up to 18 digits before and behind the point.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Decimal(i128);

/// Text that is no such number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct ParseDecimalError;

const PLACES: usize = 18;

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, ParseDecimalError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        for digits in [whole, part] {
            if !(1..=PLACES).contains(&digits.len())
                || !digits.bytes().all(|byte| byte.is_ascii_digit())
            {
                return Err(ParseDecimalError);
            }
        }
        // Thirty-six digits at most, and an i128 holds thirty-eight.
        let scaled: i128 = format!("{whole}{part:0<PLACES$}")
            .parse()
            .map_err(|_reason| ParseDecimalError)?;
        Ok(Self(if negative { -scaled } else { scaled }))
    }
}

#[cfg(test)]
mod tests;
