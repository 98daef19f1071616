//! How much an instance may hold, and holds.

use jiff::Timestamp;
use kms_store::{Mode, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::{GetKmsInstanceQuotaInfos, QuotaKind},
    response::{self, KmsInstanceQuotaInfo},
};
use serde_json::json;

use super::{Instance, principals, reachable};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    events::{self, Event, Level},
    failure::Failure,
    keys::MOST_KEYS_IN_INSTANCE,
};

/// What is left of an instance's access-management quota (seed 003: principals and VPCs
/// together are at most what was bought).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Room {
    /// What was bought; none is without limit.
    pub(crate) limit: Option<u32>,
    /// Networks and principals.
    pub(crate) used: usize,
}

/// What shares of the quota are told of, in percent (reference accesskey §1, row 10).
const TOLD: [(u64, Level); 2] = [(70, Level::Warn), (90, Level::Critical)];

// === impl Room ===

impl Room {
    /// That it is not used beyond its limit.
    ///
    /// # Errors
    /// `Rejected.ShareQuotaExceedLimit`.
    pub(crate) fn check(self) -> Result<(), ApiError> {
        if self.is_over() {
            return Err(ApiError::new(
                ErrorCode::ShareQuotaExceedLimit,
                "Instance Share Quota Exceed Limit.",
            ));
        }
        Ok(())
    }

    /// Whether more is used than there is.
    pub(crate) fn is_over(self) -> bool {
        let limit = self.limit.map(usize::try_from);
        matches!(limit, Some(Ok(limit)) if self.used > limit)
    }

    /// How far it is used, as one of the shares that are told of, or 0.
    fn share(self) -> u64 {
        let Some(limit @ 1..) = self.limit.map(u64::from) else {
            return 0;
        };
        let used = u64::try_from(self.used).unwrap_or(u64::MAX);
        let reached = TOLD
            .iter()
            .filter(|(percent, _)| used.saturating_mul(100) >= percent.saturating_mul(limit));
        reached.map(|(percent, _)| *percent).max().unwrap_or(0)
    }
}

impl Service {
    /// GetKmsInstanceQuotaInfos. What has no limit is not told.
    pub(crate) async fn instance_quotas(
        &self,
        caller: &Caller,
        call: GetKmsInstanceQuotaInfos,
    ) -> Result<response::GetKmsInstanceQuotaInfos, Failure> {
        let action = Action::GetKmsInstanceQuotaInfos;
        let Some(id) = &call.instance else {
            self.own(caller, action, Resource::Account)?;
            return Err(ApiError::missing_parameter("KmsInstanceId").into());
        };
        let account = self.own(caller, action, Resource::instance(id.as_str()))?;
        let kinds = match call.kind {
            Some(kind) => vec![kind],
            None => QuotaKind::ALL.to_vec(),
        };
        let kinds = &kinds;
        let infos = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let found = reachable(tx, account, id.as_str()).await?;
                    let (owner, instance) = found.ok_or_else(ApiError::not_found)?;
                    let mut infos = Vec::new();
                    for kind in kinds {
                        infos.extend(info(tx, &owner, &instance, *kind).await?);
                    }
                    Ok::<_, Failure>(infos)
                })
            })
            .await?;
        Ok(response::GetKmsInstanceQuotaInfos {
            kms_instance_id: id.to_string(),
            kms_instance_quota_infos: infos,
        })
    }
}

async fn info(
    tx: &mut dyn Tx,
    owner: &AccountId,
    instance: &Named<Instance>,
    kind: QuotaKind,
) -> Result<Option<KmsInstanceQuotaInfo>, Failure> {
    let purchase = instance.body.purchase.as_ref();
    let limit = match kind {
        QuotaKind::Key => Some(purchase.map_or(MOST_KEYS_IN_INSTANCE, |own| own.keys)),
        QuotaKind::Secret => purchase.map(|own| own.secrets),
        QuotaKind::Qps => purchase.map(|own| own.spec),
        QuotaKind::Vpc => instance.body.accesses,
    };
    let Some(limit) = limit else {
        return Ok(None);
    };
    let used = match kind {
        QuotaKind::Key => tx.keys().count_in_instance(&instance.name).await?,
        QuotaKind::Secret => tx.secrets().count_in_instance(&instance.name).await?,
        // What is used of a second is over before it is told.
        QuotaKind::Qps => 0,
        QuotaKind::Vpc => {
            let used = room(tx, owner, instance).await?.used;
            u64::try_from(used).unwrap_or(u64::MAX)
        }
    };
    Ok(Some(KmsInstanceQuotaInfo {
        resource_type: kind.as_str().to_owned(),
        resource_quota: limit.into(),
        used_quantity: used,
    }))
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
        used: instance.body.vpcs() + principals.len(),
    })
}

/// Tells, once each, of the shares of the quota that were reached since somebody asked last.
/// For whoever has used more of it or less, in the same transaction; nothing that is not kept.
pub(crate) async fn announce(
    tx: &mut dyn Tx,
    owner: &AccountId,
    id: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    let Some(mut instance) = documents::look_up::<Instance>(tx, owner, id).await? else {
        return Ok(());
    };
    let room = room(tx, owner, &instance).await?;
    let (before, after) = (instance.body.announced, room.share());
    if room.is_over() || before == after {
        return Ok(());
    }
    for (percent, level) in TOLD {
        if before < percent && percent <= after {
            let event = Event {
                name: format!("Instance:AccessQuota:{percent}"),
                level,
                resource: format!("keystore/{id}"),
                content: json!({"Quota": room.limit, "Used": room.used}),
            };
            let millis = now.as_millisecond();
            let key = format!("instance/{id}/access-quota/{percent}/{millis}");
            events::raise(tx, owner, &key, &event, now).await?;
        }
    }
    instance.body.announced = after;
    documents::update(tx, owner, &instance).await
}

/// That one more key fits into an instance that was bought; whose keys the others are does
/// not matter.
///
/// # Errors
/// `Rejected.LimitExceeded`.
pub(crate) async fn check_key_room(
    tx: &mut dyn Tx,
    instance: &Named<Instance>,
) -> Result<(), Failure> {
    let Some(purchase) = &instance.body.purchase else {
        return Ok(());
    };
    let there = tx.keys().count_in_instance(&instance.name).await?;
    full(there, purchase.keys, "keys")
}

/// The same for a secret.
///
/// # Errors
/// `Rejected.LimitExceeded`.
pub(crate) async fn check_secret_room(
    tx: &mut dyn Tx,
    instance: &Named<Instance>,
) -> Result<(), Failure> {
    let Some(purchase) = &instance.body.purchase else {
        return Ok(());
    };
    let there = tx.secrets().count_in_instance(&instance.name).await?;
    full(there, purchase.secrets, "secrets")
}

fn full(there: u64, most: u32, what: &str) -> Result<(), Failure> {
    if there >= u64::from(most) {
        return Err(ApiError::new(
            ErrorCode::LimitExceeded,
            format!("The KMS instance has as many {what} as were bought."),
        )
        .into());
    }
    Ok(())
}

// === impl Instance ===

impl Instance {
    /// How many VPCs reach it; one is one, by however many vSwitches.
    fn vpcs(&self) -> usize {
        let own = self.networks.iter();
        let vpcs: std::collections::BTreeSet<_> = own.map(|own| (&own.owner, &own.vpc)).collect();
        vpcs.len()
    }
}
