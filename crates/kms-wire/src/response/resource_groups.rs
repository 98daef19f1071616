use serde::{Deserialize, Serialize};

/// Answer of what makes, changes, reads and deletes a resource group.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceGroupAnswer {
    /// The group.
    pub resource_group: ResourceGroup,
}

/// A resource group.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceGroup {
    /// `rg-…`.
    pub id: String,
    /// Unique in the account.
    pub name: String,
    /// For people.
    pub display_name: String,
    /// Whose it is.
    pub account_id: String,
    /// `OK`; of one that is being deleted, `PendingDelete`.
    pub status: String,
    /// `YYYY-MM-DDThh:mm:ss+08:00`.
    pub create_date: String,
    /// How it stands with it in each region; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region_statuses: Option<ResourceGroupRegions>,
}

/// Regions, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceGroupRegions {
    /// The regions.
    pub region_status: Vec<ResourceGroupRegion>,
}

/// How it stands with a resource group in a region.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceGroupRegion {
    /// Which.
    pub region_id: String,
    /// `OK`.
    pub status: String,
}

/// Answer of ListResourceGroups.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListResourceGroups {
    /// The page.
    pub resource_groups: ResourceGroups,
    /// From 1.
    pub page_number: u32,
    /// How many at most.
    pub page_size: u32,
    /// On all pages.
    pub total_count: u64,
}

/// Resource groups, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceGroups {
    /// The groups.
    pub resource_group: Vec<ResourceGroup>,
}

/// Answer of MoveResources.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MoveResources {
    /// What came of each.
    pub responses: Vec<ResourceMoved>,
}

/// What came of moving a resource.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceMoved {
    /// `ram` or `kms`.
    pub service: String,
    /// `user` or `secret`.
    pub resource_type: String,
    /// A user's id, a secret's name.
    pub resource_id: String,
    /// Where it is.
    pub region_id: String,
    /// `SUCCESS` or `FAIL`.
    pub status: String,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_msg: Option<String>,
}

/// Answer of ListResources.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListResources {
    /// The page.
    pub resources: GroupedResources,
    /// From 1.
    pub page_number: u32,
    /// How many at most.
    pub page_size: u32,
    /// On all pages.
    pub total_count: u64,
}

/// Resources, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GroupedResources {
    /// The resources.
    pub resource: Vec<GroupedResource>,
}

/// A resource and its group.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GroupedResource {
    /// `ram` or `kms`.
    pub service: String,
    /// `user` or `secret`.
    pub resource_type: String,
    /// A user's id, a secret's name.
    pub resource_id: String,
    /// `global` for RAM's.
    pub region_id: String,
    /// The group that it is in.
    pub resource_group_id: String,
    /// `YYYY-MM-DDThh:mm:ss+08:00`.
    pub create_date: String,
}
