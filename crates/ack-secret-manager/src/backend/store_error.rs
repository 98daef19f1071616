use thiserror::Error;

use crate::plan::Store;

/// Why nothing can be read as a store says. For its status: which field, and what to do; no value.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{field}: {reason}")]
pub struct StoreError {
    /// The field of the spec, `KMS.KMSAuth.accessKey`, or what else there is to mend.
    pub field: String,
    /// What is wrong with it and what to do.
    pub reason: String,
}

impl StoreError {
    pub(super) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            reason: reason.into(),
        }
    }

    /// Nothing is filled in.
    pub(super) fn empty(field: impl Into<String>, what: &str) -> Self {
        Self::new(field, format!("is missing: {what}"))
    }

    /// A reference from a store without a namespace of its own.
    pub(super) fn no_namespace(field: String, store: &Store) -> Self {
        Self::new(
            field,
            format!("names no namespace, and {store} has none of its own; fill in namespace"),
        )
    }
}
