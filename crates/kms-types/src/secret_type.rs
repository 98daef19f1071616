use std::{fmt, str::FromStr};

use thiserror::Error;

/// What kind of secret it is, and so who changes its value (reference kms-api §2.2).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum SecretType {
    /// Its owner puts new versions.
    #[default]
    Generic,
    /// Login of an ECS instance.
    Ecs,
    /// Account of a PolarDB cluster.
    PolarDb,
    /// AccessKey of a RAM user.
    RamCredentials,
    /// Account of an ApsaraDB RDS instance.
    Rds,
    /// Account of a Redis or Tair instance.
    Redis,
}

/// Text that is no secret type.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("must be Generic, Rds, Redis, PolarDB, RAMCredentials or ECS")]
pub struct ParseSecretTypeError;

impl SecretType {
    /// Every type.
    pub const ALL: &[Self] = &[
        Self::Generic,
        Self::Ecs,
        Self::PolarDb,
        Self::RamCredentials,
        Self::Rds,
        Self::Redis,
    ];

    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Generic => "Generic",
            Self::Ecs => "ECS",
            Self::PolarDb => "PolarDB",
            Self::RamCredentials => "RAMCredentials",
            Self::Rds => "Rds",
            Self::Redis => "Redis",
        }
    }

    /// Whether KMS rotates the value: then its owner can put no versions.
    pub fn is_managed(self) -> bool {
        self != Self::Generic
    }
}

impl FromStr for SecretType {
    type Err = ParseSecretTypeError;

    fn from_str(text: &str) -> Result<Self, ParseSecretTypeError> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or(ParseSecretTypeError)
    }
}

impl fmt::Display for SecretType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
