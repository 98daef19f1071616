//! With which codes keys refuse (reference kms-api §1.8).

use kms_crypto::KeyError;
use kms_types::{ErrorCode, KeyState};
use kms_wire::ApiError;

use crate::failure::Failure;

pub(super) fn key_not_found() -> ApiError {
    ApiError::new(ErrorCode::KeyNotFound, "The specified Key is not found.")
}

pub(super) fn version_not_found() -> ApiError {
    ApiError::new(
        ErrorCode::KeyVersionNotFound,
        "The specified KeyVersion is not found.",
    )
}

pub(super) fn alias_not_found() -> ApiError {
    ApiError::new(
        ErrorCode::AliasNotFound,
        "The specified Alias is not found.",
    )
}

pub(super) fn alias_exists() -> ApiError {
    ApiError::new(
        ErrorCode::AliasExists,
        "The specified Alias already exists.",
    )
}

pub(super) fn limit_exceeded(why: &str) -> ApiError {
    ApiError::new(ErrorCode::LimitExceeded, format!("{why}."))
}

pub(super) fn unsupported(why: &str) -> ApiError {
    ApiError::new(ErrorCode::UnsupportedOperation, why)
}

/// The key's state does not allow what is asked of it.
pub(super) fn wrong_state(why: &str) -> ApiError {
    ApiError::new(ErrorCode::KeyState, why)
}

/// A key that cannot be used, by the state that keeps it from that.
pub(super) fn not_enabled(state: KeyState) -> ApiError {
    match state {
        KeyState::Disabled => ApiError::new(
            ErrorCode::KeyDisabled,
            "The request was rejected because the key state is Disabled.",
        ),
        KeyState::PendingDeletion => ApiError::new(
            ErrorCode::KeyPendingDeletion,
            "The request was rejected because the key state is PendingDeletion.",
        ),
        KeyState::PendingImport => pending_import(),
        KeyState::Enabled => {
            wrong_state("The request was rejected because the key state is Enabled.")
        }
    }
}

pub(super) fn pending_import() -> ApiError {
    ApiError::new(
        ErrorCode::KeyPendingImport,
        "The request was rejected because the key state is PendingImport.",
    )
}

/// What a key said no with, as far as the caller is to blame: it is about that parameter.
/// Neither text nor key is in it.
pub(super) fn about(parameter: &str) -> impl Fn(KeyError) -> Failure {
    move |error| match error {
        KeyError::Unsupported(_) => {
            unsupported("This action is not supported for this kind of key.").into()
        }
        KeyError::Length { .. }
        | KeyError::Digest { .. }
        | KeyError::Rejected
        | KeyError::Material(_)
        | KeyError::PublicKey
        | KeyError::Expired => {
            ApiError::invalid_parameter(parameter, format_args!("is refused: {error}")).into()
        }
        error => Failure::Key(error),
    }
}
