use std::{fmt, str::FromStr};

use thiserror::Error;

use crate::{AccountId, RegionId, SecretName};

/// Text that is no secret's ARN.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("not of the form acs:kms:<region>:<account>:secret/<name>")]
pub struct ParseArnError;

/// A secret's full name: `acs:kms:<region>:<account>:secret/<name>` (reference kms-api §2).
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Arn {
    region: RegionId,
    account: AccountId,
    name: SecretName,
}

impl Arn {
    /// Puts the parts together.
    pub fn secret(region: RegionId, account: AccountId, name: SecretName) -> Self {
        Self {
            region,
            account,
            name,
        }
    }

    /// Where the secret lives.
    pub fn region(&self) -> &RegionId {
        &self.region
    }

    /// Who owns it.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Its name there.
    pub fn secret_name(&self) -> &SecretName {
        &self.name
    }
}

impl FromStr for Arn {
    type Err = ParseArnError;

    fn from_str(text: &str) -> Result<Self, ParseArnError> {
        let mut parts = text.splitn(5, ':');
        let (Some("acs"), Some("kms"), Some(region), Some(account), Some(resource)) = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        ) else {
            return Err(ParseArnError);
        };
        let name = resource.strip_prefix("secret/").ok_or(ParseArnError)?;
        Ok(Self {
            region: region.parse().map_err(|_reason| ParseArnError)?,
            account: account.parse().map_err(|_reason| ParseArnError)?,
            name: name.parse().map_err(|_reason| ParseArnError)?,
        })
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "acs:kms:{}:{}:secret/{}",
            self.region, self.account, self.name
        )
    }
}

#[cfg(test)]
mod tests;
