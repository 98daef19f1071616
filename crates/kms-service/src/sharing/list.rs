use kms_store::Mode;
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::{
        AssociationType, ListResourceShareAssociations, ListResourceShares, ListSharedResources,
        ListSharedTargets, Numbered, ResourceOwner, ShareStatus, ShareTarget,
    },
    response,
};

use super::{answer, change::ALL, permissions, portion, reach, share::Share};
use crate::{Caller, Service, documents::Named, failure::Failure};

impl Service {
    /// ListResourceShares, by id.
    pub(crate) async fn list_shares(
        &self,
        caller: &Caller,
        call: ListResourceShares,
    ) -> Result<response::ListResourceShares, Failure> {
        let account = self.own(caller, Action::ListResourceShares, ALL)?;
        let mut found = Vec::new();
        for (owner, share) in self.shares(account, call.owner, &call.shares).await? {
            let permission = call.permission.as_deref();
            let fits = call
                .name
                .as_ref()
                .is_none_or(|name| *name == share.body.name)
                && call
                    .status
                    .is_none_or(|wanted| wanted == answer::status(&share.body))
                && permission.is_none_or(|name| permissions::gives(&share.body, name));
            if fits {
                found.push((vec![share.name.clone()], answer::share(&owner, &share)?));
            }
        }
        let (resource_shares, next_token) = portion::take(found, &call.portion)?;
        Ok(response::ListResourceShares {
            next_token,
            resource_shares,
        })
    }

    /// ListResourceShareAssociations: of the account's own shares, those that failed or ended
    /// among them.
    pub(crate) async fn list_associations(
        &self,
        caller: &Caller,
        call: ListResourceShareAssociations,
    ) -> Result<response::ResourceShareAssociations, Failure> {
        let account = self.own(caller, Action::ListResourceShareAssociations, ALL)?;
        let is_mixed = match call.kind {
            AssociationType::Resource => call.target.is_some(),
            AssociationType::Target => call.resource.is_some(),
        };
        if is_mixed {
            return Err(ApiError::new(
                ErrorCode::AssociationTypeConflict,
                "The specified ResourceId or Target conflicts with AssociationType.",
            )
            .into());
        }
        let now = self.now();
        let mut found = Vec::new();
        for (owner, share) in self
            .shares(account, ResourceOwner::Own, &call.shares)
            .await?
        {
            match call.kind {
                AssociationType::Resource => {
                    for own in &share.body.resources {
                        let fits = call.resource.as_ref().is_none_or(|id| *id == own.of.id);
                        if fits && !own.is_forgotten(now) {
                            found.push(answer::resource(self, &owner, &share, own)?);
                        }
                    }
                }
                AssociationType::Target => {
                    for own in &share.body.targets {
                        let fits = call.target.as_ref().is_none_or(|target| *target == own.of);
                        if fits && !own.is_forgotten(now) {
                            found.push(answer::target(&share, own)?);
                        }
                    }
                }
            }
        }
        if let Some(status) = call.status {
            found.retain(|own| own.association_status == status.as_str());
        }
        let keyed = found.into_iter().map(|own| {
            let key = [&own.resource_share_id, &own.entity_type, &own.entity_id];
            (key.map(String::clone).to_vec(), own)
        });
        let (resource_share_associations, next_token) =
            portion::take(keyed.collect(), &call.portion)?;
        Ok(response::ResourceShareAssociations {
            next_token,
            resource_share_associations,
        })
    }

