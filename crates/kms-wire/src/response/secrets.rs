use kms_types::{DataType, Secret};
use serde::{Deserialize, Serialize};

use super::revealed;
use crate::request::Tag;

/// Answer of CreateSecret.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateSecret {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub secret_name: String,
    /// The first version.
    pub version_id: String,
    /// `Generic` and others.
    pub secret_type: String,
    /// The instance, or empty.
    #[serde(rename = "DKMSInstanceId")]
    pub instance_id: String,
    /// Managed types only: `Enabled`, `Disabled` or `Invalid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automatic_rotation: Option<String>,
    /// `<n>s`, only if it rotates by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation_interval: Option<String>,
    /// `YYYY-MM-DDThh:mm:ssZ`, only if it rotates by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_rotation_date: Option<String>,
    /// Managed types only: JSON object as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_config: Option<String>,
}

/// Answer of BatchGetSecretValue: what could be read, and what could not.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BatchGetSecretValue {
    /// The values; not wrapped.
    pub secret_values: Vec<GetSecretValue>,
    /// The errors; not wrapped.
    pub errors: Vec<BatchError>,
}

/// Why one of several secrets was not read.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BatchError {
    /// As it was asked for.
    pub secret_name: String,
    /// The code.
    pub code: String,
    /// For people.
    pub message: String,
    /// The status that the code has.
    pub http_status: u16,
}

/// Answer of DeleteSecret.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeleteSecret {
    /// Its name.
    pub secret_name: String,
    /// When it goes.
    pub planned_delete_time: String,
}

/// Answer of DescribeSecret.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribeSecret {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub secret_name: String,
    /// `Generic` and others.
    pub secret_type: String,
    /// For people.
    pub description: String,
    /// The key that protects it.
    pub encryption_key_id: String,
    /// The instance, or empty.
    #[serde(rename = "DKMSInstanceId")]
    pub instance_id: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub update_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`, or empty.
    pub planned_delete_time: String,
    /// The product that owns it, or empty. (The misspelling is the cloud's.)
    pub owing_service: String,
    /// Only with FetchTags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Tags>,
    /// JSON object as text, or empty.
    pub extended_config: String,
    /// Managed types only: `Enabled`, `Disabled` or `Invalid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automatic_rotation: Option<String>,
    /// `<n>s`, only if it rotates by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation_interval: Option<String>,
    /// `YYYY-MM-DDThh:mm:ssZ`, only if it was rotated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_rotation_date: Option<String>,
    /// `YYYY-MM-DDThh:mm:ssZ`, only if it rotates by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_rotation_date: Option<String>,
    /// How far its newest rotation is, if it was ever rotated. The cloud does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_rotation: Option<LatestRotation>,
}

/// A rotation, for who watches it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LatestRotation {
    /// The version that it makes.
    pub version_id: String,
    /// `InProgress`, `Succeeded` or `Failed`.
    pub state: String,
    /// What is being done, a word of the server's own.
    pub step: String,
    /// Why the step has to be tried again, or why it was given up; empty otherwise.
    pub error: String,
    /// Until when the value before stays good, `YYYY-MM-DDThh:mm:ssZ`, once that is known.
    pub window_end: String,
}

/// Tags, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Tags {
    /// The tags.
    pub tag: Vec<Tag>,
}

/// Answer of GetRandomPassword.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetRandomPassword {
    /// The password.
    #[serde(with = "revealed")]
    pub random_password: Secret<String>,
}

/// Answer of GetSecretValue.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetSecretValue {
    /// Its name.
    pub secret_name: String,
    /// `Generic` and others.
    #[serde(default)]
    pub secret_type: String,
    /// The value; base64 for `binary`.
    #[serde(with = "revealed")]
    pub secret_data: Secret<String>,
    /// `text` or `binary`.
    #[serde(default)]
    pub secret_data_type: DataType,
    /// The version.
    pub version_id: String,
    /// Its stages.
    #[serde(default)]
    pub version_stages: VersionStages,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    #[serde(default)]
    pub create_time: String,
    /// Managed types only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic_rotation: Option<String>,
    /// Managed types only: `<n>s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation_interval: Option<String>,
    /// Managed types only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_rotation_date: Option<String>,
    /// Managed types only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_rotation_date: Option<String>,
    /// Only with FetchExtendedConfig.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_config: Option<String>,
    /// Filled by the client from the answer; the server adds it when rendering.
    #[serde(default, skip_serializing)]
    pub request_id: String,
}

/// Stage labels, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VersionStages {
    /// The labels.
    pub version_stage: Vec<String>,
}

/// Answer of ListSecretVersionIds.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListSecretVersionIds {
    /// Its name.
    pub secret_name: String,
    /// The versions.
    pub version_ids: VersionIds,
    /// From 1.
    pub page_number: u32,
    /// As asked.
    pub page_size: u32,
    /// Of all pages.
    pub total_count: u64,
}

/// Versions, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VersionIds {
    /// The versions.
    pub version_id: Vec<VersionSummary>,
}

/// One version in a list.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VersionSummary {
    /// Its id.
    pub version_id: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
    /// Its stages.
    pub version_stages: VersionStages,
}

/// Answer of ListSecrets.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListSecrets {
    /// The page.
    pub secret_list: SecretList,
    /// From 1.
    pub page_number: u32,
    /// As asked.
    pub page_size: u32,
    /// Of all pages.
    pub total_count: u64,
}

/// Secrets, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SecretList {
    /// The secrets.
    pub secret: Vec<SecretSummary>,
}

/// One secret in a list.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SecretSummary {
    /// Its name.
    pub secret_name: String,
    /// `Generic` and others.
    pub secret_type: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub update_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`, or empty.
    pub planned_delete_time: String,
    /// The product that owns it, or empty.
    pub owing_service: String,
    /// Only with FetchTags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Tags>,
}

/// Answer of PutSecretValue.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutSecretValue {
    /// Its name.
    pub secret_name: String,
    /// The new version.
    pub version_id: String,
    /// Its stages.
    pub version_stages: VersionStages,
}

/// An answer that is the secret's name alone.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SecretNamed {
    /// Its name.
    pub secret_name: String,
}

/// Answer of RotateSecret.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RotateSecret {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub secret_name: String,
    /// The version that there will be.
    pub version_id: String,
}

/// Answer of GetSecretPolicy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SecretPolicy {
    /// The policy, as JSON.
    pub policy: String,
}
