use async_trait::async_trait;
use jiff::Timestamp;
use kms_types::{AccountId, AliasName, KeyId, KeyVersionId};

use crate::{AliasRecord, KeyCondition, KeyRecord, KeyVersionRecord, Page, StoreError};

/// Keys without their material.
#[async_trait]
pub trait Keys: Send {
    /// The account's key of that id.
    async fn find(
        &mut self,
        account: &AccountId,
        id: &KeyId,
    ) -> Result<Option<KeyRecord>, StoreError>;

    /// The key of that id, whichever account it belongs to.
    async fn find_any(&mut self, id: &KeyId) -> Result<Option<KeyRecord>, StoreError>;

    /// Adds a key; `Taken` if it exists.
    async fn insert(&mut self, key: &KeyRecord) -> Result<(), StoreError>;

    /// Writes all that changes about a key (not: account, spec, usage, origin, instance,
    /// creator, created); `Gone` if there is no such key.
    async fn update(&mut self, key: &KeyRecord) -> Result<(), StoreError>;

    /// Removes a key with its versions, aliases and tags; `Gone` if there is none.
    async fn remove(&mut self, id: &KeyId) -> Result<(), StoreError>;

    /// A page of the account's keys that meet all conditions and are not due for removal at
    /// that moment, oldest first; and how many there are on all pages.
    async fn list(
        &mut self,
        account: &AccountId,
        conditions: &[KeyCondition],
        page: Page,
        now: Timestamp,
    ) -> Result<(Vec<KeyRecord>, u64), StoreError>;

    /// How many keys of all accounts are in that instance, those that wait for their removal
    /// among them.
    async fn count_in_instance(&mut self, instance: &str) -> Result<u64, StoreError>;

    /// Keys of all accounts whose planned removal is due, longest overdue first, at most that
    /// many.
    async fn due(&mut self, now: Timestamp, limit: u32) -> Result<Vec<KeyRecord>, StoreError>;

    /// Enabled keys of all accounts whose next rotation is due, as [`Keys::due`].
    async fn due_for_rotation(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<KeyRecord>, StoreError>;

    /// Keys of all accounts whose imported material is to go, as [`Keys::due`].
    async fn due_for_expiry(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<KeyRecord>, StoreError>;
}

/// Versions of keys.
#[async_trait]
pub trait KeyVersions: Send {
    /// The version of that id, whichever key it belongs to: ciphertexts name it alone.
    async fn find(&mut self, id: &KeyVersionId) -> Result<Option<KeyVersionRecord>, StoreError>;

    /// The version of that id and its key, in one query.
    async fn find_with_key(
        &mut self,
        id: &KeyVersionId,
    ) -> Result<Option<(KeyRecord, KeyVersionRecord)>, StoreError>;

    /// The key's versions, oldest first.
    async fn of(&mut self, key: &KeyId) -> Result<Vec<KeyVersionRecord>, StoreError>;

    /// Adds a version; `Taken` if it exists, `Gone` if the key does not.
    async fn insert(&mut self, version: &KeyVersionRecord) -> Result<(), StoreError>;

    /// Writes the material or takes it away; `Gone` if there is no such version.
    async fn set_material(
        &mut self,
        id: &KeyVersionId,
        sealed: Option<&Vec<u8>>,
    ) -> Result<(), StoreError>;
}

/// Other names of keys.
#[async_trait]
pub trait Aliases: Send {
    /// The account's alias of that name.
    async fn find(
        &mut self,
        account: &AccountId,
        name: &AliasName,
    ) -> Result<Option<AliasRecord>, StoreError>;

    /// Adds an alias; `Taken` if it exists, `Gone` if the key does not.
    async fn insert(&mut self, alias: &AliasRecord) -> Result<(), StoreError>;

    /// Lets it name another key; `Gone` if there is no such alias or key.
    async fn update(&mut self, alias: &AliasRecord) -> Result<(), StoreError>;

    /// Removes an alias; `Gone` if there is none.
    async fn remove(&mut self, account: &AccountId, name: &AliasName) -> Result<(), StoreError>;

    /// A page of the account's aliases, by name; and how many there are on all pages.
    async fn list(
        &mut self,
        account: &AccountId,
        page: Page,
    ) -> Result<(Vec<AliasRecord>, u64), StoreError>;

    /// A page of the key's aliases, as [`Aliases::list`].
    async fn of_key(
        &mut self,
        key: &KeyId,
        page: Page,
    ) -> Result<(Vec<AliasRecord>, u64), StoreError>;
}
