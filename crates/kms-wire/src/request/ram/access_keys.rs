use std::{fmt, str::FromStr};

use kms_types::{AccessKeyId, UserName};

use super::{Action, ApiError, Fields, Operation, Params, Part, of_parts, response};

/// Whether an AccessKey signs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AccessKeyStatus {
    /// It does.
    Active,
    /// It does not, until somebody says so.
    Inactive,
}

/// Text that is no status.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("must be Active or Inactive")]
pub struct ParseAccessKeyStatusError;

of_parts! {
    /// Makes an AccessKey; a user has no more than two.
    CreateAccessKey -> response::CreateAccessKey {
        /// Whose; the caller's own if absent.
        user_name: Option<UserName>,
    }

    /// Forgets an AccessKey.
    DeleteAccessKey -> response::Empty {
        /// Which.
        user_access_key_id: AccessKeyId,
        /// Whose; the caller's own if absent.
        user_name: Option<UserName>,
    }

    /// Says when an AccessKey signed last.
    GetAccessKeyLastUsed -> response::GetAccessKeyLastUsed {
        /// Which.
        user_access_key_id: AccessKeyId,
        /// Whose; the caller's own if absent.
        user_name: Option<UserName>,
    }

    /// Lists a user's AccessKeys.
    ListAccessKeys -> response::ListAccessKeys {
        /// Whose; the caller's own if absent.
        user_name: Option<UserName>,
    }

    /// Says whether an AccessKey signs.
    UpdateAccessKey -> response::Empty {
        /// Which.
        user_access_key_id: AccessKeyId,
        /// Whether it does.
        status: AccessKeyStatus,
        /// Whose; the caller's own if absent.
        user_name: Option<UserName>,
    }
}

impl Part for AccessKeyId {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        fields.required("UserAccessKeyId")
    }

    fn write(&self, params: &mut Params) {
        params.push("UserAccessKeyId", self.as_str());
    }
}

impl Part for AccessKeyStatus {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        fields.required("Status")
    }

    fn write(&self, params: &mut Params) {
        params.push("Status", self.as_str());
    }
}

// === impl AccessKeyStatus ===

impl AccessKeyStatus {
    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
        }
    }
}

impl FromStr for AccessKeyStatus {
    type Err = ParseAccessKeyStatusError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "Active" => Ok(Self::Active),
            "Inactive" => Ok(Self::Inactive),
            _ => Err(ParseAccessKeyStatusError),
        }
    }
}

impl fmt::Display for AccessKeyStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
