use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::KeyId;
use crate::{
    AccountId, RegionId,
    id::{ParseIdError, id},
};

id! {
    /// Another name of a key: `alias/` and 1 to 249 letters, digits, slashes, hyphens and
    /// underscores (reference kms-api §3).
    AliasName, "an alias: alias/ and 1 to 249 letters, digits, slashes, hyphens and underscores",
    |text| text.len() <= 255
        && text.strip_prefix("alias/").is_some_and(|name| !name.is_empty()
            && !name.split('/').any(str::is_empty)
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_')))
}

/// What names a key within its account.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum KeyName {
    /// One of its aliases.
    Alias(AliasName),
    /// Its id.
    Id(KeyId),
}

/// How a key is named in a request: by id or alias in the caller's account and region, or
/// by the ARN of either, `acs:kms:<region>:<account>:key/<id>` or `…:alias/<name>`.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct KeyRef {
    owner: Option<(RegionId, AccountId)>,
    name: KeyName,
}

// === impl AliasName ===

impl AliasName {
    /// Whether the cloud's own products have it: nobody else may take it.
    pub fn is_reserved(&self) -> bool {
        self.as_str().starts_with("alias/acs")
    }
}

// === impl KeyRef ===

impl KeyRef {
    /// A key of that account, by its ARN.
    pub fn of(region: RegionId, account: AccountId, name: KeyName) -> Self {
        Self {
            owner: Some((region, account)),
            name,
        }
    }

    /// Where the key lives and who owns it, if that was said.
    pub fn owner(&self) -> Option<(&RegionId, &AccountId)> {
        self.owner
            .as_ref()
            .map(|(region, account)| (region, account))
    }

    /// Its name there.
    pub fn name(&self) -> &KeyName {
        &self.name
    }
}

impl From<KeyName> for KeyRef {
    fn from(name: KeyName) -> Self {
        Self { owner: None, name }
    }
}

impl FromStr for KeyRef {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        const REFUSED: ParseIdError = ParseIdError {
            expected: "a key's id, alias or ARN",
        };
        let Some(rest) = text.strip_prefix("acs:kms:") else {
            return name(text).map(Self::from).ok_or(REFUSED);
        };
        let mut parts = rest.splitn(3, ':');
        let (Some(region), Some(account), Some(resource)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Err(REFUSED);
        };
        let name = match resource.strip_prefix("key/") {
            Some(id) => id.parse().ok().map(KeyName::Id),
            None => resource.parse().ok().map(KeyName::Alias),
        };
        let owner = region.parse().ok().zip(account.parse().ok());
        match (owner, name) {
            (Some((region, account)), Some(name)) => Ok(Self::of(region, account, name)),
            _ => Err(REFUSED),
        }
    }
}

impl fmt::Display for KeyRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((region, account)) = &self.owner {
            write!(f, "acs:kms:{region}:{account}:")?;
            if matches!(self.name, KeyName::Id(_)) {
                f.write_str("key/")?;
            }
        }
        match &self.name {
            KeyName::Alias(alias) => alias.fmt(f),
            KeyName::Id(id) => id.fmt(f),
        }
    }
}

fn name(text: &str) -> Option<KeyName> {
    if text.starts_with("alias/") {
        text.parse().ok().map(KeyName::Alias)
    } else {
        text.parse().ok().map(KeyName::Id)
    }
}
