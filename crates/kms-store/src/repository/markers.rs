use async_trait::async_trait;

use crate::StoreError;

/// What a piece of work that takes several transactions notes about its progress, so that
/// whoever goes on with it knows.
#[async_trait]
pub trait Markers: Send {
    /// What is noted under that name.
    async fn get(&mut self, name: &str) -> Result<Option<String>, StoreError>;

    /// Notes something in place of what was noted.
    async fn put(&mut self, name: &str, body: &str) -> Result<(), StoreError>;

    /// Takes the note away, if there is one.
    async fn remove(&mut self, name: &str) -> Result<(), StoreError>;
}
