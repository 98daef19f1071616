use jiff::{SignedDuration, Timestamp};
use kms_store::{Mode, StoreError};
use kms_types::ErrorCode;
use kms_wire::{
    Action, ApiError,
    request::{DeleteSecret, RestoreSecret},
    response,
};

use super::{find::Wish, touch, write_time};
use crate::{Caller, Service, failure::Failure};

/// Unless the call says so (reference kms-api §2).
const DEFAULT_WINDOW_DAYS: u32 = 30;
/// Secrets that one sweep removes at most, so that no transaction grows without bound.
const SWEEP: u32 = 100;

impl Service {
    /// DeleteSecret: plans it, or, with force, does it, even to a secret that waits for
    /// deletion already.
    pub(crate) async fn delete_secret(
        &self,
        caller: &Caller,
        call: DeleteSecret,
    ) -> Result<response::DeleteSecret, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let now = self.now();
        let wish = Wish {
            caller,
            action: Action::DeleteSecret,
            target: &target,
            now,
        };
        let planned = if call.force {
            now
        } else {
            let days = call.recovery_window_days.unwrap_or(DEFAULT_WINDOW_DAYS);
            now.saturating_add(SignedDuration::from_hours(i64::from(days) * 24))
                .unwrap_or(Timestamp::MAX)
        };
        {
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if call.force {
                        let secret = self.existing(tx, wish).await?;
                        return Ok(tx.secrets().remove(secret.id).await?);
                    }
                    let mut secret = self.usable(tx, wish).await?;
                    secret.planned_delete = Some(planned);
                    touch(tx, secret, now).await
                })
            })
            .await?;
        }
        Ok(response::DeleteSecret {
            secret_name: target.name.to_string(),
            planned_delete_time: write_time(planned),
        })
    }

    /// RestoreSecret.
    pub(crate) async fn restore_secret(
        &self,
        caller: &Caller,
        call: RestoreSecret,
    ) -> Result<response::SecretNamed, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let now = self.now();
        let wish = Wish {
            caller,
            action: Action::RestoreSecret,
            target: &target,
            now,
        };
        {
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut secret = self.existing(tx, wish).await?;
                    if secret.planned_delete.take().is_none() {
                        return Err(ApiError::new(
                            ErrorCode::ResourceInUse,
                            "The secret is not planned to be deleted.",
                        )
                        .into());
                    }
                    touch(tx, secret, now).await
                })
            })
            .await?;
        }
        Ok(response::SecretNamed {
            secret_name: target.name.to_string(),
        })
    }

    /// Removes secrets whose window is over, at most a hundred; how many there were.
    /// They are as good as gone without it: this only makes room and destroys their data
    /// keys. For a task that runs now and then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sweep(&self) -> Result<usize, StoreError> {
        let now = self.now();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let due = tx.secrets().due(now, SWEEP).await?;
                for id in &due {
                    tx.secrets().remove(*id).await?;
                }
                Ok(due.len())
            })
        })
        .await
    }
}
