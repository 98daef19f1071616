use jiff::SignedDuration;
use kms_store::{Mode, RotationRecord};

use super::journal::FAILED;
use crate::{Service, SetupError, failure::Failure};

/// What there is to rotate, of all accounts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct RotationLoad {
    /// Rotations that are not finished; the windows of those whose new value is current count.
    pub unfinished: u64,
    /// Secrets whose time came ten minutes ago or earlier and whose rotation has not begun;
    /// no more than [`MOST_OVERDUE`] are counted.
    pub overdue: u64,
}

/// Up to here secrets that are overdue are counted.
pub const MOST_OVERDUE: u32 = 1_000;

/// How late a rotation begins that is only late: workers look every few seconds.
const LATE: SignedDuration = SignedDuration::from_mins(10);

impl Service {
    /// How much there is to rotate.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn rotation_load(&self) -> Result<RotationLoad, SetupError> {
        let due = self.now().checked_sub(LATE).unwrap_or_else(|_| self.now());
        let load = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let overdue = tx.secrets().count_overdue(due, MOST_OVERDUE).await?;
                    Ok::<_, Failure>(RotationLoad {
                        unfinished: tx.rotations().count_unfinished().await?,
                        overdue,
                    })
                })
            })
            .await?;
        Ok(load)
    }
}

/// Whether the rotation is over and came to nothing.
pub(crate) fn has_failed(row: &RotationRecord) -> bool {
    row.finished.is_some() && row.step == FAILED
}
