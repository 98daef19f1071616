use jiff::Timestamp;
use kms_store::{DocumentKind, Mode, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::{
        AssociateResourceShare, DisassociateResourceShare, Numbered, ShareTarget, SharedResources,
    },
    response,
};
use serde_json::json;

use super::{
    answer,
    change::{find, resource},
    crowd::overflow,
    permissions,
    share::{Association, Reason, Share, Shared, SharedKind},
};
use crate::{
    Caller, Service,
    directory::{self, People},
    documents::{self, Named},
    events::{self, Event, Level},
    failure::Failure,
    instances::{self, Instance, Status},
};

/// What is to be in a share, or no longer.
pub(super) struct Wish {
    resources: Vec<Shared>,
    targets: Vec<ShareTarget>,
}

impl Service {
    /// AssociateResourceShare. What is in the share stays as it is, even if it failed: to be
    /// tried anew it is taken out first (reference accesskey §1, row 11).
    pub(crate) async fn associate(
        &self,
        caller: &Caller,
        call: AssociateResourceShare,
    ) -> Result<response::ResourceShareAssociations, Failure> {
        let account = self.own(
            caller,
            Action::AssociateResourceShare,
            resource(&call.share),
        )?;
        let wish = Wish::new(call.resources, call.targets, &call.permissions)?;
        let now = self.now();
        let share = {
            let (id, wish) = (&call.share, &wish);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut share = find(tx, account, id).await?;
                    put_in(tx, account, &mut share, wish, now).await?;
                    Ok::<_, Failure>(share)
                })
            })
            .await?
        };
        self.changed(account, &share, &wish)
    }

    /// DisassociateResourceShare: nobody reaches anything by it from then on (I25).
    pub(crate) async fn disassociate(
        &self,
        caller: &Caller,
        call: DisassociateResourceShare,
    ) -> Result<response::ResourceShareAssociations, Failure> {
        let action = Action::DisassociateResourceShare;
        let account = self.own(caller, action, resource(&call.share))?;
        let wish = Wish::new(call.resources, call.targets, &Numbered::default())?;
        let now = self.now();
        let share = {
            let (id, wish) = (&call.share, &wish);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut share = find(tx, account, id).await?;
                    let before = share.body.instances();
                    take_out(&mut share.body.resources, &wish.resources, now)?;
                    take_out(&mut share.body.targets, &wish.targets, now)?;
                    share.body.updated = now.as_millisecond();
                    documents::update(tx, account, &share).await?;
                    announce(tx, account, &before, now).await?;
                    Ok::<_, Failure>(share)
                })
            })
            .await?
        };
        self.changed(account, &share, &wish)
    }

    /// How that of the share is now which was to be changed.
    fn changed(
        &self,
        account: &AccountId,
        share: &Named<Share>,
        wish: &Wish,
    ) -> Result<response::ResourceShareAssociations, Failure> {
        let mut all = Vec::new();
        for own in &share.body.resources {
            if wish.resources.contains(&own.of) {
                all.push(answer::resource(self, account, share, own)?);
            }
        }
        for own in &share.body.targets {
            if wish.targets.contains(&own.of) {
                all.push(answer::target(share, own)?);
            }
        }
        Ok(response::ResourceShareAssociations {
            next_token: None,
            resource_share_associations: all,
        })
    }
}

// === impl Wish ===

impl Wish {
    /// # Errors
    /// `InvalidParameter` for permissions that there are not.
    pub(super) fn new(
        resources: SharedResources,
        targets: Vec<ShareTarget>,
        permissions: &Numbered<String>,
    ) -> Result<Self, ApiError> {
        permissions::check(permissions)?;
        let shared = |own: kms_wire::request::SharedResource| Shared {
            kind: own.kind,
            id: own.id,
        };
        Ok(Self {
            resources: resources.0.into_iter().map(shared).collect(),
            targets,
        })
    }
}

/// Puts into the account's share what it has not, one by one: so of several some may have room
/// where others fail. Nobody is let in by what fails, not even for a moment: readers see the
/// transaction's end.
pub(super) async fn put_in(
    tx: &mut dyn Tx,
    account: &AccountId,
    share: &mut Named<Share>,
    wish: &Wish,
    now: Timestamp,
) -> Result<(), Failure> {
    for resource in &wish.resources {
        check_resource(tx, account, resource, now).await?;
    }
    check_targets(tx, account, &wish.targets).await?;
    share.body.forget(now);
    share.body.updated = now.as_millisecond();
    for resource in &wish.resources {
        if !renew(&mut share.body.resources, resource, now) {
            continue;
        }
        documents::update(tx, account, share).await?;
        if resource.kind != SharedKind::KmsInstance {
            continue;
        }
        if let Some(reason) = overflow(tx, account, &resource.id).await? {
            report(tx, account, share, &resource.id, &reason, now).await?;
            fail(&mut share.body.resources, reason);
            documents::update(tx, account, share).await?;
        }
    }
    for target in &wish.targets {
        if !renew(&mut share.body.targets, target, now) {
            continue;
        }
        documents::update(tx, account, share).await?;
        for id in share.body.instances() {
            if let Some(reason) = overflow(tx, account, &id).await? {
                report(tx, account, share, &target.to_string(), &reason, now).await?;
                fail(&mut share.body.targets, reason);
                documents::update(tx, account, share).await?;
                break;
            }
        }
    }
    announce(tx, account, &share.body.instances(), now).await
}

