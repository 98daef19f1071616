use serde::{Deserialize, Serialize};

/// Answer of ListResourceTags.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListResourceTags {
    /// The key's tags.
    pub tags: KeyTags,
}

/// Tags of a key, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KeyTags {
    /// The tags.
    pub tag: Vec<KeyTag>,
}

/// A tag of a key.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KeyTag {
    /// The key that has it.
    pub key_id: String,
    /// Its key.
    pub tag_key: String,
    /// Its value.
    pub tag_value: String,
}

/// Answer of ListTagResources.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListTagResources {
    /// One page of them.
    pub tag_resources: TagResources,
    /// Where the next page begins; empty if there is none.
    pub next_token: String,
}

/// Answer of Ims' ListTagResources.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImsListTagResources {
    /// Whether there are more.
    pub is_truncated: bool,
    /// Where the next page begins; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// One page of them.
    pub tag_resources: TagResources,
}

/// Tags with their resources, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TagResources {
    /// The tags.
    pub tag_resource: Vec<TaggedResource>,
}

/// A tag and what has it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaggedResource {
    /// A key's id, a secret's name, a user's id.
    pub resource_id: String,
    /// `key`, `secret` or `user`.
    pub resource_type: String,
    /// The tag's key.
    pub tag_key: String,
    /// The tag's value.
    pub tag_value: String,
}
