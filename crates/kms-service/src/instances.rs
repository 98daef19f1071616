//! KMS instances (reference kms-api §4).

use std::collections::BTreeSet;

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
    documents::{self, Document, Named},
    failure::Failure,
    keys::MOST_KEYS_IN_INSTANCE,
    sharing::{self, Shared, SharedKind},
};

/// A KMS instance. Its document's name is its id, and its document's account owns it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Instance {
    pub(crate) status: Status,
    /// The CA of its gateway's certificate, PEM; empty if nobody said.
    #[serde(default)]
    ca: String,
    /// How many networks and accounts may reach it; without limit if it was not bought but
    /// configured.
    #[serde(default)]
    accesses: Option<u32>,
    /// The networks that reach it, its own first; none are needed to reach one that was
    /// configured.
    #[serde(default)]
    pub(crate) networks: Vec<Attachment>,
}

/// How far the cloud came with it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Status {
    /// It answers.
    #[default]
    Connected,
}

/// A network that reaches an instance.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Attachment {
    pub(crate) vpc: String,
    pub(crate) vswitch: String,
    pub(crate) region: String,
    /// Whose VPC it is.
    pub(crate) owner: AccountId,
}

/// What is left of an instance's access-management quota (seed 003: principals and VPCs
/// together are at most what was bought).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Room {
    /// What was bought; none is without limit.
    pub(crate) limit: Option<u32>,
    /// Networks and principals.
    pub(crate) used: usize,
}

impl Room {
    /// Whether more is used than was bought.
    pub(crate) fn is_over(self) -> bool {
        let limit = self.limit.and_then(|limit| usize::try_from(limit).ok());
        limit.is_some_and(|limit| self.used > limit)
    }
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
                    let instance = Instance::default();
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

impl Instance {
    /// Whether only networks reach it: it was bought, not configured.
    pub(crate) fn is_in_networks(&self) -> bool {
        self.accesses.is_some() || !self.networks.is_empty()
    }
}

/// Whether what is to live in an instance names one that the account owns or that is shared
/// with it; empty text names none and is fine.
///
/// # Errors
/// `Forbidden.DKMSInstanceNotFound`.
pub(crate) async fn check(tx: &mut dyn Tx, account: &AccountId, id: &str) -> Result<(), Failure> {
    if id.is_empty() || reachable(tx, account, id).await?.is_some() {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::InstanceNotFound,
        "The specified DKMS instance is not found.",
    )
    .into())
}

/// The instance, with its owner, if the account owns it or has it shared.
pub(crate) async fn reachable(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
) -> Result<Option<(AccountId, Named<Instance>)>, Failure> {
    let Some((owner, instance)) = anywhere(tx, id).await? else {
        return Ok(None);
    };
    let reaches = owner == *account
        || principals(tx, &owner, &instance.name)
            .await?
            .contains(account);
    Ok(reaches.then_some((owner, instance)))
}

/// The instance of that id, whoever owns it.
pub(crate) async fn anywhere(
    tx: &mut dyn Tx,
    id: &str,
) -> Result<Option<(AccountId, Named<Instance>)>, Failure> {
    Ok(documents::everywhere::<Instance>(tx, Some(id)).await?.pop())
}

/// How much of its access-management quota is used, as the transaction sees it. Asked in the
/// transaction that uses more of it, it keeps the quota however many do so at once.
pub(crate) async fn room(
    tx: &mut dyn Tx,
    owner: &AccountId,
    instance: &Named<Instance>,
) -> Result<Room, Failure> {
    let principals = principals(tx, owner, &instance.name).await?;
    Ok(Room {
        limit: instance.body.accesses,
        used: instance.body.networks.len() + principals.len(),
    })
}

/// The accounts that have it shared.
pub(crate) async fn principals(
    tx: &mut dyn Tx,
    owner: &AccountId,
    id: &str,
) -> Result<BTreeSet<AccountId>, Failure> {
    let shared = Shared {
        kind: SharedKind::KmsInstance,
        id: id.to_owned(),
    };
    sharing::principals(tx, owner, &shared).await
}

#[cfg(test)]
mod tests;
