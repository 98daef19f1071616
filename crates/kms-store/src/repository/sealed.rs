use async_trait::async_trait;

use crate::{SealedKind, SealedPlace, SealedRecord, StoreError};

/// Everything sealed, for whoever seals it anew under another key: in batches, so that it
/// can be interrupted and servers work meanwhile.
#[async_trait]
pub trait Sealed: Send {
    /// The next records behind the cursor of another one, at most that many; none left if
    /// there are fewer.
    async fn next(
        &mut self,
        kind: SealedKind,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<SealedRecord>, StoreError>;

    /// Writes a record in place of the one that was read; `false`, and nothing happens, if it
    /// is gone or was changed meanwhile.
    async fn replace(
        &mut self,
        place: &SealedPlace,
        former: &[u8],
        sealed: &[u8],
    ) -> Result<bool, StoreError>;
}
