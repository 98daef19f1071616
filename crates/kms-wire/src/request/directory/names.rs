use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    ApiError, Params,
    request::{fields::Fields, param::Param},
};

/// Tags, of which there are none.
#[derive(Clone, Copy, Debug)]
pub struct NoTags;

/// Texts by rules of their own.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $wanted:literal, |$text:ident| $valid:expr)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = &'static str;

            fn from_str($text: &str) -> Result<Self, Self::Err> {
                if $valid { Ok(Self($text.to_owned())) } else { Err($wanted) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Param for $name {
            fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
                fields.required(name)
            }

            fn write(&self, params: &mut Params, name: &str) {
                params.push(name, self.as_str());
            }
        }

        impl Param for Option<$name> {
            fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
                fields.optional(name)
            }

            fn write(&self, params: &mut Params, name: &str) {
                params.push_some(name, self.as_ref().map($name::as_str));
            }
        }
    )* };
}

texts! {
    /// The name of a folder (ResourceDirectoryMaster's manual, CreateFolder).
    FolderName, "must be 1 to 24 letters, digits, dots, hyphens and underscores",
    |text| (1..=24).contains(&text.chars().count())
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))

    /// What people call an account (CreateResourceAccount).
    DisplayName, "must be 2 to 50 letters, digits, dots, hyphens and underscores",
    |text| (2..=50).contains(&text.chars().count())
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))

    /// How the name of an account begins (CreateResourceAccount).
    AccountNamePrefix, "must be 2 to 37 letters, digits, dots, hyphens and underscores, a \
                        letter or digit at both ends",
    |text| (2..=37).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        && !text.starts_with(['.', '-', '_'])
        && !text.ends_with(['.', '-', '_'])

    /// A service that can be administered for all accounts, `config.aliyuncs.com`.
    ServicePrincipal, "must be a service such as config.aliyuncs.com",
    |text| text.len() <= 128
        && text.strip_suffix(".aliyuncs.com").is_some_and(|rest| !rest.is_empty()
            && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()
                || matches!(b, b'.' | b'-')))
}

// === impl NoTags ===

impl Param for NoTags {
    fn read(fields: Fields<'_>, _name: &str) -> Result<Self, ApiError> {
        fields.refuse_tags("folders and accounts")?;
        Ok(Self)
    }

    fn write(&self, _params: &mut Params, _name: &str) {}
}
