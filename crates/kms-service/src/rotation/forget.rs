use jiff::{SignedDuration, Timestamp};
use kms_store::Mode;

use crate::{Service, SetupError, failure::Failure};

/// How long it is known how a rotation ended: as long as a call that asked for it may come
/// again, and as an AccessKey that one left behind may be found.
const KNOWN: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Service {
    /// Forgets rotations that have been over for 90 days; how many. A version that one of
    /// them made stays known by itself.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn forget_rotations(&self) -> Result<usize, SetupError> {
        let now = self.now();
        let before = now.checked_sub(KNOWN).unwrap_or(Timestamp::UNIX_EPOCH);
        let gone = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move { Ok::<_, Failure>((*tx).rotations().forget(before).await?) })
            })
            .await?;
        Ok(usize::try_from(gone).unwrap_or(usize::MAX))
    }
}
