//! What happens to keys in time, done now and then. Nothing waits for it but the making of
//! new versions: a key whose time has come is gone, and material that is over is refused,
//! also while nobody has swept.

use kms_store::Mode;
use kms_wire::ApiError;

use crate::{Service, failure::Failure};

/// How many keys of each kind in one go.
const SWEEP: u32 = 100;

impl Service {
    /// Removes keys whose window is over, destroys imported material that has expired, and
    /// rotates keys that are due: a hundred of each at most; how many there were. For a task
    /// that runs now and then, on each server: what another one did already is not done
    /// again.
    ///
    /// # Errors
    /// `ServiceUnavailableTemporary`, `InternalFailure`.
    pub async fn sweep_keys(&self) -> Result<usize, ApiError> {
        let swept = async {
            let removed = self.remove_due_keys().await?;
            let expired = self.expire_material().await?;
            Ok(removed + expired + self.rotate_due_keys().await?)
        };
        swept.await.map_err(Failure::into_api_error)
    }

    async fn remove_due_keys(&self) -> Result<usize, Failure> {
        let now = self.now();
        let removed = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let due = tx.keys().due(now, SWEEP).await?;
                    for key in &due {
                        tx.keys().remove(&key.id).await?;
                    }
                    Ok::<_, Failure>(due)
                })
            })
            .await?;
        for key in &removed {
            self.handles().forget(&key.id);
        }
        Ok(removed.len())
    }

    async fn expire_material(&self) -> Result<usize, Failure> {
        let now = self.now();
        let expired = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let due = tx.keys().due_for_expiry(now, SWEEP).await?;
                    let mut ids = Vec::with_capacity(due.len());
                    for key in due {
                        ids.push(key.id.clone());
                        self.take_material_away(tx, key).await?;
                    }
                    Ok::<_, Failure>(ids)
                })
            })
            .await?;
        for id in &expired {
            self.handles().forget(id);
        }
        Ok(expired.len())
    }

    async fn rotate_due_keys(&self) -> Result<usize, Failure> {
        let now = self.now();
        let due = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(
                    async move { Ok::<_, Failure>(tx.keys().due_for_rotation(now, SWEEP).await?) },
                )
            })
            .await?;
        let mut rotated = 0;
        for key in &due {
            if self.rotate_due(key, now).await? {
                rotated += 1;
            }
        }
        Ok(rotated)
    }
}
