//! The worker: claims a rotation, does its next step, writes down what came of it.

use jiff::SignedDuration;
use kms_store::{Mode, RotationRecord, StoreError};

use super::{backoff, step::Done};
use crate::{Service, SetupError, failure::Failure};

/// How long a rotation is its worker's. Longer than any rotator may take to answer, so that
/// none is asked by two at once.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

impl Service {
    /// Begins rotations whose time has come, and does one step of one rotation, if any is
    /// there to be done; whether there may be more to do at once. `owner` names the worker:
    /// two that work at the same time must not have the same name.
    ///
    /// # Errors
    /// Those of the store; what rotators do wrong is noted in the journal.
    pub async fn rotate(&self, owner: &str) -> Result<bool, SetupError> {
        let more = self.begin_due().await?;
        Ok(self.step(owner).await? || more)
    }

    async fn step(&self, owner: &str) -> Result<bool, Failure> {
        let now = self.now();
        let claimed = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    Ok::<_, Failure>((*tx).rotations().claim(owner, now, LEASE).await?)
                })
            })
            .await?;
        let Some(row) = claimed else {
            return Ok(false);
        };
        let came_to = match self.prepare(&row).await {
            Ok(Some(work)) => self.do_step(&row, work).await,
            // The secret is gone: there is nobody to rotate for.
            Ok(None) => self.end_without_secret(&row).await,
            Err(failure) => Err(failure),
        };
        match came_to {
            Ok(()) => Ok(true),
            // Another worker has it, and goes on from what is written.
            Err(Failure::Store(StoreError::Deposed)) => {
                tracing::warn!(rotation = %row.id, "a rotation was taken over by another worker");
                Ok(true)
            }
            Err(failure) => {
                self.put_off(&row).await?;
                Err(failure)
            }
        }
    }

    /// What this server could not do is tried again later, without end: the secret's owner
    /// has no part in it.
    async fn put_off(&self, row: &RotationRecord) -> Result<(), Failure> {
        let mut later = row.clone();
        later.attempts += 1;
        "this server failed; its log says why".clone_into(&mut later.error);
        self.write_down(later, Done::Waits).await
    }

    /// Writes the row and gives it back; the next try waits if the step was not done.
    pub(super) async fn write_down(
        &self,
        mut row: RotationRecord,
        done: Done,
    ) -> Result<(), Failure> {
        let now = self.now();
        match done {
            Done::Goes => {
                row.attempts = 0;
                row.error.clear();
                row.next_try = now;
            }
            Done::Waits => {
                let wait = backoff::after(row.attempts);
                row.next_try = now.checked_add(wait).unwrap_or(now);
            }
        }
        let row = &row;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                tx.rotations().advance(row).await?;
                Ok::<_, Failure>(tx.rotations().release(&row.id, row.fence).await?)
            })
        })
        .await
    }
}
