use std::collections::{BTreeMap, BTreeSet};

use kms_store::Tx;
use kms_types::{AccountId, DirectoryId, FolderId};
use kms_wire::request::ShareTarget;

use super::{Folder, Membership, Place, damaged};
use crate::{documents, failure::Failure};

/// Who is in a directory and where, at one moment.
pub(crate) struct People {
    id: DirectoryId,
    manager: AccountId,
    /// Each account with its folder.
    members: BTreeMap<AccountId, FolderId>,
    /// Each folder besides the root with the one it lies in.
    parents: BTreeMap<FolderId, FolderId>,
}

// === impl People ===

impl People {
    /// As the transaction sees them.
    pub(crate) async fn of(tx: &mut dyn Tx, place: &Place) -> Result<Self, Failure> {
        let id = place.id.as_str();
        let members = documents::everywhere::<Membership>(tx, Some(id)).await?;
        let folders = documents::all::<Folder>(tx, &place.manager).await?;
        let parents: Result<_, Failure> = folders
            .into_iter()
            .map(|folder| {
                let id = folder.name.parse().map_err(|_no_id| damaged())?;
                Ok((id, folder.body.parent))
            })
            .collect();
        Ok(Self {
            id: place.id.clone(),
            manager: place.manager.clone(),
            members: members
                .into_iter()
                .map(|(account, membership)| (account, membership.body.folder))
                .collect(),
            parents: parents?,
        })
    }

    /// Whether the directory has that: an account, its own manager among them, a folder, or
    /// itself.
    pub(crate) fn has(&self, target: &ShareTarget) -> bool {
        match target {
            ShareTarget::Account(account) => {
                *account == self.manager || self.members.contains_key(account)
            }
            ShareTarget::Folder(folder) => self.parents.contains_key(folder),
            ShareTarget::Directory(id) => *id == self.id,
        }
    }

    /// The accounts that a target stands for, if the directory has it: of a folder, those in it
    /// and below; of the directory, all but its manager, who is no member.
    pub(crate) fn in_target(&self, target: &ShareTarget) -> BTreeSet<AccountId> {
        if !self.has(target) {
            return BTreeSet::new();
        }
        match target {
            ShareTarget::Account(account) => BTreeSet::from([account.clone()]),
            ShareTarget::Folder(outer) => {
                let all = self.members.iter();
                all.filter(|(_, folder)| self.lies_in(folder, outer))
                    .map(|(account, _)| account.clone())
                    .collect()
            }
            ShareTarget::Directory(_) => self.members.keys().cloned().collect(),
        }
    }

    /// The folders that a folder lies in, itself first and the root last.
    pub(super) fn path<'a>(&'a self, folder: &'a FolderId) -> Vec<&'a FolderId> {
        let mut path = vec![folder];
        let mut at = folder;
        // A folder lies in one that was there before it, so there is an end; a damaged store
        // must not make it none.
        while let Some(parent) = self.parents.get(at) {
            if path.len() > self.parents.len() {
                break;
            }
            path.push(parent);
            at = parent;
        }
        path
    }

    /// How many accounts are in the folder itself.
    pub(super) fn count_in(&self, folder: &FolderId) -> usize {
        let all = self.members.values();
        all.filter(|own| *own == folder).count()
    }

    /// How many folders are in the folder itself.
    pub(super) fn folders_in(&self, folder: &FolderId) -> usize {
        let all = self.parents.values();
        all.filter(|own| *own == folder).count()
    }

    fn lies_in(&self, folder: &FolderId, outer: &FolderId) -> bool {
        self.path(folder).contains(&outer)
    }
}
