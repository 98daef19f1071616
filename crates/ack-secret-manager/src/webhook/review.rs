//! An AdmissionReview of `admission.k8s.io/v1`, taken apart and answered.
//!
//! The types of kube's `core::admission` would read objects into types of ours, and lose what they do not
//! know: a patch made of that would take it off the pod.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use thiserror::Error;

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    /// Comes back with the answer.
    uid: String,
    kind: GroupKind,
    #[serde(default)]
    sub_resource: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    namespace: Option<String>,
    operation: String,
    #[serde(default)]
    object: Option<Value>,
    #[serde(default)]
    old_object: Option<Value>,
}

/// Of which kind an object is.
#[derive(Debug, Deserialize)]
struct GroupKind {
    #[serde(default)]
    group: String,
    kind: String,
}

/// What is about to happen to an object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Operation {
    Create,
    Update,
    /// A deletion, a connection, or what is not known yet: never any business of ours.
    Other,
}

/// What is answered.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Answer {
    pub(super) verdict: Verdict,
    /// What whoever wrote the object should know.
    pub(super) warnings: Vec<String>,
}

/// What is to become of an object.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) enum Verdict {
    /// It is taken as it is.
    #[default]
    Allowed,
    /// It is taken with these changes: a JSON patch (RFC 6902), as text.
    Patched(String),
    /// It is not taken, for these reasons.
    Refused(Vec<String>),
}

/// A body that is no review.
#[derive(Debug, Error, PartialEq)]
pub(super) enum ReviewError {
    /// The parser's own words could hold a value.
    #[error(
        "the body is no AdmissionReview of admission.k8s.io/v1: see line {line}, column {column}"
    )]
    NotJson { line: usize, column: usize },
    /// Another version, or another kind.
    #[error(
        "the body is no AdmissionReview of admission.k8s.io/v1: say admissionReviewVersions: [v1]"
    )]
    Other,
    /// An answer, or nothing.
    #[error("the AdmissionReview has no request")]
    Empty,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Review {
    #[serde(default)]
    api_version: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    request: Option<Request>,
}

const VERSION: &str = "admission.k8s.io/v1";

const KIND: &str = "AdmissionReview";

/// More reasons than that nobody reads at once.
const MOST_REASONS: usize = 20;

// === impl Request ===

impl Request {
    /// Takes a body apart.
    ///
    /// # Errors
    /// [`ReviewError`].
    pub(super) fn read(body: &[u8]) -> Result<Self, ReviewError> {
        let review: Review =
            serde_json::from_slice(body).map_err(|error| ReviewError::NotJson {
                line: error.line(),
                column: error.column(),
            })?;
        if review.api_version != VERSION || review.kind != KIND {
            return Err(ReviewError::Other);
        }
        review.request.ok_or(ReviewError::Empty)
    }

    pub(super) fn operation(&self) -> Operation {
        match self.operation.as_str() {
            "CREATE" => Operation::Create,
            "UPDATE" => Operation::Update,
            _ => Operation::Other,
        }
    }

    /// Its group (empty for Kubernetes' own) and kind.
    pub(super) fn kind(&self) -> (&str, &str) {
        (&self.kind.group, &self.kind.kind)
    }

    /// As it would be stored; unless it is about to go, or only a part of it is written.
    pub(super) fn object(&self) -> Option<&Value> {
        let is_whole = self.sub_resource.as_deref().unwrap_or_default().is_empty();
        let object = self.object.as_ref().filter(|_| is_whole)?;
        let goes = |object: &Value| {
            object
                .pointer("/metadata/deletionTimestamp")
                .is_some_and(|moment| !moment.is_null())
        };
        let stays = !goes(object) && !self.before().is_some_and(goes);
        stays.then_some(object)
    }

    /// As it was.
    pub(super) fn before(&self) -> Option<&Value> {
        self.old_object.as_ref()
    }

    /// Empty for an object of the whole cluster, and one that has no name yet.
    pub(super) fn place(&self) -> (&str, &str) {
        (
            self.namespace.as_deref().unwrap_or_default(),
            self.name.as_deref().unwrap_or_default(),
        )
    }

    /// The answer, as the API server reads it.
    pub(super) fn answer(&self, answer: &Answer) -> Value {
        let mut response = json!({"uid": self.uid, "allowed": true});
        let mut say = |field: &str, value: Value| {
            if let Some(response) = response.as_object_mut() {
                response.insert(field.to_owned(), value);
            }
        };
        match &answer.verdict {
            Verdict::Allowed => {}
            Verdict::Patched(patch) => {
                say("patchType", json!("JSONPatch"));
                say("patch", json!(BASE64_STANDARD.encode(patch)));
            }
            Verdict::Refused(reasons) => {
                say("allowed", json!(false));
                let status = json!({"code": 422, "reason": "Invalid", "message": told(reasons)});
                say("status", status);
            }
        }
        if !answer.warnings.is_empty() {
            say("warnings", json!(answer.warnings));
        }
        json!({"apiVersion": VERSION, "kind": KIND, "response": response})
    }
}

// === impl Operation ===

impl Operation {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Other => "other",
        }
    }
}

// === impl Verdict ===

impl Verdict {
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Patched(_) => "patched",
            Self::Refused(_) => "refused",
        }
    }
}

fn told(reasons: &[String]) -> String {
    let told: Vec<_> = reasons
        .iter()
        .take(MOST_REASONS)
        .map(String::as_str)
        .collect();
    let told = told.join("; ");
    match reasons.len().saturating_sub(MOST_REASONS) {
        0 => told,
        more => format!("{told}; and {more} more"),
    }
}

#[cfg(test)]
mod tests;