/// Tells how far the instances' quotas are used now.
pub(super) async fn announce(
    tx: &mut dyn Tx,
    account: &AccountId,
    instances: &[String],
    now: Timestamp,
) -> Result<(), Failure> {
    for id in instances {
        instances::announce(tx, account, id, now).await?;
    }
    Ok(())
}

/// Makes an association, the last of the list, unless there is one; whether it did.
fn renew<T: Clone + PartialEq>(all: &mut Vec<Association<T>>, of: &T, now: Timestamp) -> bool {
    if all.iter().any(|own| own.of == *of && own.is_there()) {
        return false;
    }
    all.retain(|own| own.of != *of);
    all.push(Association::new(of.clone(), now));
    true
}

fn fail<T>(all: &mut [Association<T>], reason: Reason) {
    if let Some(last) = all.last_mut() {
        last.fail(reason);
    }
}

/// Ends associations.
///
/// # Errors
/// `DisassociateInvalid` if one of them is not there.
fn take_out<T: PartialEq>(
    all: &mut [Association<T>],
    wish: &[T],
    now: Timestamp,
) -> Result<(), ApiError> {
    for wanted in wish {
        let found = all
            .iter_mut()
            .find(|own| own.of == *wanted && own.is_there())
            .ok_or_else(|| {
                ApiError::new(
                    ErrorCode::DisassociateInvalid,
                    "You can not disassociate a resource or target that is not associated.",
                )
            })?;
        found.end(now);
    }
    Ok(())
}

/// Whether it is the account's own to share: what others share with it is not.
async fn check_resource(
    tx: &mut dyn Tx,
    account: &AccountId,
    resource: &Shared,
    now: Timestamp,
) -> Result<(), Failure> {
    let is_there = match resource.kind {
        SharedKind::KmsInstance => {
            let found = documents::look_up::<Instance>(tx, account, &resource.id).await?;
            if let Some(instance) = &found {
                if instance.body.status(now) != Status::Connected {
                    return Err(ApiError::new(
                        ErrorCode::InstanceState,
                        "The KMS instance is not connected: connect it before sharing it.",
                    )
                    .into());
                }
                instance.body.check_live(now)?;
            }
            found.is_some()
        }
        SharedKind::VSwitch => {
            let found = tx
                .documents()
                .find(account, DocumentKind::VSwitch, &resource.id)
                .await?;
            found.is_some()
        }
    };
    if is_there {
        return Ok(());
    }
    let why = format!("the account has no {} of that id", resource.kind);
    Err(ApiError::invalid_parameter("Resources", why).into())
}

/// Whether the account's directory has them, and lets its accounts share.
async fn check_targets(
    tx: &mut dyn Tx,
    account: &AccountId,
    targets: &[ShareTarget],
) -> Result<(), Failure> {
    if targets.is_empty() {
        return Ok(());
    }
    let place = directory::of(tx, account).await?.ok_or_else(outside)?;
    if !place.directory.body.shares {
        return Err(ApiError::new(
            ErrorCode::SharingNotEnabled,
            "The management account of the resource directory has not enabled sharing \
             (EnableSharingWithResourceDirectory).",
        )
        .into());
    }
    let people = People::of(tx, &place).await?;
    for target in targets {
        if !people.has(target) {
            return Err(outside().into());
        }
        if *target == ShareTarget::Account(account.clone()) {
            let why = "an account shares nothing with itself";
            return Err(ApiError::invalid_parameter("Targets", why).into());
        }
    }
    Ok(())
}

fn outside() -> ApiError {
    ApiError::new(
        ErrorCode::AccountNotInDirectory,
        "The account is not a master or a member of a resource directory, or the target is in \
         another.",
    )
}

async fn report(
    tx: &mut dyn Tx,
    account: &AccountId,
    share: &Named<Share>,
    entity: &str,
    reason: &Reason,
    now: Timestamp,
) -> Result<(), Failure> {
    let event = Event {
        name: "ResourceShare:Associate:Failed".to_owned(),
        level: Level::Warn,
        resource: format!("resourceshare/{}", share.name),
        content: json!({
            "EntityId": entity,
            "InstanceId": reason.instance,
            "FailureReason": Reason::CODE,
            "FailureDescription": reason.describe(),
        }),
    };
    let key = format!("share/{}/{entity}/{}", share.name, now.as_millisecond());
    events::raise(tx, account, &key, &event, now).await?;
    Ok(())
}
