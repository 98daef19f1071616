use kms_store::{Mode, Tx};
use kms_types::{AccountId, ErrorCode, ShareId};
use kms_wire::{
    Action, ApiError,
    request::{CreateResourceShare, DeleteResourceShare, UpdateResourceShare},
    response,
};

use super::{
    answer,
    associate::{Wish, announce, put_in},
    share::Share,
};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
    random,
};

/// How many shares an account may have, those that ended not counted.
const MOST_SHARES: usize = 100;

impl Service {
    /// CreateResourceShare, with what is to be in it from the start.
    pub(crate) async fn create_share(
        &self,
        caller: &Caller,
        call: CreateResourceShare,
    ) -> Result<response::ResourceShareAnswer, Failure> {
        let account = self.own(caller, Action::CreateResourceShare, ALL)?;
        let now = self.now();
        let share = Named {
            name: format!("rs-{}", *random::alphanumeric(11)?),
            body: Share {
                name: call.name.to_string(),
                is_deleted: false,
                resources: Vec::new(),
                targets: Vec::new(),
                updated: now.as_millisecond(),
            },
            created: now,
        };
        let wish = Wish::new(call.resources, call.targets, &call.permissions)?;
        let share = {
            let (share, wish) = (&share, &wish);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut live = 0;
                    for old in documents::all::<Share>(tx, account).await? {
                        if old.body.is_forgotten(now) {
                            documents::remove::<Share>(tx, account, &old.name).await?;
                        } else if !old.body.is_deleted {
                            live += 1;
                        }
                    }
                    if live >= MOST_SHARES {
                        return Err(too_many().into());
                    }
                    let mut share = Named {
                        name: share.name.clone(),
                        body: share.body.clone(),
                        created: now,
                    };
                    documents::create(tx, account, &share.name, &share.body, now).await?;
                    put_in(tx, account, &mut share, wish, now).await?;
                    Ok::<_, Failure>(share)
                })
            })
            .await?
        };
        Ok(response::ResourceShareAnswer {
            resource_share: answer::share(account, &share)?,
        })
    }

    /// UpdateResourceShare.
    pub(crate) async fn update_share(
        &self,
        caller: &Caller,
        call: UpdateResourceShare,
    ) -> Result<response::ResourceShareAnswer, Failure> {
        let account = self.own(caller, Action::UpdateResourceShare, resource(&call.share))?;
        let now = self.now();
        let call = &call;
        let share = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut share = find(tx, account, &call.share).await?;
                    if let Some(name) = &call.name {
                        name.as_str().clone_into(&mut share.body.name);
                        share.body.updated = now.as_millisecond();
                        documents::update(tx, account, &share).await?;
                    }
                    Ok::<_, Failure>(share)
                })
            })
            .await?;
        Ok(response::ResourceShareAnswer {
            resource_share: answer::share(account, &share)?,
        })
    }

    /// DeleteResourceShare: nobody reaches anything by it from then on. It stays listed for
    /// two days.
    pub(crate) async fn delete_share(
        &self,
        caller: &Caller,
        call: DeleteResourceShare,
    ) -> Result<response::Empty, Failure> {
        let account = self.own(caller, Action::DeleteResourceShare, resource(&call.share))?;
        let now = self.now();
        let id = &call.share;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut share = find(tx, account, id).await?;
                let before = share.body.instances();
                share.body.delete(now);
                documents::update(tx, account, &share).await?;
                announce(tx, account, &before, now).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

/// All shares of the caller's account.
pub(super) const ALL: Resource<'static> = Resource::Of {
    product: "resourcesharing",
    kind: "resourceshare",
    name: "*",
};

pub(super) fn resource(id: &ShareId) -> Resource<'_> {
    Resource::Of {
        product: "resourcesharing",
        kind: "resourceshare",
        name: id.as_str(),
    }
}

/// The account's share of that id.
///
/// # Errors
/// `EntityNotExists.ResourceShare`, for one that was deleted, too.
pub(super) async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &ShareId,
) -> Result<Named<Share>, Failure> {
    let found = documents::look_up::<Share>(tx, account, id.as_str()).await?;
    found.filter(|share| !share.body.is_deleted).ok_or_else(|| {
        ApiError::new(
            ErrorCode::ShareNotFound,
            "The account has no such resource share.",
        )
        .into()
    })
}

fn too_many() -> ApiError {
    ApiError::new(
        ErrorCode::ShareLimit,
        format!("An account has at most {MOST_SHARES} resource shares."),
    )
}
