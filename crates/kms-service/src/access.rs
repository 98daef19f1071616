//! Application access points: programs without a RAM identity come in by a ClientKey,
//! do what the policies of its access point allow, and from where their network rules
//! say (reference kms-api §4, accesskey §1 E).

use std::fmt;

use kms_store::{DocumentKind, Tx};
use kms_types::{AccountId, Cidr, ErrorCode, InstanceId, ParseIdError, ResourceName};
use kms_wire::{
    ApiError,
    request::{AccessControlRules, NetworkKind, Permission, ResourcePattern},
};
use serde::{Deserialize, Serialize};

use crate::{
    Gateway,
    documents::{self, Document},
    failure::Failure,
};

mod client_keys;
mod grants;
mod network_rules;
mod points;
mod policies;

pub use grants::Grants;

/// Where calls may come from.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct NetworkRule {
    kind: NetworkKind,
    sources: Vec<Cidr>,
    description: String,
}

/// What an access point's clients may do, on what, and from where.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct AccessPolicy {
    scope: Scope,
    permissions: Vec<Permission>,
    resources: Vec<ResourcePattern>,
    rules: Option<AccessControlRules>,
    description: String,
}

/// Whose client keys may come in.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct AccessPoint {
    policies: Vec<ResourceName>,
    description: String,
}

/// The gateway that a policy is about.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
enum Scope {
    /// `shared`.
    Shared,
    /// `kst-…`.
    Instance(InstanceId),
}

impl Document for NetworkRule {
    const KIND: DocumentKind = DocumentKind::NetworkRule;
}

impl Document for AccessPolicy {
    const KIND: DocumentKind = DocumentKind::AccessPolicy;
}

impl Document for AccessPoint {
    const KIND: DocumentKind = DocumentKind::AccessPoint;
}

// === impl Scope ===

impl Scope {
    /// Whether calls through the gateway are the policy's business.
    fn covers(&self, gateway: &Gateway) -> bool {
        match (self, gateway) {
            (Self::Shared, Gateway::Shared) => true,
            (Self::Instance(own), Gateway::Instance(other)) => own == other,
            _ => false,
        }
    }
}

impl TryFrom<String> for Scope {
    type Error = ParseIdError;

    fn try_from(text: String) -> Result<Self, ParseIdError> {
        match text.as_str() {
            "shared" => Ok(Self::Shared),
            id => id.parse().map(Self::Instance),
        }
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shared => "shared",
            Self::Instance(id) => id.as_str(),
        })
    }
}

/// Whether all that is to be referred to exists. It cannot go while it is referred to.
///
/// # Errors
/// `Forbidden.ResourceNotFound`, with the first name that is missing.
async fn check_exist<T: Document>(
    tx: &mut dyn Tx,
    account: &AccountId,
    what: &str,
    names: &[ResourceName],
) -> Result<(), Failure> {
    for name in names {
        let found = documents::look_up::<T>(tx, account, name.as_str()).await?;
        if found.is_none() {
            return Err(ApiError::new(
                ErrorCode::ResourceNotFound,
                format!("Resource not found: there is no {what} {name}."),
            )
            .into());
        }
    }
    Ok(())
}

/// What is said to who would delete something that something else refers to.
fn in_use(by: &str) -> ApiError {
    ApiError::new(
        ErrorCode::ResourceInUse,
        format!("The resource is in use by {by}."),
    )
}

/// A list inside a text: a JSON array without blanks, for Terraform's provider splits it
/// at commas (reference accesskey §2.2).
fn write_list<T: Serialize>(list: &[T]) -> Result<String, ApiError> {
    serde_json::to_string(list).map_err(|_not_json| ApiError::internal())
}

#[cfg(test)]
mod tests;
