use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Arn;

/// Text that is no name of the wanted kind. Says what is wrong, never the text.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
pub enum ParseNameError {
    /// A character outside the alphabet.
    #[error("{kind} may only hold {alphabet}")]
    Alphabet {
        /// What was being parsed, for people.
        kind: &'static str,
        /// The alphabet in words.
        alphabet: &'static str,
    },
    /// Nothing there.
    #[error("{kind} is empty")]
    Empty {
        /// What was being parsed, for people.
        kind: &'static str,
    },
    /// Longer than KMS allows.
    #[error("{kind} is longer than {limit} characters")]
    TooLong {
        /// What was being parsed, for people.
        kind: &'static str,
        /// The limit in characters.
        limit: usize,
    },
    /// A path segment that is empty, `.` or `..`.
    #[error("{kind} has an empty or dot segment")]
    Segment {
        /// What was being parsed, for people.
        kind: &'static str,
    },
}

/// A secret's name: 1 to 192 characters of `A-Z a-z 0-9 _ / + = . - @` and, for
/// secrets that a product owns (`bailian!secret-123`), `!` (reference kms-api §2.1).
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretName(String);

/// A version's id: 1 to 64 characters of `A-Z a-z 0-9 _ / + = . - @`, unique within its secret.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionId(String);

/// A stage label such as `ACSCurrent`; points at no more than one version of a secret.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionStage(String);

/// How a secret is named in a request: by name in the caller's account and region, or by ARN.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum SecretRef {
    /// `acs:kms:<region>:<account>:secret/<name>`.
    Arn(Arn),
    /// A plain name.
    Name(SecretName),
}

/// Whether a value is text or base64 of bytes (`SecretDataType`).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DataType {
    /// `binary`: the value travels as base64.
    Binary,
    /// `text`.
    #[default]
    Text,
}

// === impl SecretName ===

impl SecretName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SecretName {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, ParseNameError> {
        check("a secret name", text, 192, |b| is_name_byte(b) || b == b'!')?;
        // A name with such a segment could not be told from another one by anything
        // that treats it as a path; Vault's policies were bypassed so (CVE-2026-3605).
        if text
            .split('/')
            .any(|segment| matches!(segment, "" | "." | ".."))
        {
            return Err(ParseNameError::Segment {
                kind: "a secret name",
            });
        }
        Ok(Self(text.to_owned()))
    }
}

// === impl VersionId ===

impl VersionId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VersionId {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, ParseNameError> {
        check("a version id", text, 64, is_name_byte)?;
        Ok(Self(text.to_owned()))
    }
}

// === impl VersionStage ===

impl VersionStage {
    /// `ACSCurrent`, the stage that is read unless another is named.
    pub fn current() -> Self {
        Self("ACSCurrent".to_owned())
    }

    /// `ACSPrevious`, what was current before.
    pub fn previous() -> Self {
        Self("ACSPrevious".to_owned())
    }

    /// Whether KMS itself keeps this label: it can be moved, never removed.
    pub fn is_built_in(&self) -> bool {
        matches!(self.0.as_str(), "ACSCurrent" | "ACSPrevious")
    }

    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VersionStage {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, ParseNameError> {
        check("a version stage", text, 64, is_name_byte)?;
        Ok(Self(text.to_owned()))
    }
}

// === impl SecretRef ===

impl SecretRef {
    /// The secret's name, whichever way it was given.
    pub fn name(&self) -> &SecretName {
        match self {
            Self::Arn(arn) => arn.secret_name(),
            Self::Name(name) => name,
        }
    }
}

impl FromStr for SecretRef {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, ParseNameError> {
        if text.starts_with("acs:") {
            return text
                .parse()
                .map(Self::Arn)
                .map_err(|_reason| ParseNameError::Alphabet {
                    kind: "a secret ARN",
                    alphabet: "acs:kms:<region>:<account>:secret/<name>",
                });
        }
        text.parse().map(Self::Name)
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arn(arn) => arn.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

// === impl DataType ===

impl DataType {
    /// As it travels: `text` or `binary`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::Text => "text",
        }
    }
}

impl FromStr for DataType {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, ParseNameError> {
        match text {
            "binary" => Ok(Self::Binary),
            "text" => Ok(Self::Text),
            _ => Err(ParseNameError::Alphabet {
                kind: "SecretDataType",
                alphabet: "text or binary",
            }),
        }
    }
}

macro_rules! text {
    ($($name:ident),*) => { $(
        impl TryFrom<String> for $name {
            type Error = ParseNameError;

            fn try_from(text: String) -> Result<Self, ParseNameError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )* };
}

text!(SecretName, VersionId, VersionStage);

fn is_name_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'/' | b'+' | b'=' | b'.' | b'-' | b'@')
}

fn check(
    kind: &'static str,
    text: &str,
    limit: usize,
    allowed: impl Fn(u8) -> bool,
) -> Result<(), ParseNameError> {
    if text.is_empty() {
        return Err(ParseNameError::Empty { kind });
    }
    if text.len() > limit {
        return Err(ParseNameError::TooLong { kind, limit });
    }
    if !text.bytes().all(allowed) {
        return Err(ParseNameError::Alphabet {
            kind,
            alphabet: "letters, digits and _/+=.-@",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
