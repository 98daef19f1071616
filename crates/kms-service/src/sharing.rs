//! What accounts share with each other (ResourceSharing 2020-01-10; reference accesskey §1,
//! rows 15 to 17). A share lets somebody reach a thing; what one may do with it is RAM's to say.
//!
//! Who is shared with is not written down but looked up each time: whoever comes into a folder
//! is in the share from that moment on, and whoever leaves it is not.

use std::collections::BTreeSet;

use kms_store::Tx;
use kms_types::AccountId;

use crate::{
    directory::{self, People},
    documents,
    failure::Failure,
};

mod answer;
mod associate;
mod change;
mod crowd;
mod list;
mod permissions;
mod portion;
mod reach;
mod share;
mod switch;

pub(crate) use crowd::Crowd;
use share::Share;
pub(crate) use share::{Shared, SharedKind};

/// The accounts besides its owner that may reach the thing at this moment: those that shares
/// name, and the members of the folders and directories that they name, each once. Who is in no
/// directory with the owner is none of them, whatever shares say.
pub(crate) async fn principals(
    tx: &mut dyn Tx,
    owner: &AccountId,
    shared: &Shared,
) -> Result<BTreeSet<AccountId>, Failure> {
    let mut targets = Vec::new();
    for share in documents::all::<Share>(tx, owner).await? {
        if share.body.has(shared) {
            targets.extend(share.body.targets().cloned());
        }
    }
    if targets.is_empty() {
        return Ok(BTreeSet::new());
    }
    let Some(place) = directory::of(tx, owner).await? else {
        return Ok(BTreeSet::new());
    };
    let people = People::of(tx, &place).await?;
    let mut found = BTreeSet::new();
    for target in &targets {
        found.append(&mut people.in_target(target));
    }
    found.remove(owner);
    Ok(found)
}

#[cfg(test)]
pub(crate) mod tests;
