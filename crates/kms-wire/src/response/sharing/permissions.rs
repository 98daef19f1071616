use serde::{Deserialize, Serialize};

/// Answer of ListPermissions and ListResourceSharePermissions.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListPermissions {
    /// Where the next part begins; absent behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// The permissions; not wrapped.
    pub permissions: Vec<SharePermissionSummary>,
}

/// What a share can let somebody do, without its document.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SharePermissionSummary {
    /// `AliyunRSDefaultPermission…`.
    pub permission_name: String,
    /// `v1`.
    pub permission_version: String,
    /// With things of which kind.
    pub resource_type: String,
    /// Whether a share gives it unless another is named.
    pub default_permission: bool,
    /// Whether it is what one gets of that name.
    pub default_version: bool,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub update_time: String,
}

/// Answer of GetPermission.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetPermission {
    /// The permission.
    pub permission: SharePermission,
}

/// What a share can let somebody do.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SharePermission {
    /// `AliyunRSDefaultPermission…`.
    pub permission_name: String,
    /// `v1`.
    pub permission_version: String,
    /// With things of which kind.
    pub resource_type: String,
    /// Whether a share gives it unless another is named.
    pub default_permission: bool,
    /// Whether it is what one gets of that name.
    pub default_version: bool,
    /// What it allows: JSON.
    pub permission: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub update_time: String,
}
