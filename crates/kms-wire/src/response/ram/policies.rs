use serde::{Deserialize, Serialize};

use super::{GroupWithPolicy, Groups, UserWithPolicy, Users};

/// Answer of RAM's CreatePolicy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PolicyAnswer {
    /// The policy.
    pub policy: RamPolicy,
}

/// A RAM policy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RamPolicy {
    /// Its name.
    pub policy_name: String,
    /// `Custom` or `System`.
    pub policy_type: String,
    /// For people.
    pub description: String,
    /// The version that counts.
    pub default_version: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_date: String,
    /// `YYYY-MM-DDThh:mm:ssZ`; absent from CreatePolicy's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_date: Option<String>,
    /// How many users, groups and roles have it; absent from CreatePolicy's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_count: Option<u32>,
}

/// Answer of GetPolicy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetPolicy {
    /// The policy.
    pub policy: RamPolicy,
    /// What it says now.
    pub default_policy_version: PolicyVersion,
}

/// Answer of RAM's ListPolicies.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RamListPolicies {
    /// Whether there are more.
    pub is_truncated: bool,
    /// Where the next page begins; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// The page.
    pub policies: RamPolicies<RamPolicy>,
}

/// Policies, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(
    rename_all = "PascalCase",
    default,
    bound(deserialize = "T: Default + Deserialize<'de>")
)]
pub struct RamPolicies<T> {
    /// The policies.
    pub policy: Vec<T>,
}

/// Answer of CreatePolicyVersion and GetPolicyVersion.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PolicyVersionAnswer {
    /// The version.
    pub policy_version: PolicyVersion,
}

/// A version of a policy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PolicyVersion {
    /// From `v1`.
    pub version_id: String,
    /// Whether it is the one that counts.
    pub is_default_version: bool,
    /// As it was given, byte for byte.
    pub policy_document: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_date: String,
}

/// Answer of ListPolicyVersions.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListPolicyVersions {
    /// All of them, the newest first.
    pub policy_versions: PolicyVersions,
}

/// Versions, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PolicyVersions {
    /// The versions.
    pub policy_version: Vec<PolicyVersion>,
}

/// Answer of ListPoliciesForGroup, ListPoliciesForRole and ListPoliciesForUser.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListAttachedPolicies {
    /// All of them.
    pub policies: RamPolicies<AttachedPolicy>,
}

/// A policy that somebody has.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AttachedPolicy {
    /// Its name.
    pub policy_name: String,
    /// `Custom` or `System`.
    pub policy_type: String,
    /// For people.
    pub description: String,
    /// The version that counts.
    pub default_version: String,
    /// Since when: `YYYY-MM-DDThh:mm:ssZ`.
    pub attach_date: String,
}

/// Answer of ListEntitiesForPolicy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListEntitiesForPolicy {
    /// Groups that have it.
    pub groups: Groups<GroupWithPolicy>,
    /// Roles that have it.
    pub roles: RolesWithPolicy,
    /// Users that have it themselves.
    pub users: Users<UserWithPolicy>,
}

/// Roles, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RolesWithPolicy {
    /// The roles.
    pub role: Vec<RoleWithPolicy>,
}

/// A role that has a policy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RoleWithPolicy {
    /// Digits.
    pub role_id: String,
    /// Its name.
    pub role_name: String,
    /// `acs:ram::<account>:role/<name>`.
    pub arn: String,
    /// For people.
    pub description: String,
    /// Since when: `YYYY-MM-DDThh:mm:ssZ`.
    pub attach_date: String,
}
