use kms_types::ErrorCode;

use crate::{ApiError, Params};

/// Refuses U+0000, as it stands or escaped in JSON, in all parameters but a secret's value,
/// and in their names, of which some hold a caller's own: PostgreSQL keeps no text that has it.
/// Values are kept as ciphertext.
///
/// # Errors
/// `InvalidParameter`. It does not name the parameter: where a client forgot to encode an
/// ampersand, a name is a piece of a secret.
pub(super) fn refuse(params: &Params) -> Result<(), ApiError> {
    if params
        .iter()
        .any(|(name, value)| name.contains('\0') || name != "SecretData" && holds_nul(value))
    {
        return Err(ApiError::new(
            ErrorCode::InvalidParameter,
            "A parameter is not valid: it holds U+0000.",
        ));
    }
    Ok(())
}

fn holds_nul(value: &str) -> bool {
    value.contains('\0') || value.starts_with(['[', '{']) && escapes_nul(value)
}

/// Whether the backslash before `u0000` is not itself escaped: an odd number stands there.
fn escapes_nul(json: &str) -> bool {
    json.match_indices("u0000").any(|(at, _)| {
        let before = json.as_bytes().iter().take(at).rev();
        before.take_while(|byte| **byte == b'\\').count() % 2 == 1
    })
}

#[cfg(test)]
mod tests;
