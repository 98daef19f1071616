use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::StoreError;

/// Leases of work that one server at a time does. They end by the database's clock where
/// several servers share one (PostgreSQL) and by the caller's where they do not (SQLite).
#[async_trait]
pub trait Leases: Send {
    /// Takes the lease, or prolongs it: the number to show in [`Leases::check`], larger for
    /// each owner after another. `None` if another holds it.
    async fn acquire(
        &mut self,
        name: &str,
        owner: &str,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<i64>, StoreError>;

    /// Nothing if nobody else took the lease since; else `Deposed`, and the transaction must
    /// not commit. A lease that is merely over still counts: nobody wanted it.
    async fn check(&mut self, name: &str, fence: i64) -> Result<(), StoreError>;

    /// Gives the lease back; `Deposed` if it is another's by now.
    async fn release(&mut self, name: &str, fence: i64) -> Result<(), StoreError>;

    /// Gives back all, whoever holds them; how many were held. For a server that has the store to
    /// itself, before its own work begins: whoever held them is dead.
    async fn release_all(&mut self) -> Result<u64, StoreError>;
}
