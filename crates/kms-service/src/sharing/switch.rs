use kms_store::Mode;
use kms_types::ErrorCode;
use kms_wire::{Action, ApiError, response};

use super::change::ALL;
use crate::{Caller, Service, directory, documents, failure::Failure};

impl Service {
    /// EnableSharingWithResourceDirectory, for the account that manages the directory.
    pub(crate) async fn enable_sharing(&self, caller: &Caller) -> Result<response::Empty, Failure> {
        let action = Action::EnableSharingWithResourceDirectory;
        let account = self.own(caller, action, ALL)?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let place = directory::of(tx, account).await?;
                let place = place.filter(|place| place.manager == *account);
                let mut place = place.ok_or_else(directory::not_permitted)?;
                if place.directory.body.shares {
                    return Err(ApiError::new(
                        ErrorCode::SharingAlreadyEnabled,
                        "You have already enabled sharing with the Resource Directory.",
                    )
                    .into());
                }
                place.directory.body.shares = true;
                documents::update(tx, account, &place.directory).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// CheckSharingWithResourceDirectoryStatus, for whoever is in the directory or in none.
    pub(crate) async fn check_sharing(
        &self,
        caller: &Caller,
    ) -> Result<response::CheckSharingWithResourceDirectoryStatus, Failure> {
        let action = Action::CheckSharingWithResourceDirectoryStatus;
        let account = self.own(caller, action, ALL)?;
        let place = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { directory::of(&mut *tx, account).await })
            })
            .await?;
        Ok(response::CheckSharingWithResourceDirectoryStatus {
            enable_sharing_with_rd: place.is_some_and(|place| place.directory.body.shares),
        })
    }
}