    /// ListSharedResources.
    pub(crate) async fn list_shared_resources(
        &self,
        caller: &Caller,
        call: ListSharedResources,
    ) -> Result<response::ListSharedResources, Failure> {
        let account = self.own(caller, Action::ListSharedResources, ALL)?;
        let mut found = Vec::new();
        for (owner, share) in self.shares(account, call.owner, &call.shares).await? {
            let fits = call.target.as_ref().is_none_or(|target| match call.owner {
                ResourceOwner::Own => share.body.targets().any(|own| own == target),
                ResourceOwner::OtherAccounts => *target == ShareTarget::Account(owner.clone()),
            });
            if !fits || share.body.is_deleted {
                continue;
            }
            for own in share.body.resources.iter().filter(|own| own.is_live()) {
                let is_named = call.resources.0.is_empty() || call.resources.0.contains(&own.of.id);
                if !is_named || call.kind.is_some_and(|kind| kind != own.of.kind) {
                    continue;
                }
                let kind = own.of.kind.as_str().to_owned();
                let shared = response::SharedResource {
                    resource_share_id: share.name.clone(),
                    resource_id: own.of.id.clone(),
                    resource_type: kind.clone(),
                    resource_arn: answer::arn(self, &owner, &own.of),
                    resource_status: "Available".to_owned(),
                    create_time: answer::moment(own.created)?,
                    update_time: answer::moment(own.updated)?,
                };
                found.push((vec![share.name.clone(), kind, own.of.id.clone()], shared));
            }
        }
        let (shared_resources, next_token) = portion::take(found, &call.portion)?;
        Ok(response::ListSharedResources {
            next_token,
            shared_resources,
        })
    }

    /// ListSharedTargets; if others share, it lists them, once for each of their shares.
    pub(crate) async fn list_shared_targets(
        &self,
        caller: &Caller,
        call: ListSharedTargets,
    ) -> Result<response::ListSharedTargets, Failure> {
        let account = self.own(caller, Action::ListSharedTargets, ALL)?;
        let mut found = Vec::new();
        for (owner, share) in self.shares(account, call.owner, &call.shares).await? {
            let fits = |own: &super::Shared| {
                call.resource.as_ref().is_none_or(|id| *id == own.id)
                    && call.kind.is_none_or(|kind| kind == own.kind)
            };
            let is_about = call.resource.is_some() || call.kind.is_some();
            if share.body.is_deleted || (is_about && !share.body.shared().any(fits)) {
                continue;
            }
            for (target, created, updated) in targets(&owner, &share, call.owner) {
                if !call.targets.0.is_empty() && !call.targets.0.contains(&target) {
                    continue;
                }
                let shared = response::SharedTarget {
                    resource_share_id: share.name.clone(),
                    target_id: target.to_string(),
                    external: false,
                    create_time: answer::moment(created)?,
                    update_time: answer::moment(updated)?,
                };
                found.push((vec![share.name.clone(), target.to_string()], shared));
            }
        }
        let (shared_targets, next_token) = portion::take(found, &call.portion)?;
        Ok(response::ListSharedTargets {
            next_token,
            shared_targets,
        })
    }

    pub(super) async fn shares(
        &self,
        account: &AccountId,
        owner: ResourceOwner,
        named: &Numbered<kms_types::ShareId>,
    ) -> Result<Vec<(AccountId, Named<Share>)>, Failure> {
        let now = self.now();
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move { reach::shares(&mut *tx, account, owner, named, now).await })
        })
        .await
    }
}

/// The targets of a share, each with the moments when it came and changed; the owner of
/// another's share.
fn targets(
    owner: &AccountId,
    share: &Named<Share>,
    asked: ResourceOwner,
) -> Vec<(ShareTarget, i64, i64)> {
    match asked {
        ResourceOwner::Own => {
            let live = share.body.targets.iter().filter(|own| own.is_live());
            live.map(|own| (own.of.clone(), own.created, own.updated))
                .collect()
        }
        ResourceOwner::OtherAccounts => {
            let created = share.created.as_millisecond();
            vec![(
                ShareTarget::Account(owner.clone()),
                created,
                share.body.updated,
            )]
        }
    }
}

/// Whether it can be told of at all.
pub(super) fn is_active(share: &Share) -> bool {
    answer::status(share) == ShareStatus::Active
}
