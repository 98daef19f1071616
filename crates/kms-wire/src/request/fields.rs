use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

use base64::{Engine, prelude::BASE64_STANDARD};
use kms_types::{DataType, ErrorCode, Secret};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::{ApiError, Params};

/// Longest value of a secret in bytes, as it travels (reference kms-api §2.1).
const LONGEST_DATA: usize = 30_720;

/// How deep JSON may nest: deeper than anything that an action asks for.
const DEEPEST_JSON: usize = 32;

/// Typed access to parameters. What fails names the parameter and never shows the value.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Params);

impl<'a> Fields<'a> {
    /// The text of a parameter that is there and not empty.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        self.0.get(name).filter(|value| !value.is_empty())
    }

    /// The same, as an owner.
    pub(super) fn owned(self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    pub(super) fn required_text(self, name: &str) -> Result<&'a str, ApiError> {
        self.text(name)
            .ok_or_else(|| ApiError::missing_parameter(name))
    }

    /// The text, of so many characters.
    pub(super) fn bounded(
        self,
        name: &str,
        least: usize,
        most: usize,
    ) -> Result<Option<&'a str>, ApiError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        if !(least..=most).contains(&text.chars().count()) {
            return Err(ApiError::invalid_parameter(
                name,
                format_args!("must have {least} to {most} characters"),
            ));
        }
        Ok(Some(text))
    }

    pub(super) fn optional<T: FromStr>(self, name: &str) -> Result<Option<T>, ApiError>
    where
        T::Err: Display,
    {
        self.text(name)
            .map(|text| {
                text.parse()
                    .map_err(|reason| ApiError::invalid_parameter(name, reason))
            })
            .transpose()
    }

    pub(super) fn required<T: FromStr>(self, name: &str) -> Result<T, ApiError>
    where
        T::Err: Display,
    {
        self.optional(name)?
            .ok_or_else(|| ApiError::missing_parameter(name))
    }

    /// The name of one of RAM's things. RAM tells names that are too long, the first code,
    /// from names with characters that none may have, the second.
    pub(super) fn ram_name<T: FromStr>(
        self,
        name: &str,
        most: usize,
        (length, chars): (ErrorCode, ErrorCode),
    ) -> Result<Option<T>, ApiError>
    where
        T::Err: Display,
    {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|reason| {
            let code = if text.chars().count() > most {
                length
            } else {
                chars
            };
            ApiError::new(
                code,
                format!("The specified parameter \"{name}\" is {reason}."),
            )
        })
    }

    /// Refuses tags, which this server does not keep on that kind of thing.
    pub(super) fn refuse_tags(self, on: &str) -> Result<(), ApiError> {
        let has_tags = self.0.iter().any(|(name, value)| {
            (name == "Tag" || name.starts_with("Tag.")) && !matches!(value, "" | "[]")
        });
        if has_tags {
            return Err(ApiError::invalid_parameter(
                "Tag",
                format_args!("this server keeps no tags on {on}"),
            ));
        }
        Ok(())
    }

    /// A boolean in any case: Python's SDK writes `True` (reference real-clients §2.6).
    pub(super) fn flag(self, name: &str, default: bool) -> Result<bool, ApiError> {
        match self.text(name) {
            None => Ok(default),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            Some(_) => Err(ApiError::invalid_parameter(name, "must be true or false")),
        }
    }

    pub(super) fn number(
        self,
        name: &str,
        allowed: RangeInclusive<u32>,
    ) -> Result<Option<u32>, ApiError> {
        self.text(name)
            .map(|text| {
                text.parse()
                    .ok()
                    .filter(|number| allowed.contains(number))
                    .ok_or_else(|| {
                        let (least, most) = (allowed.start(), allowed.end());
                        ApiError::invalid_parameter(
                            name,
                            format_args!("must be a number from {least} to {most}"),
                        )
                    })
            })
            .transpose()
    }

    /// PageNumber from 1 and PageSize from 1 to 100.
    pub(super) fn page(self, default_size: u32) -> Result<(u32, u32), ApiError> {
        Ok((
            self.number("PageNumber", 1..=u32::MAX)?.unwrap_or(1),
            self.number("PageSize", 1..=100)?.unwrap_or(default_size),
        ))
    }

    /// A value written as JSON inside the parameter. The parser's own words are dropped:
    /// they quote the text.
    pub(super) fn json<T: DeserializeOwned>(
        self,
        name: &str,
        wanted: &str,
    ) -> Result<Option<T>, ApiError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        if nests_deeper(text, DEEPEST_JSON) {
            return Err(ApiError::invalid_parameter(
                name,
                format_args!("must not nest deeper than {DEEPEST_JSON} levels"),
            ));
        }
        serde_json::from_str(text)
            .map(Some)
            .map_err(|_quotes_the_text| {
                ApiError::invalid_parameter(name, format_args!("must be {wanted}"))
            })
    }

    /// SecretData with its SecretDataType: at most 30,720 bytes, and base64 if binary.
    pub(super) fn secret_data(self) -> Result<(Secret<String>, DataType), ApiError> {
        let data_type = self.optional("SecretDataType")?.unwrap_or_default();
        let data = self.required_text("SecretData")?;
        if data.len() > LONGEST_DATA {
            return Err(ApiError::invalid_parameter(
                "SecretData",
                "is longer than 30720 bytes",
            ));
        }
        if data_type == DataType::Binary
            && BASE64_STANDARD.decode(data).map(Zeroizing::new).is_err()
        {
            return Err(ApiError::invalid_parameter(
                "SecretData",
                "must be base64 for this SecretDataType",
            ));
        }
        Ok((Secret::from(data), data_type))
    }
}

/// Whether JSON has more than so many arrays and objects around one value. Looked at before
/// it is parsed, and by brackets alone: what is no JSON may count as anything.
fn nests_deeper(text: &str, most: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > most {
            return true;
        }
    }
    false
}
