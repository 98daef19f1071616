//! What a key's state allows. Pure.

use jiff::Timestamp;
use kms_store::KeyRecord;
use kms_types::{KeyState, KeyUsage};
use kms_wire::ApiError;

use super::refusal::{not_enabled, unsupported};
use crate::Gateway;

/// Whether the key is as good as gone: its time has come, swept or not.
pub(super) fn is_gone(key: &KeyRecord, now: Timestamp) -> bool {
    key.planned_delete.is_some_and(|planned| planned <= now)
}

/// What can be asked of it at that moment: imported material is over in time, swept or not.
pub(super) fn state(key: &KeyRecord, now: Timestamp) -> KeyState {
    match key.state {
        KeyState::PendingDeletion => KeyState::PendingDeletion,
        _ if key.material_expires.is_some_and(|end| end <= now) => KeyState::PendingImport,
        state => state,
    }
}

/// That it can be used now.
///
/// # Errors
/// `Rejected.Disabled`, `Rejected.PendingDeletion`, `Rejected.PendingImport`.
pub(super) fn check_enabled(key: &KeyRecord, now: Timestamp) -> Result<(), ApiError> {
    match state(key, now) {
        KeyState::Enabled => Ok(()),
        other => Err(not_enabled(other)),
    }
}

/// That it does not wait for deletion: much can be changed about a key that is disabled.
///
/// # Errors
/// `Rejected.PendingDeletion`.
pub(super) fn check_stays(key: &KeyRecord) -> Result<(), ApiError> {
    match key.state {
        KeyState::PendingDeletion => Err(not_enabled(KeyState::PendingDeletion)),
        _ => Ok(()),
    }
}

/// That it is for this.
///
/// # Errors
/// `UnsupportedOperation`.
pub(super) fn check_usage(key: &KeyRecord, usage: KeyUsage) -> Result<(), ApiError> {
    if key.usage == usage {
        return Ok(());
    }
    Err(unsupported(
        "This action is not supported for a key of this KeyUsage.",
    ))
}

/// An instance's gateway shows what lives in the instance.
pub(super) fn is_visible(key: &KeyRecord, gateway: &Gateway) -> bool {
    match gateway {
        Gateway::Shared => true,
        Gateway::Instance(id) => key.instance_id == id.as_str(),
    }
}

#[cfg(test)]
mod tests;
