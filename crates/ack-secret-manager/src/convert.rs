//! Manifests of external-secrets.io (v1 and v1beta1) that used its Alibaba provider, which that project
//! removed in version 2.0.0 (reference k8s-sync §0), as manifests of ours.
//!
//! Fields are taken out of an object one by one; what nobody took is told, so that nothing is lost without
//! a word.

use std::fmt;

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

mod cluster;
mod entries;
mod external_secret;
mod fields;
mod manifest;
mod namespaces;
mod property;
mod stores;
mod target;

use fields::Fields;
use manifest::Manifest;
use stores::Stores;

/// What became of manifests.
#[derive(Debug, Default)]
pub struct Conversion {
    /// Ours, a YAML document each.
    pub manifests: Vec<String>,
    /// What could not be carried over, or needs a look.
    pub remarks: Vec<Remark>,
}

/// What could not be carried over, or needs a look.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remark {
    /// Whether something is missing now.
    pub lost: bool,
    /// Which object, as `ExternalSecret shop/db`.
    pub object: String,
    /// Where in it, as `spec.data[0].remoteRef`.
    pub at: String,
    /// What about it.
    pub text: String,
}

/// Why manifests cannot be read.
#[derive(Debug, Error)]
pub enum ConvertError {
    /// Not YAML, or not a stream of objects.
    #[error("the manifests are no YAML that can be read: line {line}, column {column}")]
    Yaml {
        /// Where, from 1.
        line: u64,
        /// Where in the line.
        column: u64,
    },
    /// What was made cannot be written.
    #[error("a manifest cannot be written as YAML")]
    Write(#[source] serde_saphyr::SerializeError),
}

/// The group whose manifests are taken.
const GROUP: &str = "external-secrets.io";

/// Converts every document of these texts; stores may stand in one text and what refers to them in another.
/// `region` is where the operator runs: entries of other regions get an endpoint.
///
/// # Errors
/// [`ConvertError`].
pub fn convert<'a>(
    texts: impl IntoIterator<Item = &'a str>,
    region: Option<&str>,
) -> Result<Conversion, ConvertError> {
    let mut objects = Vec::new();
    for text in texts {
        objects.extend(documents(text)?);
    }
    let stores = Stores::among(&objects, region);
    let mut conversion = Conversion::default();
    for object in objects {
        let mut remarks = Vec::new();
        if let Some(manifest) = one(object, &stores, &mut remarks) {
            conversion.manifests.push(manifest.yaml()?);
        }
        conversion.remarks.append(&mut remarks);
    }
    Ok(conversion)
}

/// One object, if it is of the group and something of it can be carried over.
fn one(object: Value, stores: &Stores, remarks: &mut Vec<Remark>) -> Option<Manifest> {
    let mut fields = Fields::of_object(object, remarks)?;
    let kind = fields.kind();
    let version = fields.text("apiVersion").unwrap_or_default();
    let known = version
        .strip_prefix(GROUP)
        .is_some_and(|version| matches!(version, "/v1" | "/v1beta1"));
    if !known {
        fields.lose("is left out: not external-secrets.io/v1 or v1beta1");
        fields.discard();
        return None;
    }
    fields.drop_silently(&["kind", "status"]);
    let made = match kind.as_str() {
        "ExternalSecret" => external_secret::convert(&mut fields, stores),
        "ClusterExternalSecret" => cluster::convert(&mut fields, stores),
        "SecretStore" | "ClusterSecretStore" => stores::convert(&mut fields, &kind),
        _ => {
            fields.lose("is left out: this kind has no counterpart");
            None
        }
    };
    if made.is_some() {
        fields.finish();
    } else {
        fields.discard();
    }
    made
}

fn documents(text: &str) -> Result<Vec<Value>, ConvertError> {
    let documents: Vec<Value> =
        serde_saphyr::from_multiple(text).map_err(|error| unreadable(&error))?;
    // A list as kubectl prints it is its items.
    Ok(documents
        .into_iter()
        .flat_map(|mut document| match document.get_mut("items") {
            Some(Value::Array(items)) => std::mem::take(items),
            _ => vec![document],
        })
        .collect())
}

fn unreadable(error: &serde_saphyr::Error) -> ConvertError {
    let at = error.location();
    ConvertError::Yaml {
        line: at.map_or(0, |at| at.line()),
        column: at.map_or(0, |at| at.column()),
    }
}

// === impl Conversion ===

impl Conversion {
    /// All manifests as one stream of YAML.
    pub fn stream(&self) -> String {
        let documents = self.manifests.iter();
        documents.flat_map(|document| ["---\n", document]).collect()
    }
}

// === impl Manifest ===

impl Manifest {
    fn new<S: Serialize>(kind: &str, metadata: Value, spec: &S) -> Option<Self> {
        Some(Self {
            api_version: "alibabacloud.com/v1alpha1",
            kind: kind.to_owned(),
            metadata,
            // Types of ours always can.
            spec: serde_json::to_value(spec).ok()?,
        })
    }
}

// === impl Remark ===

/// One line for people.
impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = if self.lost { "lost" } else { "note" };
        if self.at.is_empty() {
            write!(f, "{weight}: {}: {}", self.object, self.text)
        } else {
            write!(f, "{weight}: {}: {} {}", self.object, self.at, self.text)
        }
    }
}

#[cfg(test)]
mod tests;
