//! KMS instances (reference kms-api §4).

use kms_store::{AccountRecord, DocumentKind, Mode, Page, Tx};
use kms_types::{AccountId, ErrorCode, InstanceId};
use kms_wire::{
    Action, ApiError,
    request::{GetKmsInstance, ListKmsInstances},
    response, write_timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    Caller, Service, SetupError,
    authorise::Resource,
    documents::{self, Document},
    failure::Failure,
    keys::MOST_KEYS_IN_INSTANCE,
};

/// A KMS instance. Its document's name is its id.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Instance {
    status: Status,
    /// The CA of its gateway's certificate, PEM; empty if nobody said.
    #[serde(default)]
    ca: String,
}

/// How far the cloud came with it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
enum Status {
    /// It answers.
    Connected,
}

impl Document for Instance {
    const KIND: DocumentKind = DocumentKind::Instance;
}

impl Service {
    /// Makes the account's instance of that id, connected and ready, unless it exists.
    ///
    /// # Errors
    /// `Store`, `Document`.
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
                let found = documents::look_up::<Instance>(tx, account, id.as_str()).await?;
                if found.is_none() {
                    let instance = Instance {
                        status: Status::Connected,
                        ca: String::new(),
                    };
                    documents::create(tx, account, id.as_str(), &instance, now).await?;
                }
                Ok::<_, Failure>(())
            })
        })
        .await
        .map_err(SetupError::from)
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

    /// GetKmsInstance.
    pub(crate) async fn get_instance(
        &self,
        caller: &Caller,
        call: GetKmsInstance,
    ) -> Result<response::GetKmsInstance, Failure> {
        let Ok(id) = call.kms_instance_id.parse::<InstanceId>() else {
            self.own(caller, Action::GetKmsInstance, Resource::Account)?;
            return Err(ApiError::not_found().into());
        };
        let id = id.as_str();
        let account = self.own(caller, Action::GetKmsInstance, Resource::instance(id))?;
        let found = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::find::<Instance>(&mut *tx, account, id).await })
            })
            .await?;
        let created = write_timestamp(found.created);
        Ok(response::GetKmsInstance {
            kms_instance: response::KmsInstance {
                instance_id: found.name,
                status: match found.body.status {
                    Status::Connected => "Connected".to_owned(),
                },
                start_date: created.clone(),
                create_time: created,
                ca_certificate_chain_pem: found.body.ca,
                key_num: MOST_KEYS_IN_INSTANCE,
                // A software instance.
                product_version: "3".to_owned(),
                ..response::KmsInstance::default()
            },
        })
    }

    /// ListKmsInstances.
    pub(crate) async fn list_instances(
        &self,
        caller: &Caller,
        call: ListKmsInstances,
    ) -> Result<response::ListKmsInstances, Failure> {
        let account = self.own(caller, Action::ListKmsInstances, Resource::Account)?;
        let page = Page {
            number: call.page_number,
            size: call.page_size,
        };
        let (instances, total_count) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::page::<Instance>(&mut *tx, account, page).await })
            })
            .await?;
        let kms_instance = instances
            .into_iter()
            .map(|instance| response::KmsInstanceSummary {
                kms_instance_arn: self.resource_arn(account, Resource::instance(&instance.name)),
                kms_instance_id: instance.name,
            })
            .collect();
        Ok(response::ListKmsInstances {
            kms_instances: response::KmsInstances { kms_instance },
            page_number: call.page_number,
            page_size: call.page_size,
            total_count,
        })
    }
}

/// Whether what is to live in an instance names one that the account has; empty text
/// names none and is fine.
///
/// # Errors
/// `Forbidden.DKMSInstanceNotFound`.
pub(crate) async fn check(tx: &mut dyn Tx, account: &AccountId, id: &str) -> Result<(), Failure> {
    if id.is_empty()
        || documents::look_up::<Instance>(tx, account, id)
            .await?
            .is_some()
    {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::InstanceNotFound,
        "The specified DKMS instance is not found.",
    )
    .into())
}

#[cfg(test)]
mod tests;
