use jiff::SignedDuration;
use kms_store::{KeyRecord, Mode};
use kms_types::{KeyOrigin, KeyState};
use kms_wire::{
    Action, ApiError,
    request::{
        CancelKeyDeletion, DisableKey, EnableKey, ScheduleKeyDeletion, UpdateKeyDescription,
    },
    response,
};

use super::{
    KeyWish,
    refusal::{not_enabled, wrong_state},
    state::{check_stays, state},
};
use crate::{Caller, Service, failure::Failure};

/// Longest description in characters, as CreateKey takes it.
const LONGEST_DESCRIPTION: usize = 8192;

impl Service {
    /// EnableKey. One that is enabled stays so.
    pub(crate) async fn enable_key(
        &self,
        caller: &Caller,
        call: EnableKey,
    ) -> Result<response::Empty, Failure> {
        let wish = self.wish(caller, Action::EnableKey, &call.key);
        self.change_key(wish, |key| match state(key, wish.now) {
            KeyState::Enabled | KeyState::Disabled => {
                key.state = KeyState::Enabled;
                Ok(())
            }
            other => Err(not_enabled(other)),
        })
        .await
    }

    /// DisableKey. One that is disabled stays so.
    pub(crate) async fn disable_key(
        &self,
        caller: &Caller,
        call: DisableKey,
    ) -> Result<response::Empty, Failure> {
        let wish = self.wish(caller, Action::DisableKey, &call.key);
        self.change_key(wish, |key| match state(key, wish.now) {
            KeyState::Enabled | KeyState::Disabled => {
                key.state = KeyState::Disabled;
                Ok(())
            }
            other => Err(not_enabled(other)),
        })
        .await
    }

    /// UpdateKeyDescription.
    pub(crate) async fn update_key_description(
        &self,
        caller: &Caller,
        call: UpdateKeyDescription,
    ) -> Result<response::Empty, Failure> {
        let description = call.description.unwrap_or_default();
        if description.chars().count() > LONGEST_DESCRIPTION {
            let why = "must have 0 to 8192 characters";
            return Err(ApiError::invalid_parameter("Description", why).into());
        }
        let wish = self.wish(caller, Action::UpdateKeyDescription, &call.key);
        let description = &description;
        self.change_key(wish, |key| {
            check_stays(key)?;
            description.clone_into(&mut key.description);
            Ok(())
        })
        .await
    }

    /// ScheduleKeyDeletion.
    pub(crate) async fn schedule_key_deletion(
        &self,
        caller: &Caller,
        call: ScheduleKeyDeletion,
    ) -> Result<response::Empty, Failure> {
        let wish = self.wish(caller, Action::ScheduleKeyDeletion, &call.key);
        let window = SignedDuration::from_hours(24 * i64::from(call.pending_window_days.get()));
        self.change_key(wish, |key| {
            check_stays(key)?;
            if key.deletion_protection {
                return Err(wrong_state("The key is protected from deletion."));
            }
            key.state = KeyState::PendingDeletion;
            key.planned_delete = wish.now.checked_add(window).ok();
            Ok(())
        })
        .await
    }

    /// CancelKeyDeletion: the key works again (KMS manual, CancelKeyDeletion), also if it
    /// was disabled before. Without material it waits for that.
    pub(crate) async fn cancel_key_deletion(
        &self,
        caller: &Caller,
        call: CancelKeyDeletion,
    ) -> Result<response::Empty, Failure> {
        let wish = self.wish(caller, Action::CancelKeyDeletion, &call.key);
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut key = self.key(tx, wish).await?;
                if key.state != KeyState::PendingDeletion {
                    return Err(wrong_state("The key does not wait for deletion.").into());
                }
                let has_material =
                    key.origin == KeyOrigin::Kms || self.has_import(tx, &key).await?;
                key.state = if has_material {
                    KeyState::Enabled
                } else {
                    KeyState::PendingImport
                };
                key.planned_delete = None;
                Ok::<_, Failure>(tx.keys().update(&key).await?)
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// Changes what stands in the key's record.
    ///
    /// # Errors
    /// Those of [`Service::key`] and of the change.
    pub(super) async fn change_key<F>(
        &self,
        wish: KeyWish<'_>,
        change: F,
    ) -> Result<response::Empty, Failure>
    where
        F: Fn(&mut KeyRecord) -> Result<(), ApiError> + Send + Sync,
    {
        let change = &change;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut key = self.key(tx, wish).await?;
                change(&mut key)?;
                Ok::<_, Failure>(tx.keys().update(&key).await?)
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}
