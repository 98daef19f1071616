use jiff::{SignedDuration, Timestamp};
use kms_store::DocumentKind;
pub(crate) use kms_wire::request::SharedKind;
use kms_wire::request::{AssociationStatus, ShareTarget};
use serde::{Deserialize, Serialize};

use crate::documents::Document;

/// A resource share. Its document's name is its id, `rs-…`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Share {
    pub(super) name: String,
    /// Gone, and listed as such for a while.
    pub(super) is_deleted: bool,
    pub(super) resources: Vec<Association<Shared>>,
    pub(super) targets: Vec<Association<ShareTarget>>,
    /// Milliseconds since 1970.
    pub(super) updated: i64,
}

/// Something that a share has, and how far that came. A share has each thing and each target
/// once: a new association takes the place of one that ended.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Association<T> {
    pub(super) of: T,
    pub(super) status: AssociationStatus,
    /// Why it failed.
    #[serde(default)]
    pub(super) failure: Option<Reason>,
    /// Milliseconds since 1970.
    pub(super) created: i64,
    /// Milliseconds since 1970.
    pub(super) updated: i64,
}

/// Why an association failed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Reason {
    /// The instance that has no room.
    pub(super) instance: String,
    /// What was bought.
    pub(super) limit: u32,
    /// What would have been used.
    pub(super) used: usize,
}

/// A thing that is shared.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Shared {
    pub(crate) kind: SharedKind,
    pub(crate) id: String,
}

/// How long what ended is listed (ResourceSharing's manual: 48 to 96 hours).
const LISTED: SignedDuration = SignedDuration::from_hours(48);

impl Document for Share {
    const KIND: DocumentKind = DocumentKind::Share;
}

// === impl Share ===

impl Share {
    /// Whether it shares that thing.
    pub(super) fn has(&self, shared: &Shared) -> bool {
        self.shared().any(|own| own == shared)
    }

    /// What it shares.
    pub(super) fn shared(&self) -> impl Iterator<Item = &Shared> {
        self.live(&self.resources)
    }

    /// With whom it shares what it has.
    pub(super) fn targets(&self) -> impl Iterator<Item = &ShareTarget> {
        self.live(&self.targets)
    }

    /// The ids of the instances that it shares.
    pub(super) fn instances(&self) -> Vec<String> {
        let shared = self.shared();
        shared
            .filter(|shared| shared.kind == SharedKind::KmsInstance)
            .map(|shared| shared.id.clone())
            .collect()
    }

    /// Ends all that it has.
    pub(super) fn delete(&mut self, now: Timestamp) {
        self.is_deleted = true;
        self.updated = now.as_millisecond();
        self.resources.iter_mut().for_each(|own| own.end(now));
        self.targets.iter_mut().for_each(|own| own.end(now));
    }

    /// Whether it ended so long ago that nobody is told of it any more.
    pub(super) fn is_forgotten(&self, now: Timestamp) -> bool {
        self.is_deleted && is_old(self.updated, now)
    }

    /// Drops associations of which nobody is told any more.
    pub(super) fn forget(&mut self, now: Timestamp) {
        self.resources.retain(|own| !own.is_forgotten(now));
        self.targets.retain(|own| !own.is_forgotten(now));
    }

    fn live<'a, T>(&self, all: &'a [Association<T>]) -> impl Iterator<Item = &'a T> {
        let is_deleted = self.is_deleted;
        all.iter()
            .filter(move |own| !is_deleted && own.is_live())
            .map(|own| &own.of)
    }
}

// === impl Association ===

impl<T> Association<T> {
    pub(super) fn new(of: T, now: Timestamp) -> Self {
        Self {
            of,
            status: AssociationStatus::Associated,
            failure: None,
            created: now.as_millisecond(),
            updated: now.as_millisecond(),
        }
    }

    pub(super) fn is_live(&self) -> bool {
        self.status == AssociationStatus::Associated
    }

    /// Whether it is there, even if it shares nothing.
    pub(super) fn is_there(&self) -> bool {
        self.status != AssociationStatus::Disassociated
    }

    pub(super) fn fail(&mut self, reason: Reason) {
        self.status = AssociationStatus::Failed;
        self.failure = Some(reason);
    }

    pub(super) fn end(&mut self, now: Timestamp) {
        if self.is_there() {
            self.status = AssociationStatus::Disassociated;
            self.failure = None;
            self.updated = now.as_millisecond();
        }
    }

    pub(super) fn is_forgotten(&self, now: Timestamp) -> bool {
        !self.is_there() && is_old(self.updated, now)
    }
}

// === impl Reason ===

impl Reason {
    /// As ResourceSharing calls it.
    pub(super) const CODE: &str = "LimitExceeded";

    pub(super) fn describe(&self) -> String {
        format!(
            "The KMS instance lets in {} accounts and networks, and this would make {}. Upgrade \
             it, then disassociate and associate anew.",
            self.limit, self.used
        )
    }
}

fn is_old(ended: i64, now: Timestamp) -> bool {
    let ended = Timestamp::from_millisecond(ended).unwrap_or(now);
    now.duration_since(ended) > LISTED
}
