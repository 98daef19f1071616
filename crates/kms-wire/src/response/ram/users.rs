use kms_types::Secret;
use serde::{Deserialize, Serialize};

use crate::response::revealed;

/// Answer of CreateUser, GetUser and UpdateUser.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RamUserAnswer {
    /// The user.
    pub user: RamUser,
}

/// A RAM user.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RamUser {
    /// Digits; the same under every name.
    pub user_id: String,
    /// Its name.
    pub user_name: String,
    /// For people.
    pub display_name: String,
    /// For people.
    pub mobile_phone: String,
    /// For people.
    pub email: String,
    /// For people.
    pub comments: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_date: String,
    /// `YYYY-MM-DDThh:mm:ssZ`; absent from CreateUser's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_date: Option<String>,
    /// Of GetUser: empty, for nobody logs on to a console here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_login_date: Option<String>,
}

/// Users, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(
    rename_all = "PascalCase",
    default,
    bound(deserialize = "T: Default + Deserialize<'de>")
)]
pub struct Users<T> {
    /// The users.
    pub user: Vec<T>,
}

/// Answer of ListUsers.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListUsers {
    /// Whether there are more.
    pub is_truncated: bool,
    /// Where the next page begins; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// The page.
    pub users: Users<RamUser>,
}

/// Answer of ListUsersForGroup.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListUsersForGroup {
    /// Whether there are more.
    pub is_truncated: bool,
    /// Where the next page begins; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// The page.
    pub users: Users<UserInGroup>,
}

/// A user in a group.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UserInGroup {
    /// Its name.
    pub user_name: String,
    /// For people.
    pub display_name: String,
    /// Since when: `YYYY-MM-DDThh:mm:ssZ`.
    pub join_date: String,
}

/// A user that has a policy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UserWithPolicy {
    /// Digits.
    pub user_id: String,
    /// Its name.
    pub user_name: String,
    /// For people.
    pub display_name: String,
    /// Since when: `YYYY-MM-DDThh:mm:ssZ`.
    pub attach_date: String,
}

/// Answer of CreateAccessKey.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateAccessKey {
    /// The AccessKey.
    pub access_key: AccessKey,
}

/// An AccessKey at the only moment when its secret is shown.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccessKey {
    /// The public half.
    pub access_key_id: String,
    /// The secret half.
    #[serde(with = "revealed")]
    pub access_key_secret: Secret<String>,
    /// `Active`.
    pub status: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_date: String,
}

/// Answer of ListAccessKeys.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListAccessKeys {
    /// All of them.
    pub access_keys: AccessKeys,
}

/// AccessKeys, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccessKeys {
    /// The AccessKeys.
    pub access_key: Vec<AccessKeySummary>,
}

/// An AccessKey without its secret.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccessKeySummary {
    /// The public half.
    pub access_key_id: String,
    /// `Active` or `Inactive`.
    pub status: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_date: String,
}

/// Answer of GetAccessKeyLastUsed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetAccessKeyLastUsed {
    /// When that was.
    pub access_key_last_used: AccessKeyLastUsed,
}

/// When an AccessKey signed last.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccessKeyLastUsed {
    /// `YYYY-MM-DDThh:mm:ssZ`, or empty if it never did.
    pub last_used_date: String,
}

impl Default for AccessKey {
    fn default() -> Self {
        Self {
            access_key_id: String::new(),
            access_key_secret: Secret::new(String::new()),
            status: String::new(),
            create_date: String::new(),
        }
    }
}
