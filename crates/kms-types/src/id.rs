use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Text that is not an id of the wanted kind. The text itself is not repeated: it
/// may be a secret pasted into the wrong place.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not {expected}")]
pub struct ParseIdError {
    pub(crate) expected: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $expected:literal, |$text:ident| $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str($text: &str) -> Result<Self, ParseIdError> {
                if $valid { Ok(Self($text.to_owned())) } else { Err(ParseIdError { expected: $expected }) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseIdError;

            fn try_from(text: String) -> Result<Self, ParseIdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use id;

id! {
    /// An Alibaba Cloud account: digits only (16 in practice).
    AccountId, "an account id of 1 to 20 digits",
    |text| (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

id! {
    /// A region such as `cn-hangzhou`.
    RegionId, "a region id of lower-case letters, digits and hyphens",
    |text| (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

id! {
    /// The public half of an AccessKey, or the key id of a ClientKey (`KAAP.…`).
    AccessKeyId, "an AccessKey id of 1 to 128 letters, digits, dots, hyphens and underscores",
    |text| (1..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

id! {
    /// A KMS instance: `kst-…`, as it begins its host name.
    InstanceId, "an instance id: kst- and 1 to 59 lower-case letters, digits and hyphens",
    |text| text.len() <= 63
        && text.strip_prefix("kst-").is_some_and(|rest| !rest.is_empty()
            && !rest.ends_with('-')
            && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
}

id! {
    /// The name of a network rule, a policy or an application access point. The cloud
    /// does not say what may be in it; this is what its own examples need and no path,
    /// list or pattern can mistake.
    ResourceName, "a name of 1 to 192 letters, digits, dots, hyphens and underscores",
    |text| (1..=192).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        && !matches!(text, "." | "..")
}

id! {
    /// The name of a RAM role (RAM 2015-05-01, CreateRole).
    RoleName, "a role name of 1 to 64 letters, digits, dots and hyphens",
    |text| (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
}

id! {
    /// The name of a RAM user (reference kms-api §8).
    UserName, "a user name of 1 to 64 letters, digits, dots, hyphens and underscores",
    |text| (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

id! {
    /// The name of a group of RAM users (RAM 2015-05-01, CreateGroup).
    GroupName, "a group name of 1 to 64 letters, digits and hyphens",
    |text| (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

id! {
    /// The name of a RAM policy (RAM 2015-05-01, CreatePolicy).
    PolicyName, "a policy name of 1 to 128 letters, digits and hyphens",
    |text| (1..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

id! {
    /// The name of an OIDC identity provider in RAM (Ims 2019-08-15, CreateOIDCProvider).
    OidcProviderName, "a provider name of 1 to 128 letters, digits, dots, hyphens and \
                       underscores, a letter or digit at both ends",
    |text| (1..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        && !text.starts_with(['.', '-', '_'])
        && !text.ends_with(['.', '-', '_'])
}

id! {
    /// The hash of a certificate of an identity provider: SHA-1 or SHA-256 of its DER, in
    /// hexadecimal. RAM documents SHA-1 of a CA; both are taken.
    Fingerprint, "a SHA-1 or SHA-256 fingerprint of 40 or 64 hexadecimal digits",
    |text| matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

id! {
    /// A resource share of ResourceSharing: `rs-…`.
    ShareId, "a resource share's id: rs- and 1 to 60 letters and digits",
    |text| is_prefixed(text, "rs-")
}

id! {
    /// A folder of a resource directory: `fd-…`, or `r-…` for its root.
    FolderId, "a folder's id: fd- or r-, and 1 to 60 letters and digits",
    |text| is_prefixed(text, "fd-") || is_prefixed(text, "r-")
}

id! {
    /// A resource directory: `rd-…`.
    DirectoryId, "a resource directory's id: rd- and 1 to 60 letters and digits",
    |text| is_prefixed(text, "rd-")
}

/// A request's id: a lower-case UUID, as KMS writes it (reference kms-api §1.7).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct RequestId(uuid::Uuid);

impl RequestId {
    /// A fresh one.
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4())
    }
}

impl FromStr for RequestId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        text.parse()
            .map(Self)
            .map_err(|_reason| ParseIdError { expected: "a UUID" })
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for RequestId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The prefix, and behind it letters and digits.
fn is_prefixed(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        (1..=60).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests;
