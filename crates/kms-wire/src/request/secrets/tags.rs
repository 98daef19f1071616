use serde::{Deserialize, Serialize};

use crate::{ApiError, request::fields::Fields};

/// A tag of a secret; also what DescribeSecret answers with.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    /// 1 to 128 characters, not beginning with `aliyun` or `acs:`.
    pub tag_key: String,
    /// At most 128 characters.
    #[serde(default)]
    pub tag_value: String,
}

/// Tags as the JSON that the parameter holds; none if there are none.
pub(in crate::request) fn write(tags: &[Tag]) -> Option<String> {
    if tags.is_empty() {
        return None;
    }
    serde_json::to_string(tags).ok()
}

/// At most 20 tags with different keys (reference kms-api §2.1).
pub(in crate::request) fn read(fields: Fields<'_>) -> Result<Vec<Tag>, ApiError> {
    let tags: Vec<Tag> = fields
        .json("Tags", "a JSON array of objects with TagKey and TagValue")?
        .unwrap_or_default();
    check("Tags", &tags)?;
    Ok(tags)
}

/// Whether a resource can have these tags.
pub(in crate::request) fn check(name: &str, tags: &[Tag]) -> Result<(), ApiError> {
    let refused = |why: &str| Err(ApiError::invalid_parameter(name, why));
    if tags.len() > 20 {
        return refused("holds more than 20");
    }
    for (at, tag) in tags.iter().enumerate() {
        if !(1..=128).contains(&tag.tag_key.chars().count()) || tag.tag_value.chars().count() > 128
        {
            return refused("has a key or value longer than 128 characters, or an empty key");
        }
        if tag.tag_key.starts_with("aliyun") || tag.tag_key.starts_with("acs:") {
            return refused("has a key that begins with aliyun or acs:");
        }
        if tags
            .iter()
            .take(at)
            .any(|other| other.tag_key == tag.tag_key)
        {
            return refused("has one key twice");
        }
    }
    Ok(())
}
