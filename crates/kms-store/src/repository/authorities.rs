use async_trait::async_trait;

use crate::{AuthorityRecord, StoreError};

/// Certificate authorities that all servers of the store share.
#[async_trait]
pub trait Authorities: Send {
    /// The authority of that name.
    async fn find(&mut self, name: &str) -> Result<Option<AuthorityRecord>, StoreError>;

    /// Adds one; `Taken` if it exists.
    async fn insert(&mut self, authority: &AuthorityRecord) -> Result<(), StoreError>;
}
