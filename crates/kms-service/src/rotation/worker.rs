//! The worker: claims a rotation, does what can be done of it now, writes down what came of
//! it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::SignedDuration;
use kms_store::{Mode, RotationRecord, StoreError};
use tokio::time::sleep;

use super::journal::{Done, Engine, Kind};
use crate::{Service, SetupError, failure::Failure};

/// What this server's workers share.
#[derive(Default)]
pub(crate) struct Turns {
    claims: tokio::sync::Mutex<()>,
    /// When it was last looked for secrets whose time has come, by the monotonic clock.
    looked: Mutex<Option<Duration>>,
}

/// How often that is done while there is other work.
const LOOK: Duration = Duration::from_secs(1);

impl Service {
    /// Begins rotations whose time has come, and works on one rotation, if any is there to be
    /// worked on, until it has to wait or did a step that somebody else does; whether there
    /// may be more to do at once. `owner` names the worker: two that work at the same time
    /// must not have the same name.
    ///
    /// # Errors
    /// Those of the store; what rotators and RAM do wrong is noted in the journal.
    pub async fn rotate(&self, owner: &str) -> Result<bool, SetupError> {
        // While there is work, what is due need not be looked for each time.
        let has_looked = self.turns().looks_now(self.monotonic());
        let begun = has_looked && self.begin_due().await?;
        if self.work_on_one(owner).await? || begun {
            return Ok(true);
        }
        Ok(!has_looked && self.begin_due().await?)
    }

    /// Gives back what workers of before have claimed, and all else that one server at a time
    /// does; how many rotations. For a server that has its store to itself, before its first
    /// worker begins: they are dead, and nobody has to wait until their leases end.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn inherit(&self) -> Result<u64, SetupError> {
        let given_back = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    (*tx).leases().release_all().await?;
                    Ok::<_, Failure>((*tx).rotations().release_all().await?)
                })
            })
            .await?;
        Ok(given_back)
    }

    async fn work_on_one(&self, owner: &str) -> Result<bool, Failure> {
        let now = self.now();
        // Here, so that the first moment that this server knows of is an early one.
        self.window_now();
        let lease = self.rotation().lease;
        // One at a time in this process: two that claim at once are after the same row.
        let turn = self.turns().claims.lock().await;
        let claimed = self
            .tx(Mode::Record, |mut tx| {
                Box::pin(async move {
                    Ok::<_, Failure>((*tx).rotations().claim(owner, now, lease).await?)
                })
            })
            .await?;
        drop(turn);
        let Some(row) = claimed else {
            return Ok(false);
        };
        let worked = tokio::select! {
            biased;
            worked = self.work_on(&row) => worked,
            failure = self.hold_lease(&row, lease) => Err(failure),
        };
        match worked {
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

    async fn work_on(&self, row: &RotationRecord) -> Result<(), Failure> {
        match Kind::of(row)?.engine {
            Engine::Webhook => self.ask_rotator(row).await,
            Engine::AccessKey => self.rotate_access_key(row.clone()).await,
        }
    }

    /// Prolongs the lease as long as the work takes, which rotators and RAM decide; why it could
    /// not, once another worker has the rotation.
    async fn hold_lease(&self, row: &RotationRecord, lease: SignedDuration) -> Failure {
        loop {
            sleep(lease.unsigned_abs() / 3).await;
            let now = self.now();
            let renewed = self.tx(Mode::Record, |mut tx| {
                Box::pin(async move {
                    let renewed = (*tx).rotations().renew(&row.id, row.fence, now, lease);
                    Ok::<_, Failure>(renewed.await?)
                })
            });
            match renewed.await {
                Ok(()) => {}
                Err(Failure::Store(StoreError::Deposed)) => {
                    return Failure::Store(StoreError::Deposed);
                }
                // The next time may be in time, and if it is not, the fence holds.
                Err(failure) => tracing::warn!(
                    rotation = %row.id,
                    error = %failure,
                    "the lease of a rotation could not be prolonged"
                ),
            }
        }
    }

    /// What this server could not do is tried again later, without end: the secret's owner
    /// has no part in it.
    async fn put_off(&self, row: &RotationRecord) -> Result<(), Failure> {
        let mut later = self.row_now(row).await?;
        later.attempts += 1;
        "this server failed; its log says why".clone_into(&mut later.error);
        self.write_down(later, Done::Waits).await
    }
}

// === impl Turns ===

impl Turns {
    /// Whether it is time to look; for one of those who ask at once.
    fn looks_now(&self, now: Duration) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = looked.is_none_or(|last| now.saturating_sub(last) >= LOOK);
        if is_time {
            *looked = Some(now);
        }
        is_time
    }
}
