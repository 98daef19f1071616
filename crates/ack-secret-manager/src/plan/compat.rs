use std::{fmt, str::FromStr};

use thiserror::Error;

/// Whose bytes are written where two versions of the original differ (reference k8s-sync §1.5).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Compat {
    /// 0.5.8's: seed 004 is of its time.
    V05,
    /// 0.6.7's.
    #[default]
    V06,
}

/// Neither `0.5` nor `0.6`.
#[derive(Debug, Error, Eq, PartialEq)]
#[error("{0:?} is no version whose output is known: 0.5 or 0.6")]
pub struct ParseCompatError(String);

// === impl Compat ===

impl FromStr for Compat {
    type Err = ParseCompatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "0.5" => Ok(Self::V05),
            "0.6" => Ok(Self::V06),
            _ => Err(ParseCompatError(text.to_owned())),
        }
    }
}

impl fmt::Display for Compat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V05 => "0.5",
            Self::V06 => "0.6",
        })
    }
}
