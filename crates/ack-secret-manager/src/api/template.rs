//! What an ExternalSecret says of its Secret (reference k8s-sync §1.1, spec.target).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ObjectLabels;

/// The Secret that is written.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Target {
    /// Its name; the ExternalSecret's if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What is made of the values before they are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
}

/// Templates of Go's `text/template`, over the keys and values that the entries gave.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Template {
    /// A template for the value of each key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, String>,
    /// What becomes of keys that no template makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_policy: Option<MergePolicy>,
    /// Templates for labels and annotations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<ObjectLabels>,
    /// The Secret's type.
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub secret_type: String,
    /// More templates, from elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub template_from: Vec<TemplateFrom>,
}

/// What becomes of keys that no template makes.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum MergePolicy {
    /// They are left out.
    #[default]
    Replace,
    /// They stay.
    Merge,
}

/// Templates from a ConfigMap, a Secret or written out: one of the three.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TemplateFrom {
    /// From a ConfigMap of the same namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_map: Option<TemplateSource>,
    /// From a Secret of the same namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<TemplateSource>,
    /// Written out; its result goes under the key `literal`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub literal: String,
    /// What the result is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<TemplateTarget>,
}

/// A ConfigMap or Secret with templates.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TemplateSource {
    /// Its name.
    pub name: String,
    /// Which of its keys.
    pub items: Vec<TemplateItem>,
}

/// A key of a ConfigMap or Secret, with a template.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TemplateItem {
    /// Which key.
    pub key: String,
    /// What its result is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_as: Option<TemplateAs>,
}

/// What the result of a template is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum TemplateAs {
    /// A value, under the template's own key.
    #[default]
    Values,
    /// Keys and values.
    KeysAndValues,
}

/// What the result of a template is for.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum TemplateTarget {
    /// The Secret's data.
    #[default]
    Data,
    /// Its annotations.
    Annotations,
    /// Its labels.
    Labels,
}
