use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use kms_store::Tx;
use kms_types::{AccountId, ErrorCode};
use kms_wire::ApiError;

use super::share::{Reason, Share};
use crate::{directory::Place, documents, failure::Failure, instances};

/// How much of their quota the instances use that accounts of a directory share with each
/// other. Taken before somebody comes into the directory or into another folder, and compared
/// afterwards in the same transaction: so quotas are kept however many do so at once (I23).
pub(crate) struct Crowd(BTreeMap<Instance, usize>);

/// An instance, by its owner and id.
type Instance = (AccountId, String);

// === impl Crowd ===

impl Crowd {
    pub(crate) async fn of(tx: &mut dyn Tx, place: &Place) -> Result<Self, Failure> {
        let mut used = BTreeMap::new();
        for instance in shared(tx, place).await? {
            if let Some(room) = room(tx, &instance).await? {
                used.insert(instance, room.used);
            }
        }
        Ok(Self(used))
    }

    /// Whether nothing that grew has grown beyond what was bought; and tells how far the quotas
    /// are used now.
    ///
    /// # Errors
    /// `Rejected.ShareQuotaExceedLimit`.
    pub(crate) async fn check(
        &self,
        tx: &mut dyn Tx,
        place: &Place,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let shared = shared(tx, place).await?;
        for instance in &shared {
            let Some(room) = room(tx, instance).await? else {
                continue;
            };
            let before = self.0.get(instance).copied().unwrap_or_default();
            if room.is_over() && room.used > before {
                return Err(ApiError::new(
                    ErrorCode::ShareQuotaExceedLimit,
                    format!(
                        "The KMS instance {} is shared there and lets nobody else in: its access \
                         management quota is used up.",
                        instance.1
                    ),
                )
                .into());
            }
        }
        for (owner, id) in shared.iter().chain(self.0.keys()) {
            instances::announce(tx, owner, id, now).await?;
        }
        Ok(())
    }
}

/// Why the instance cannot be reached by as many as the transaction lets reach it, if so.
pub(super) async fn overflow(
    tx: &mut dyn Tx,
    owner: &AccountId,
    id: &str,
) -> Result<Option<Reason>, Failure> {
    let room = room(tx, &(owner.clone(), id.to_owned())).await?;
    Ok(room.filter(|room| room.is_over()).map(|room| Reason {
        instance: id.to_owned(),
        limit: room.limit.unwrap_or_default(),
        used: room.used,
    }))
}

async fn room(tx: &mut dyn Tx, (owner, id): &Instance) -> Result<Option<instances::Room>, Failure> {
    let Some(instance) = documents::look_up(tx, owner, id).await? else {
        // Released; its associations are there until somebody ends them.
        return Ok(None);
    };
    Ok(Some(instances::room(tx, owner, &instance).await?))
}

/// The instances that anybody in the directory shares.
async fn shared(tx: &mut dyn Tx, place: &Place) -> Result<BTreeSet<Instance>, Failure> {
    let people = crate::directory::People::of(tx, place).await?;
    let mut found = BTreeSet::new();
    for (owner, share) in documents::everywhere::<Share>(tx, None).await? {
        let is_here = people.has(&kms_wire::request::ShareTarget::Account(owner.clone()));
        if !is_here || share.body.targets().next().is_none() {
            continue;
        }
        let ids = share.body.instances().into_iter();
        found.extend(ids.map(|id| (owner.clone(), id)));
    }
    Ok(found)
}
