use serde::{Deserialize, Serialize};

/// Answer of CreateRole, GetRole and UpdateRole.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RoleAnswer {
    /// The role.
    pub role: Role,
}

/// A RAM role.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Role {
    /// Digits; a role that is made anew has another.
    pub role_id: String,
    /// Its name.
    pub role_name: String,
    /// `<name>@role.<account>.onaliyunservice.com`.
    pub role_principal_name: String,
    /// `acs:ram::<account>:role/<name>`.
    pub arn: String,
    /// Its trust policy as it was given, byte for byte.
    pub assume_role_policy_document: String,
    /// For people.
    pub description: String,
    /// Seconds that a session may last.
    pub max_session_duration: u32,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_date: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub update_date: String,
}

/// Answer of ListRoles.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListRoles {
    /// Whether there are more.
    pub is_truncated: bool,
    /// Where the next page begins; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// The page.
    pub roles: Roles,
}

/// Roles, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Roles {
    /// The roles.
    pub role: Vec<RoleSummary>,
}

/// One role in a list, without its trust policy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RoleSummary {
    /// Digits.
    pub role_id: String,
    /// Its name.
    pub role_name: String,
    /// `acs:ram::<account>:role/<name>`.
    pub arn: String,
    /// For people.
    pub description: String,
    /// Seconds that a session may last.
    pub max_session_duration: u32,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_date: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub update_date: String,
}
