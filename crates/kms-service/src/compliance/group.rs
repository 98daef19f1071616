//! Account groups: whose resources the rules of an account are about besides its own.
//!
//! Who is in a group is asked of the directory each time, so members come and go with it; and
//! whoever is neither the directory's management account nor its administrator for Cloud
//! Config has no say about anybody (reference accesskey §1, rows 35 and 36).

use std::collections::BTreeSet;

use kms_store::{DocumentKind, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    ApiError,
    request::{AggregatorAccount, AggregatorKind, ShareTarget},
};
use serde::{Deserialize, Serialize};

use super::{
    results::{self, Results},
    rule::Rule,
    scope::{lists, parts},
};
use crate::{
    directory::{self, People, Place},
    documents::{self, Document, Named},
    failure::Failure,
};

/// A group. Its document's name is its id, `ca-…`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) kind: AggregatorKind,
    pub(super) description: String,
    /// Of one that names them.
    pub(super) accounts: Vec<AggregatorAccount>,
    /// Of one of a folder.
    pub(super) folder: Option<String>,
    /// The token of the call that made it.
    #[serde(default)]
    pub(super) token: Option<String>,
}

/// A directory, as one who may act for all of it sees it.
pub(super) struct Sight {
    place: Place,
    people: People,
}

/// Whose resources rules can be about now: those of one account group, or those that an account
/// has for itself.
pub(super) enum Reach {
    Own(AccountId),
    Group {
        sight: Box<Sight>,
        members: BTreeSet<AccountId>,
    },
    /// The group is gone, or who made it may not look at others any more.
    Nobody,
}

/// Cloud Config, as delegated administrators are registered for it.
const SERVICE: &str = "config.aliyuncs.com";

/// How many groups an account may have (the cloud's own limit).
pub(super) const MOST_GROUPS: usize = 10;

impl Document for Group {
    const KIND: DocumentKind = DocumentKind::Aggregator;
}

// === impl Sight ===

impl Sight {
    /// The directory that the account may act for, if there is one.
    pub(super) async fn of(tx: &mut dyn Tx, account: &AccountId) -> Result<Option<Self>, Failure> {
        let Some(place) = directory::of(tx, account).await? else {
            return Ok(None);
        };
        if place.manager != *account && !place.is_administrator(account, Some(SERVICE)) {
            return Ok(None);
        }
        let people = People::of(tx, &place).await?;
        Ok(Some(Self { place, people }))
    }

    /// The same, which must be there.
    ///
    /// # Errors
    /// `NoPermission`.
    pub(super) async fn need(tx: &mut dyn Tx, account: &AccountId) -> Result<Self, Failure> {
        Self::of(tx, account).await?.ok_or_else(|| {
            let message = "Account groups are for the management account of a resource directory \
                 and for its delegated administrators of config.aliyuncs.com.";
            ApiError::new(ErrorCode::RamForbidden, message).into()
        })
    }

    /// Who is in the group now, of those in the directory.
    pub(super) fn members(&self, group: &Group) -> BTreeSet<AccountId> {
        match group.kind {
            AggregatorKind::Directory => {
                let whole = ShareTarget::Directory(self.place.id.clone());
                let mut all = self.people.in_target(&whole);
                all.insert(self.place.manager.clone());
                all
            }
            AggregatorKind::Folder => self.in_folder(group.folder.as_deref().unwrap_or("")),
            AggregatorKind::Custom => {
                let named = group.accounts.iter();
                named
                    .filter_map(|one| one.account_id.parse().ok())
                    .filter(|account| self.has(account))
                    .collect()
            }
        }
    }

    /// Whether the directory has the account.
    pub(super) fn has(&self, account: &AccountId) -> bool {
        self.people.has(&ShareTarget::Account(account.clone()))
    }

    /// Whether the directory has the folder.
    pub(super) fn has_folder(&self, id: &str) -> bool {
        let folder = id.parse().map(ShareTarget::Folder);
        folder.is_ok_and(|folder| self.people.has(&folder))
    }

    fn in_folder(&self, id: &str) -> BTreeSet<AccountId> {
        let folder = id.parse().map(ShareTarget::Folder);
        folder.map_or_else(
            |_no_id| BTreeSet::new(),
            |folder| self.people.in_target(&folder),
        )
    }

    /// Which of them a rule's scope leaves.
    fn scoped(&self, rule: &Rule, members: BTreeSet<AccountId>) -> BTreeSet<AccountId> {
        let scope = &rule.scope;
        let in_folders = |list: &Option<String>| {
            list.as_deref().map(|list| {
                let folders = parts(list).map(|folder| self.in_folder(folder));
                folders.flatten().collect::<BTreeSet<_>>()
            })
        };
        let (only, but) = (
            in_folders(&scope.folder_ids),
            in_folders(&scope.exclude_folder_ids),
        );
        let is_named = |list: &Option<String>, account: &AccountId| {
            list.as_deref().map(|list| lists(list, account.as_str()))
        };
        let is_meant = |account: &AccountId| {
            is_named(&scope.account_ids, account) != Some(false)
                && is_named(&scope.exclude_account_ids, account) != Some(true)
                && only.as_ref().is_none_or(|only| only.contains(account))
                && but.as_ref().is_none_or(|but| !but.contains(account))
        };
        members.into_iter().filter(is_meant).collect()
    }
}

// === impl Reach ===

impl Reach {
    /// As the transaction sees it.
    pub(super) async fn of(
        tx: &mut dyn Tx,
        account: &AccountId,
        aggregator: Option<&str>,
    ) -> Result<Self, Failure> {
        let Some(id) = aggregator else {
            return Ok(Self::Own(account.clone()));
        };
        let Some(group) = documents::look_up::<Group>(tx, account, id).await? else {
            return Ok(Self::Nobody);
        };
        let Some(sight) = Sight::of(tx, account).await? else {
            return Ok(Self::Nobody);
        };
        let members = sight.members(&group.body);
        let sight = Box::new(sight);
        Ok(Self::Group { sight, members })
    }

    /// Of these, whom the rule's scope leaves.
    pub(super) fn accounts(&self, rule: &Rule) -> BTreeSet<AccountId> {
        match self {
            Self::Own(account) => BTreeSet::from([account.clone()]),
            Self::Group { sight, members } => sight.scoped(rule, members.clone()),
            Self::Nobody => BTreeSet::new(),
        }
    }

    /// Leaves what the rule said of these: who has left is not told of, even before that is
    /// forgotten.
    pub(super) fn retain(&self, rule: &Rule, results: &mut Vec<Named<Results>>) {
        let accounts = self.accounts(rule);
        results.retain(|one| results::member(one).is_ok_and(|member| accounts.contains(&member)));
    }
}

/// The accounts whose resources the rule is about, now.
pub(super) async fn accounts_of(
    tx: &mut dyn Tx,
    account: &AccountId,
    rule: &Rule,
) -> Result<BTreeSet<AccountId>, Failure> {
    let reach = Reach::of(tx, account, rule.aggregator.as_deref()).await?;
    Ok(reach.accounts(rule))
}

/// The account's group of that id.
///
/// # Errors
/// `Invalid.AggregatorId.Value`.
pub(super) async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
) -> Result<Named<Group>, Failure> {
    documents::look_up(tx, account, id).await?.ok_or_else(|| {
        let message = "The specified AggregatorId is invalid.";
        ApiError::new(ErrorCode::AggregatorNotFound, message).into()
    })
}
