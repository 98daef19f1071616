use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use kms_types::AccountId;

use crate::{NewRotation, RotationRecord, SecretId, StoreError};

/// The journal of rotations. A worker claims one, does a step, writes that down in the same
/// transaction as what the step did to the secret, and so on; the fence number keeps a worker
/// that was taken for dead from writing anything. Leases end as those of [`crate::Leases`] do.
#[async_trait]
pub trait Rotations: Send {
    /// Adds a rotation; `Taken` if the id exists, or if another one of this secret or subject
    /// is not finished.
    async fn insert(&mut self, new: &NewRotation) -> Result<(), StoreError>;

    /// The rotation of that id.
    async fn find(&mut self, id: &str) -> Result<Option<RotationRecord>, StoreError>;

    /// The secret's rotations, newest first, at most that many.
    async fn of_secret(
        &mut self,
        secret: SecretId,
        limit: u32,
    ) -> Result<Vec<RotationRecord>, StoreError>;

    /// How many of the account's rotations of these kinds began since, finished or not.
    async fn count_since(
        &mut self,
        account: &AccountId,
        kinds: &[&str],
        since: Timestamp,
    ) -> Result<u64, StoreError>;

    /// How many are not finished, of all accounts.
    async fn count_unfinished(&mut self) -> Result<u64, StoreError>;

    /// Claims one that is not finished, is due and nobody's, the longest due first.
    async fn claim(
        &mut self,
        owner: &str,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<RotationRecord>, StoreError>;

    /// Prolongs the lease; `Deposed` if another one claimed it since.
    async fn renew(
        &mut self,
        id: &str,
        fence: i64,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<(), StoreError>;

    /// Writes step, body, sealed body, attempts, next try, window and error; `Deposed` if
    /// another one claimed it since, and then the transaction must not commit.
    async fn advance(&mut self, rotation: &RotationRecord) -> Result<(), StoreError>;

    /// Gives it back, for whoever claims it when it is due; `Deposed` as above.
    async fn release(&mut self, id: &str, fence: i64) -> Result<(), StoreError>;

    /// Gives back all that somebody claimed, due or not; how many. For a server that has the
    /// store to itself, before its own workers begin: whoever claimed them is dead.
    async fn release_all(&mut self) -> Result<u64, StoreError>;

    /// Ends it: writes step, body, attempts and error, forgets the sealed body; `Deposed` as
    /// above.
    async fn finish(&mut self, rotation: &RotationRecord, now: Timestamp)
    -> Result<(), StoreError>;

    /// Removes those that finished before; how many.
    async fn forget(&mut self, before: Timestamp) -> Result<u64, StoreError>;
}
