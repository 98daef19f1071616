//! What this server does not do, and why. Said to whoever asks for it, and in
//! docs/coverage.md.

use kms_types::ErrorCode;
use kms_wire::{Action, ApiError};

/// Why an action that is known is not served; none for those that are not KMS's.
pub(crate) fn reason(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::GetChallenge => {
            "it begins an attestation of confidential computing, which this server cannot verify"
        }
        Action::GetManagedDataKey | Action::ListManagedDataKeyVersions => {
            "managed data keys are made by the cloud's own products; no action makes one"
        }
        Action::InviteAccountToResourceDirectory => {
            "whoever runs this server puts its accounts into a directory: kms-server account join"
        }
        _ => return None,
    })
}

/// The answer for such an action.
pub(crate) fn refused(action: Action) -> ApiError {
    let why = reason(action).map(|why| format!(": {why}"));
    ApiError::new(
        ErrorCode::UnsupportedOperation,
        format!("This action is not supported{}.", why.unwrap_or_default()),
    )
}
