//! What an ExternalSecret says (reference k8s-sync §1.1).

use serde::{Deserialize, Serialize};

use super::{Condition, Target};

/// Which secrets of KMS go into which Secret.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExternalSecretSpec {
    /// `kms` (also if empty) or `oos`, of all entries.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub provider: String,
    /// The Secret's type, `Opaque` if empty. Kubernetes lets nobody change it later.
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub secret_type: String,
    /// How often the remote secrets are looked at, as Go writes durations (`2m0s`); by default as
    /// often as `--polling-interval` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation_interval: Option<String>,
    /// Each gives a key, or by jmesPath several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<DataSource>,
    /// Each gives the keys of a document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data_process: Vec<DataProcess>,
    /// Another name for the Secret, and templates for what is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
}

/// One remote secret.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DataSource {
    /// The name of the secret in KMS, of the parameter in OOS.
    pub key: String,
    /// Its key in the Secret.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The version with this stage label.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version_stage: String,
    /// This version.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version_id: String,
    /// Parts of the document, each under a key of its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jmes_path: Vec<JmesPath>,
    /// As whom to ask; as the operator itself if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_store_ref: Option<StoreRef>,
    /// Where to ask.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kms_endpoint: String,
}

/// A part of a document.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JmesPath {
    /// Which.
    pub path: String,
    /// Under which key; under the name of the remote secret if empty.
    pub object_alias: String,
}

/// A document that is taken apart.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DataProcess {
    /// Which document. Without it there is nothing to do, and an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extract: Option<DataSource>,
    /// What is changed in its keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replace_rule: Vec<ReplaceRule>,
}

/// Regular expressions over keys.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplaceRule {
    /// An expression of Go's `regexp`.
    pub source: String,
    /// What stands in its place, `$1` and `${name}` expanded.
    pub target: String,
}

/// Which store.
#[derive(Clone, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StoreRef {
    /// Its name.
    pub name: String,
    /// Its namespace; the ExternalSecret's own if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// `SecretStore` (also if empty) or `ClusterSecretStore`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
}

/// What became of an ExternalSecret.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExternalSecretStatus {
    /// Of each entry, by the name of the remote secret.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data_sync_results: Vec<SyncResult>,
    /// `Ready`, for `kubectl wait`. Ours, not the original's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// The `metadata.generation` that this is about. Ours, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
}

/// What became of one entry.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncResult {
    /// The remote secret, or one of the original's names for what concerns all of them.
    #[serde(rename = "ExternalSecretKey")]
    pub key: String,
    /// How it went.
    pub status: SyncStatus,
    /// Why not well.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// When, RFC 3339.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub synchronization_time: String,
}

/// How an entry went.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum SyncStatus {
    /// As wanted.
    #[default]
    Succeeded,
    /// Not at all.
    Failed,
    /// Not quite as wanted; also what a status says that this version does not know.
    #[serde(other)]
    Warning,
}
