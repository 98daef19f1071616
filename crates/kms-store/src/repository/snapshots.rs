use std::io::{Read, Write};

use async_trait::async_trait;

use crate::StoreError;

/// The whole store at once; [`crate::export`] and [`crate::import`] are the usual callers.
#[async_trait]
pub trait Snapshots: Send {
    /// Whether the store holds nothing but notes about its restoration.
    async fn is_empty(&mut self) -> Result<bool, StoreError>;

    /// Writes everything; how many records.
    async fn export(&mut self, note: &str, to: &mut (dyn Write + Send)) -> Result<u64, StoreError>;

    /// Adds everything that a snapshot holds; how many records. On an error the transaction
    /// must not commit.
    async fn import(&mut self, from: &mut (dyn Read + Send)) -> Result<u64, StoreError>;
}
