use jiff::Timestamp;
use kms_store::Tx;
use kms_types::{AccountId, ShareId};
use kms_wire::request::{Numbered, ResourceOwner, ShareTarget};

use super::share::Share;
use crate::{
    directory::{self, People},
    documents::{self, Named},
    failure::Failure,
};

/// The shares that somebody may be told of, with their owners: the account's own, or those of
/// others by which it reaches something at this moment.
pub(super) async fn shares(
    tx: &mut dyn Tx,
    account: &AccountId,
    owner: ResourceOwner,
    named: &Numbered<ShareId>,
    now: Timestamp,
) -> Result<Vec<(AccountId, Named<Share>)>, Failure> {
    let mut all = match owner {
        ResourceOwner::Own => {
            let own = documents::all::<Share>(tx, account).await?;
            own.into_iter()
                .filter(|share| !share.body.is_forgotten(now))
                .map(|share| (account.clone(), share))
                .collect()
        }
        ResourceOwner::OtherAccounts => of_others(tx, account).await?,
    };
    if !named.0.is_empty() {
        all.retain(|(_, share)| named.0.iter().any(|id| id.as_str() == share.name));
    }
    Ok(all)
}

async fn of_others(
    tx: &mut dyn Tx,
    account: &AccountId,
) -> Result<Vec<(AccountId, Named<Share>)>, Failure> {
    let Some(place) = directory::of(tx, account).await? else {
        return Ok(Vec::new());
    };
    let people = People::of(tx, &place).await?;
    let mut all = documents::everywhere::<Share>(tx, None).await?;
    all.retain(|(owner, share)| {
        let mut targets = share.body.targets();
        owner != account
            && people.has(&ShareTarget::Account(owner.clone()))
            && targets.any(|target| people.in_target(target).contains(account))
    });
    Ok(all)
}
