//! What accounts share with each other (ResourceSharing 2020-01-10; reference accesskey §1,
//! rows 15 to 17). A share lets somebody reach a thing; what one may do with it is RAM's to say.

use std::collections::BTreeSet;

use kms_store::Tx;
use kms_types::AccountId;

use crate::{documents, failure::Failure};

mod share;

use share::{Share, Target};
pub(crate) use share::{Shared, SharedKind};

/// The accounts besides its owner that may reach the thing at this moment: those that shares
/// name, and the members of the folders and directories that they name, each once.
pub(crate) async fn principals(
    tx: &mut dyn Tx,
    owner: &AccountId,
    shared: &Shared,
) -> Result<BTreeSet<AccountId>, Failure> {
    let mut found = BTreeSet::new();
    for share in documents::all::<Share>(tx, owner).await? {
        if !share.body.has(shared) {
            continue;
        }
        for target in share.body.targets() {
            match target {
                Target::Account(account) => {
                    found.insert(account.clone());
                }
            }
        }
    }
    found.remove(owner);
    Ok(found)
}
