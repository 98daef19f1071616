use kms_types::{AccountId, KeyId};

use crate::SecretId;

/// What bears tags.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Tagged {
    /// A key.
    Key(KeyId),
    /// A secret.
    Secret(SecretId),
}

/// What kind of thing bears tags.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TaggedKind {
    /// Keys.
    Key,
    /// Secrets.
    Secret,
}

/// A tag of a secret or a key.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct TagRecord {
    /// Unique on its bearer.
    pub key: String,
    /// May be empty.
    pub value: String,
}

/// Which tags are listed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TagQuery {
    /// The owner of the resources.
    pub account: AccountId,
    /// Of keys or of secrets.
    pub kind: TaggedKind,
    /// Ids of keys or names of secrets; empty for all of the account.
    pub resources: Vec<String>,
    /// Only resources that bear all of these; empty for all.
    pub tags: Vec<TagCondition>,
    /// Only what follows this resource and tag key: the last ones of the page before.
    pub after: Option<(String, String)>,
    /// How many tags at most.
    pub limit: u32,
}

/// A tag that a resource must bear.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TagCondition {
    /// Its key.
    pub key: String,
    /// Its value; none if any will do.
    pub value: Option<String>,
}

/// A tag and what bears it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedTag {
    /// A key's id or a secret's name.
    pub resource: String,
    /// The tag.
    pub tag: TagRecord,
}

impl From<SecretId> for Tagged {
    fn from(id: SecretId) -> Self {
        Self::Secret(id)
    }
}
