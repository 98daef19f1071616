//! Whom the gateway of an instance lets in: accounts that have it, and of these, from its
//! networks only.

use std::{collections::BTreeSet, net::IpAddr, sync::Arc};

use kms_store::{Area, Moment};
use kms_types::{AccountId, ErrorCode, InstanceId, VpcBlock};
use kms_wire::{Action, ApiError};

use super::reach;
use crate::{
    Caller, Gateway, Service,
    failure::Failure,
    instances::{self, Instance},
    remembered::Remembered,
};

/// The gateways of instances, as they were last, as long as nothing changes.
pub(crate) struct Doors(Remembered<InstanceId, Door>);

/// Who comes in by an instance's gateway, from one moment of the store.
#[derive(Debug)]
struct Door {
    /// Its owner, and those whom it is shared with.
    accounts: BTreeSet<AccountId>,
    /// From where; from everywhere if the instance was not bought but configured.
    blocks: Option<Vec<VpcBlock>>,
    /// Until when, among others.
    instance: Instance,
}

/// Instances that are remembered.
const DOORS: usize = 1024;

impl Default for Doors {
    fn default() -> Self {
        Self(Remembered::new(Area::Identity, DOORS))
    }
}

impl Service {
    /// Whether the gateway that the call came in by lets its caller in, by the peer's own
    /// address. Asked at each call: an account whose share was revoked, and a network that
    /// was unbound, are out at once.
    ///
    /// In the cloud nobody says no to who is in another network: no packet arrives.
    ///
    /// # Errors
    /// `Forbidden.NoPermission` for nobody, `Forbidden.DKMSInstanceNotFound` for an account that does not have the instance,
    /// `Forbidden.DKMSInstanceStateInvalid` before it is connected and once what was paid for is over, `Forbidden.VpcNotBound`
    /// for an address.
    pub(crate) async fn admit(&self, caller: &Caller) -> Result<(), Failure> {
        let Gateway::Instance(id) = &caller.gateway else {
            return Ok(());
        };
        let door = match &caller.moment {
            Some(moment) => self.door(id, Some(moment)).await?,
            None => self.door(id, self.moment().await?.as_ref()).await?,
        };
        // Whatever is asked of an instance is KMS's.
        let account = caller.account_for(Action::GetSecretValue)?;
        if !door.accounts.contains(account) {
            return Err(not_shared().into());
        }
        door.instance.check_open(self.now())?;
        if door.admits(caller.source) {
            return Ok(());
        }
        Err(not_bound(id, caller.source).into())
    }

    async fn door(&self, id: &InstanceId, moment: Option<&Moment>) -> Result<Arc<Door>, Failure> {
        let Doors(doors) = self.doors();
        if let Some(door) = doors.at(id, moment) {
            return Ok(door);
        }
        let door = self
            .read(moment, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let Some((owner, instance)) = instances::anywhere(tx, id.as_str()).await?
                    else {
                        return Ok(Door::shut());
                    };
                    let mut accounts = instances::principals(tx, &owner, id.as_str()).await?;
                    accounts.insert(owner);
                    let blocks = if instance.body.is_in_networks() {
                        Some(reach::blocks(tx, &instance.body.networks).await?)
                    } else {
                        None
                    };
                    Ok::<_, Failure>(Door {
                        accounts,
                        blocks,
                        instance: instance.body,
                    })
                })
            })
            .await?;
        let door = Arc::new(door);
        doors.put(id.clone(), moment, &door);
        Ok(door)
    }
}

// === impl Door ===

impl Door {
    /// Of an instance that is no more.
    fn shut() -> Self {
        Self {
            accounts: BTreeSet::new(),
            blocks: Some(Vec::new()),
            instance: Instance::default(),
        }
    }

    fn admits(&self, source: IpAddr) -> bool {
        self.blocks
            .as_ref()
            .is_none_or(|blocks| blocks.iter().any(|block| block.contains(source)))
    }
}

fn not_shared() -> ApiError {
    ApiError::new(
        ErrorCode::InstanceNotFound,
        "The specified DKMS instance is not found: it is neither this account's own nor shared \
         with it.",
    )
}

fn not_bound(id: &InstanceId, source: IpAddr) -> ApiError {
    ApiError::new(
        ErrorCode::VpcNotBound,
        format!(
            "The instance {id} cannot be reached from {source}: the address lies in no VPC that \
             is bound to the instance or connected with one that is."
        ),
    )
}
