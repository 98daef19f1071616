//! Patches that merge into an object: as whom they are sent, and what may come of them.

use kube::api::PatchParams;

use super::Failure;
use crate::apply::{FIELD_MANAGER, said};

/// Of a patch that merges, as whom all is written.
pub(super) fn merged() -> PatchParams {
    PatchParams {
        field_manager: Some(FIELD_MANAGER.to_owned()),
        ..PatchParams::default()
    }
}

/// What is not there any more need not be written.
pub(super) fn written_or_gone<T>(
    operation: &'static str,
    written: kube::Result<T>,
) -> Result<(), Failure> {
    match written {
        Ok(_) => Ok(()),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        Err(error) => Err(Failure::Api {
            operation,
            reason: said(&error),
        }),
    }
}
