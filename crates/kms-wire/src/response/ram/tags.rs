use serde::{Deserialize, Serialize};

use crate::response::TaggedResource;

/// Answer of RAM's ListTagResources. The list is bare, unlike that of KMS, as Terraform's provider
/// reads it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RamListTagResources {
    /// None: roles and policies here have no tags.
    pub tag_resources: Vec<TaggedResource>,
    /// Empty.
    pub next_token: String,
}
