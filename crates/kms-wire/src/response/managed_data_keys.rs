use kms_types::Secret;
use serde::{Deserialize, Serialize};

use super::revealed;

/// Answer of GetManagedDataKey.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetManagedDataKey {
    /// Its name.
    pub data_key_name: String,
    /// The version.
    pub data_key_version_id: String,
    /// The secret that holds the version.
    pub data_key_version_name: String,
    /// The key, base64.
    #[serde(with = "revealed")]
    pub plaintext: Secret<String>,
}

/// Answer of ListManagedDataKeyVersions.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListManagedDataKeyVersions {
    /// Its name.
    pub data_key_name: String,
    /// One page of them.
    pub managed_data_key_versions: ManagedDataKeyVersions,
    /// Which page.
    pub page_number: u32,
    /// How many to a page.
    pub page_size: u32,
    /// How many in all.
    pub total_count: u64,
}

/// Versions, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ManagedDataKeyVersions {
    /// The versions.
    pub managed_data_key_version: Vec<ManagedDataKeyVersion>,
}

/// A version of a managed data key.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ManagedDataKeyVersion {
    /// The version.
    pub data_key_version_id: String,
    /// The secret that holds it.
    pub data_key_version_name: String,
}
