use serde::{Deserialize, Serialize};

mod permissions;

pub use permissions::{GetPermission, ListPermissions, SharePermission, SharePermissionSummary};

/// Answer of CreateResourceShare and UpdateResourceShare.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceShareAnswer {
    /// The share.
    pub resource_share: ResourceShare,
}

/// A share.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceShare {
    /// `rs-…`.
    pub resource_share_id: String,
    /// For people.
    pub resource_share_name: String,
    /// Whose it is.
    pub resource_share_owner: String,
    /// `Active`, `Deleted`.
    pub resource_share_status: String,
    /// Whether it reaches beyond the resource directory.
    pub allow_external_targets: bool,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub update_time: String,
}

/// Answer of ListResourceShares.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListResourceShares {
    /// Where the next part begins; absent behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// The shares; not wrapped.
    pub resource_shares: Vec<ResourceShare>,
}

/// Answer of AssociateResourceShare, DisassociateResourceShare and
/// ListResourceShareAssociations.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceShareAssociations {
    /// Where the next part begins; absent behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// The associations; not wrapped.
    pub resource_share_associations: Vec<ResourceShareAssociation>,
}

/// A resource or a target of a share.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceShareAssociation {
    /// `rs-…`.
    pub resource_share_id: String,
    /// For people.
    pub resource_share_name: String,
    /// `Resource` or `Target`.
    pub association_type: String,
    /// The resource's or the target's id.
    pub entity_id: String,
    /// `KMSInstance` and the like; `Account`, `Folder` or `ResourceDirectory`.
    pub entity_type: String,
    /// The resource's full name; absent for targets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// `Associated` and the like.
    pub association_status: String,
    /// Why it failed; absent if it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub association_status_message: Option<String>,
    /// More of why; empty if it did not fail.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub association_failed_details: Vec<AssociationFailure>,
    /// Whether it is outside of the owner's resource directory.
    pub external: bool,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub update_time: String,
}

/// Why an association failed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AssociationFailure {
    /// What was being done: `Associate`.
    pub operation_type: String,
    /// The other side, by which it failed: a resource's id for a target.
    pub entity_id: String,
    /// What kind that is.
    pub entity_type: String,
    /// `LimitExceeded` and the like.
    pub failure_reason: String,
    /// The same for people.
    pub failure_description: String,
}

/// Answer of ListSharedResources.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListSharedResources {
    /// Where the next part begins; absent behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// The resources; not wrapped.
    pub shared_resources: Vec<SharedResource>,
}

/// A resource that is shared.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SharedResource {
    /// `rs-…`.
    pub resource_share_id: String,
    /// Its id.
    pub resource_id: String,
    /// `KMSInstance` and the like.
    pub resource_type: String,
    /// Its full name.
    pub resource_arn: String,
    /// `Available` or `Unavailable`.
    pub resource_status: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub update_time: String,
}

/// Answer of ListSharedTargets.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListSharedTargets {
    /// Where the next part begins; absent behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// The targets; not wrapped.
    pub shared_targets: Vec<SharedTarget>,
}

/// One with whom something is shared.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SharedTarget {
    /// `rs-…`.
    pub resource_share_id: String,
    /// The target's id; the owner's if others share.
    pub target_id: String,
    /// Whether it is outside of the owner's resource directory.
    pub external: bool,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub update_time: String,
}

/// Answer of CheckSharingWithResourceDirectoryStatus.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CheckSharingWithResourceDirectoryStatus {
    /// Whether the accounts of the directory may share with each other.
    pub enable_sharing_with_rd: bool,
}
