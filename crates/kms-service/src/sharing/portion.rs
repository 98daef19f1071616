//! Parts of lists: by what comes behind the last item of the part before, so that what is made
//! or ends between two calls moves nothing from one part to another.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kms_wire::{ApiError, request::Portion};

/// The part that is asked for of items with keys that are unlike each other, by key; and where
/// the next part begins, if there is one.
///
/// # Errors
/// `InvalidParameter` for a token that was not written here.
pub(super) fn take<T>(
    mut all: Vec<(Vec<String>, T)>,
    portion: &Portion,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    let behind = portion.next_token.as_deref().map(parse).transpose()?;
    all.sort_by(|(first, _), (second, _)| first.cmp(second));
    if let Some(behind) = &behind {
        all.retain(|(key, _)| key > behind);
    }
    let most = usize::try_from(portion.max_results).unwrap_or(usize::MAX);
    let next = if all.len() > most {
        most.checked_sub(1)
            .and_then(|last| all.get(last))
            .map(|(key, _)| write(key))
    } else {
        None
    };
    let part = all.into_iter().take(most).map(|(_, item)| item).collect();
    Ok((part, next))
}

fn write(key: &[String]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::json!(key).to_string())
}

fn parse(token: &str) -> Result<Vec<String>, ApiError> {
    BASE64_URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|key| serde_json::from_slice(&key).ok())
        .ok_or_else(|| ApiError::invalid_parameter("NextToken", "is none of this server's"))
}
