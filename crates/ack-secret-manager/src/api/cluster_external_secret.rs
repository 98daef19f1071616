//! What a ClusterExternalSecret says (reference k8s-sync §1.3).

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};

use super::{Condition, ExternalSecretSpec, NamespaceCondition};

/// An ExternalSecret for namespaces.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterExternalSecretSpec {
    /// What each of them says.
    pub external_secret_spec: ExternalSecretSpec,
    /// What they are called; as this is if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub external_secret_name: String,
    /// What they are labelled with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_secret_metadata: Option<ObjectLabels>,
    /// In which namespaces; the older way to say it. In all if neither way is used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub namespace_selectors: Vec<LabelSelector>,
    /// In which namespaces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<NamespaceCondition>,
    /// How often the ExternalSecrets are looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation_interval: Option<String>,
}

/// Labels and annotations; in a template, a template for the value of each.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectLabels {
    /// Labels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// What became of a ClusterExternalSecret.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterExternalSecretStatus {
    /// `Ready`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// What its ExternalSecrets are called.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub external_secret_name: String,
    /// Where they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provisioned_namespaces: Vec<String>,
    /// Where they could not be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed_namespaces: Vec<FailedNamespace>,
}

/// A namespace without the ExternalSecret that it should have.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FailedNamespace {
    /// Which.
    pub namespace: String,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}
