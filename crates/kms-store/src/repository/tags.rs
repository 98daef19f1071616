use async_trait::async_trait;

use crate::{ListedTag, SecretId, StoreError, TagQuery, TagRecord, Tagged};

/// Tags of secrets and keys.
#[async_trait]
pub trait Tags: Send {
    /// The resource's tags, by key.
    async fn of(&mut self, resource: &Tagged) -> Result<Vec<TagRecord>, StoreError>;

    /// The tags of all these secrets, by secret and key, in one query.
    async fn of_secrets(
        &mut self,
        secrets: &[SecretId],
    ) -> Result<Vec<(SecretId, TagRecord)>, StoreError>;

    /// Adds a tag or changes its value; `Gone` if there is no such resource.
    async fn put(&mut self, resource: &Tagged, tag: &TagRecord) -> Result<(), StoreError>;

    /// Takes a tag away, if it is there.
    async fn remove(&mut self, resource: &Tagged, key: &str) -> Result<(), StoreError>;

    /// Tags of several resources, by resource and key.
    async fn list(&mut self, query: &TagQuery) -> Result<Vec<ListedTag>, StoreError>;
}
