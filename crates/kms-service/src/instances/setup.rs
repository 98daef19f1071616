//! What whoever runs the server says of instances.

use kms_store::{AccountRecord, Mode};
use kms_types::{AccountId, InstanceId};

use super::Instance;
use crate::{Service, SetupError, documents};

impl Service {
    /// Makes the account's instance of that id, connected and ready, unless it exists.
    ///
    /// # Errors
    /// `Store`, `Document`, `InstanceOfAnother`.
    pub async fn ensure_instance(
        &self,
        account: &AccountId,
        id: &InstanceId,
    ) -> Result<(), SetupError> {
        let now = self.now();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                if tx.accounts().find(account).await?.is_none() {
                    let account = AccountRecord {
                        id: account.clone(),
                        created: now,
                    };
                    tx.accounts().insert(&account).await?;
                }
                let all = documents::everywhere::<Instance>(tx, Some(id.as_str())).await?;
                // An instance is found by its id alone: of two, either might answer.
                if let Some((owner, _)) = all.iter().find(|(owner, _)| owner != account) {
                    return Err(SetupError::InstanceOfAnother {
                        id: id.clone(),
                        owner: owner.clone(),
                    });
                }
                if all.is_empty() {
                    let instance = Instance::default();
                    documents::create(tx, account, id.as_str(), &instance, now).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Says by which CA the instance's gateway is known, for GetKmsInstance to tell.
    ///
    /// # Errors
    /// `Store`, `Document`, `NoSuchInstance`.
    pub async fn set_instance_ca(
        &self,
        account: &AccountId,
        id: &InstanceId,
        ca_pem: &str,
    ) -> Result<(), SetupError> {
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut instance = documents::look_up::<Instance>(tx, account, id.as_str())
                    .await?
                    .ok_or(SetupError::NoSuchInstance)?;
                ca_pem.clone_into(&mut instance.body.ca);
                documents::update(tx, account, &instance).await?;
                Ok(())
            })
        })
        .await
    }
}
