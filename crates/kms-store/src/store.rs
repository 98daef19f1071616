use async_trait::async_trait;

use crate::StoreError;

/// What a transaction may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Sees one moment of the store, changes nothing.
    Read,
    /// One at a time.
    Write,
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync {
    /// Opens a transaction.
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, StoreError>;
}

/// A transaction; dropped without [`Tx::commit`], it never happened.
#[async_trait]
pub trait Tx: Send {
    /// Makes it durable.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
