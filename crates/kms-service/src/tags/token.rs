//! Where a page of tags ended, as text that clients hand back unread.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kms_wire::ApiError;

/// The token for what follows that resource's tag of that key.
pub(super) fn write(resource: &str, key: &str) -> String {
    let place = serde_json::json!([resource, key]).to_string();
    BASE64_URL_SAFE_NO_PAD.encode(place)
}

/// The resource and the key; none if the list begins.
///
/// # Errors
/// `InvalidParameter` for what was not written here.
pub(super) fn parse(token: Option<&str>) -> Result<Option<(String, String)>, ApiError> {
    let Some(token) = token else {
        return Ok(None);
    };
    BASE64_URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|place| serde_json::from_slice(&place).ok())
        .map(Some)
        .ok_or_else(|| ApiError::invalid_parameter("NextToken", "is none of this server's"))
}
