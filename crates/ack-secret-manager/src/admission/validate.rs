//! Whether an object of our kinds can ever work, in words for whoever wrote it.

use serde_json::Value;

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

/// What is said about an object.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Verdict {
    /// Why it is refused: every mistake, one sentence each, that begins with the field.
    pub mistakes: Vec<String>,
    /// What whoever wrote it should know, though it is taken. Each is shorter than 120 characters, for
    /// the API server cuts longer ones.
    pub warnings: Vec<String>,
}

/// Looks at an object; `before` is what it was, if it was there.
///
/// An object that is about to be deleted is never refused, and none whose spec stays as it is: finalizers
/// must come off, and labels change, whatever is wrong with it (reference k8s-sync §6).
pub fn validate(_kind: Kind, _object: &Value, _before: Option<&Value>) -> Verdict {
    Verdict::default()
}
