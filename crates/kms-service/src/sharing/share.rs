use kms_store::DocumentKind;
use kms_types::AccountId;
use serde::{Deserialize, Serialize};

use crate::documents::Document;

/// A resource share. Its document's name is its id, `rs-…`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Share {
    pub(super) name: String,
    /// Gone, and listed as such for a while.
    pub(super) is_deleted: bool,
    pub(super) resources: Vec<Association<Shared>>,
    pub(super) targets: Vec<Association<Target>>,
    /// Milliseconds since 1970.
    pub(super) updated: i64,
}

/// Something that a share has, and how far that came.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Association<T> {
    pub(super) of: T,
    pub(super) status: Status,
    /// Why it failed.
    #[serde(default)]
    pub(super) message: String,
    /// Milliseconds since 1970.
    pub(super) created: i64,
    /// Milliseconds since 1970.
    pub(super) updated: i64,
}

/// How far an association came. One that failed stays so, whatever is bought afterwards.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Status {
    Associating,
    Associated,
    Failed,
    Disassociating,
    Disassociated,
}

/// A thing that is shared.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Shared {
    pub(crate) kind: SharedKind,
    pub(crate) id: String,
}

/// What can be shared.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum SharedKind {
    #[serde(rename = "KMSInstance")]
    KmsInstance,
    VSwitch,
}

/// With whom.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Target {
    Account(AccountId),
}

impl Document for Share {
    const KIND: DocumentKind = DocumentKind::Share;
}

// === impl Share ===

impl Share {
    /// Whether it shares that thing.
    pub(super) fn has(&self, shared: &Shared) -> bool {
        !self.is_deleted && self.resources.iter().any(|own| own.is(shared))
    }

    /// With whom it shares what it has.
    pub(super) fn targets(&self) -> impl Iterator<Item = &Target> {
        let own = self.targets.iter();
        own.filter(|own| !self.is_deleted && own.status == Status::Associated)
            .map(|own| &own.of)
    }
}

// === impl Association ===

impl<T: PartialEq> Association<T> {
    fn is(&self, of: &T) -> bool {
        self.status == Status::Associated && self.of == *of
    }
}
