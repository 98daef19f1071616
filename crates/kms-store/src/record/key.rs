use jiff::Timestamp;
use kms_types::{
    AccountId, AliasName, KeyId, KeyOrigin, KeySpec, KeyState, KeyUsage, KeyVersionId,
};

/// A key without its material.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyRecord {
    /// The owner.
    pub account: AccountId,
    /// Its id, unique among all accounts.
    pub id: KeyId,
    /// What it is made of.
    pub spec: KeySpec,
    /// What it is for.
    pub usage: KeyUsage,
    /// Where its material comes from.
    pub origin: KeyOrigin,
    /// What can be asked of it now.
    pub state: KeyState,
    /// For people; may be empty.
    pub description: String,
    /// The KMS instance it lives in; may be empty.
    pub instance_id: String,
    /// Who made it, an ARN.
    pub creator: String,
    /// Since when.
    pub created: Timestamp,
    /// How often it gets a new version by itself, if it does.
    pub rotation_seconds: Option<i64>,
    /// When it got one last.
    pub last_rotation: Option<Timestamp>,
    /// When it gets the next.
    pub next_rotation: Option<Timestamp>,
    /// Whether it cannot be deleted.
    pub deletion_protection: bool,
    /// Why, for people; may be empty.
    pub protection_description: String,
    /// When it goes, if that is planned.
    pub planned_delete: Option<Timestamp>,
    /// When its imported material goes, if it does.
    pub material_expires: Option<Timestamp>,
    /// JSON, or empty.
    pub policy: String,
    /// The version that encrypts.
    pub primary_version: KeyVersionId,
}

/// A version of a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyVersionRecord {
    /// The key.
    pub key: KeyId,
    /// Its id, unique among all keys.
    pub id: KeyVersionId,
    /// The material, sealed; none as long as it is not imported.
    pub sealed: Option<Vec<u8>>,
    /// Since when.
    pub created: Timestamp,
}

/// Another name of a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AliasRecord {
    /// The owner.
    pub account: AccountId,
    /// The name, unique in the account.
    pub name: AliasName,
    /// The key that it names.
    pub key: KeyId,
    /// Since when.
    pub created: Timestamp,
}

/// What a listed key must have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyCondition {
    /// What is looked at.
    pub field: KeyField,
    /// One of these has to fit.
    pub any_of: Vec<String>,
}

/// What a [`KeyCondition`] looks at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyField {
    /// The key has this alias.
    AliasName,
    /// Who made it.
    Creator,
    /// The key's own id.
    Id,
    /// The KMS instance it lives in.
    InstanceId,
    /// Where its material comes from.
    Origin,
    /// What it is made of.
    Spec,
    /// What can be asked of it now.
    State,
    /// A tag has this key.
    TagKey,
    /// A tag, of whichever key, has this value.
    TagValue,
    /// What it is for.
    Usage,
}
