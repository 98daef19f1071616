use std::{fmt, str::FromStr};

use kms_types::{AccountId, DirectoryId, FolderId};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What can be shared here, as ResourceSharing calls it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub enum SharedKind {
    /// A KMS instance.
    #[serde(rename = "KMSInstance")]
    KmsInstance,
    /// A vSwitch of a VPC.
    VSwitch,
}

/// With whom something is shared.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum ShareTarget {
    /// One account.
    Account(AccountId),
    /// Those in a folder and in the folders below it, whoever they are at the time.
    Folder(FolderId),
    /// Those in a resource directory, whoever they are at the time.
    Directory(DirectoryId),
}

/// Text that names nobody.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("not the id of an account, of a folder (fd-…) or of a resource directory (rd-…)")]
pub struct ParseShareTargetError;

// === impl SharedKind ===

impl SharedKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::KmsInstance, Self::VSwitch];

    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KmsInstance => "KMSInstance",
            Self::VSwitch => "VSwitch",
        }
    }
}

impl fmt::Display for SharedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SharedKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or("must be KMSInstance or VSwitch: nothing else is shared here")
    }
}

// === impl ShareTarget ===

impl ShareTarget {
    /// What ResourceSharing calls its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Account(_) => "Account",
            Self::Folder(_) => "Folder",
            Self::Directory(_) => "ResourceDirectory",
        }
    }
}

impl fmt::Display for ShareTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => id.fmt(f),
            Self::Folder(id) => id.fmt(f),
            Self::Directory(id) => id.fmt(f),
        }
    }
}

impl FromStr for ShareTarget {
    type Err = ParseShareTargetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The root of a directory is no target in the cloud: that is the directory itself.
        let target = if text.starts_with("fd-") {
            text.parse().map(Self::Folder)
        } else if text.starts_with("rd-") {
            text.parse().map(Self::Directory)
        } else {
            text.parse().map(Self::Account)
        };
        target.map_err(|_quotes_nothing| ParseShareTargetError)
    }
}

impl TryFrom<String> for ShareTarget {
    type Error = ParseShareTargetError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ShareTarget> for String {
    fn from(target: ShareTarget) -> Self {
        target.to_string()
    }
}
