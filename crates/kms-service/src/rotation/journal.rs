//! Rows of the store's journal, as rotations that webhooks do read them.

use kms_store::{RotationRecord, VersionRecord};
use kms_types::DataType;

use super::RotationStep;
use crate::failure::Failure;

/// Rotations that somebody else's program does.
pub(super) const WEBHOOK: &str = "webhook";

/// Where a rotation ends that came to nothing.
pub(super) const FAILED: &str = "failed";
/// Where one ends that came to its end.
pub(super) const DONE: &str = "done";

/// The step that comes next.
///
/// # Errors
/// [`Failure::Document`], if somebody else wrote the row.
pub(super) fn step(row: &RotationRecord) -> Result<RotationStep, Failure> {
    RotationStep::parse(&row.step)
        .filter(|_| row.kind == WEBHOOK)
        .ok_or(Failure::Document("rotation"))
}

/// The version that there will be, as if it were there; none before there is a value.
pub(super) fn pending(row: &RotationRecord) -> Option<VersionRecord> {
    Some(VersionRecord {
        serial: 0,
        id: row.version.clone(),
        data_type: DataType::Text,
        sealed: row.sealed.clone()?,
        created: row.created,
        stages: Vec::new(),
    })
}
