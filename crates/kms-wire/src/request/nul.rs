use kms_types::ErrorCode;

use crate::{ApiError, Params};

/// Refuses U+0000, as it stands or escaped in JSON, in all parameters but a secret's value:
/// PostgreSQL keeps no text that has it. Values are kept as ciphertext.
///
/// # Errors
/// `InvalidParameter`. It does not name the parameter: where a client forgot to encode an
/// ampersand, a name is a piece of a secret.
pub(super) fn refuse(params: &Params) -> Result<(), ApiError> {
    if params
        .iter()
        .any(|(name, value)| name != "SecretData" && holds_nul(value))
    {
        return Err(ApiError::new(
            ErrorCode::InvalidParameter,
            "A parameter is not valid: it holds U+0000.",
        ));
    }
    Ok(())
}

fn holds_nul(value: &str) -> bool {
    value.contains('\0') || value.starts_with(['[', '{']) && value.contains("\\u0000")
}

#[cfg(test)]
mod tests;
