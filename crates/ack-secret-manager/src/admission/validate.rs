//! Whether an object of our kinds can ever work, in words for whoever wrote it.
//!
//! Refused is only what was never of any use, neither here nor in the versions 0.5 and 0.6 of the
//! original (reference k8s-sync §1): of an object of which a part could work, the other part is warned
//! of, and so is what a flag of the operator decides, for that is not known here. What reads texts here
//! are the functions that read them when the operator runs.

use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

use self::findings::Findings;
use crate::{
    api::{ClusterExternalSecretSpec, ExternalSecretSpec, SecretStoreSpec},
    plan::Store,
};

mod cluster_external_secret;
mod conditions;
mod entries;
mod external_secret;
mod findings;
mod schema;
mod store;
mod template;

/// One of the four kinds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// In a namespace.
    ExternalSecret,
    /// In a namespace.
    SecretStore,
    /// Of the whole cluster.
    ClusterSecretStore,
    /// Of the whole cluster.
    ClusterExternalSecret,
}

/// A kind that is none of ours.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("is none of ExternalSecret, SecretStore, ClusterSecretStore and ClusterExternalSecret")]
pub struct ParseKindError;

/// What is said about an object.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Verdict {
    /// Why it is refused: every mistake, one sentence each, that begins with the field.
    pub mistakes: Vec<String>,
    /// What whoever wrote it should know, though it is taken. By [`validate`] a handful, each shorter than
    /// 120 characters, for the API server cuts longer ones.
    pub warnings: Vec<String>,
}

/// Looks at an object; `before` is what it was, if it was there.
///
/// An object that is about to be deleted is never refused, and none whose spec stays as it is: finalizers
/// must come off, and labels change, whatever is wrong with it (reference k8s-sync §6). What was wrong
/// before is no reason to refuse a change, either.
pub fn validate(kind: Kind, object: &Value, before: Option<&Value>) -> Verdict {
    let goes = object.pointer("/metadata/deletionTimestamp");
    if goes.is_some_and(|time| !time.is_null()) {
        return Verdict::default();
    }
    let Some(before) = before else {
        return findings(kind, object).verdict(None);
    };
    if object.get("spec") == before.get("spec") {
        return Verdict::default();
    }
    findings(kind, object).verdict(Some(&findings(kind, before)))
}

/// Looks at a manifest that nobody applied yet, and warns of everything at length.
pub fn manifest(kind: Kind, object: &Value) -> Verdict {
    findings(kind, object).everything()
}

/// All that is to be said of an object.
fn findings(kind: Kind, object: &Value) -> Findings {
    let mut findings = Findings::default();
    let spec = schema::fitting(kind, object.get("spec"), &mut findings);
    let text = |name: &str| {
        let text = object
            .get("metadata")
            .and_then(|metadata| metadata.get(name));
        text.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let (namespace, name) = (text("namespace"), text("name"));
    match kind {
        Kind::ExternalSecret => {
            let spec: ExternalSecretSpec = read(spec, &mut findings);
            let home = Some(namespace.as_str()).filter(|namespace| !namespace.is_empty());
            external_secret::look("spec", &spec, home, &mut findings);
        }
        Kind::ClusterExternalSecret => {
            let spec: ClusterExternalSecretSpec = read(spec, &mut findings);
            cluster_external_secret::look(&spec, &mut findings);
        }
        Kind::SecretStore => {
            let spec: SecretStoreSpec = read(spec, &mut findings);
            store::look(&spec, &Store::Namespaced { namespace, name }, &mut findings);
        }
        Kind::ClusterSecretStore => {
            let spec: SecretStoreSpec = read(spec, &mut findings);
            store::look(&spec, &Store::Cluster(name), &mut findings);
            conditions::look("spec.conditions", &spec.conditions, &mut findings);
        }
    }
    findings
}

// === impl Kind ===

impl FromStr for Kind {
    type Err = ParseKindError;

    fn from_str(name: &str) -> Result<Self, ParseKindError> {
        match name {
            "ExternalSecret" => Ok(Self::ExternalSecret),
            "SecretStore" => Ok(Self::SecretStore),
            "ClusterSecretStore" => Ok(Self::ClusterSecretStore),
            "ClusterExternalSecret" => Ok(Self::ClusterExternalSecret),
            _ => Err(ParseKindError),
        }
    }
}

/// What fits the schema is read by our types. An object that is not would end the watch of all.
fn read<T: Default + DeserializeOwned>(spec: Value, findings: &mut Findings) -> T {
    serde_json::from_value(spec).unwrap_or_else(|_quotes_it| {
        findings.unfit("spec", "cannot be read");
        T::default()
    })
}

#[cfg(test)]
mod tests;
