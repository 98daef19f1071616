//! Application access points: programs without a RAM identity come in by a ClientKey,
//! do what the policies of its access point allow, and from where their network rules
//! say (reference kms-api §4, accesskey §1 E).

use std::fmt;

use kms_store::DocumentKind;
use kms_types::{Cidr, InstanceId, ParseIdError, ResourceName};
use kms_wire::request::{AccessControlRules, NetworkKind, Permission, ResourcePattern};
use serde::{Deserialize, Serialize};

use crate::{Gateway, documents::Document};

mod grants;

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
