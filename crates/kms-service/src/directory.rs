//! Directories of accounts: one account manages a directory, folders order the others, and some
//! of these administer a service for all (ResourceDirectoryMaster 2022-04-19, and ResourceManager
//! 2020-03-31 for the same actions).
//!
//! A directory and its folders are documents of the account that manages it. That an account is
//! in a directory is a document of that account by the directory's id: so the members of a
//! directory are found by one question, and a member finds its directory by itself.

use jiff::Timestamp;
use kms_store::{DocumentKind, Tx};
use kms_types::{AccountId, DirectoryId, ErrorCode, FolderId};
use kms_wire::{
    ApiError,
    request::{FolderName, ServicePrincipal},
    write_timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    documents::{self, Document, Named},
    failure::Failure,
};

mod accounts;
mod administrators;
mod enable;
mod folders;
mod join;
mod people;

pub use join::{JoinError, Joined};
pub(crate) use people::People;

/// A directory. Its document's name is its id, and its document's account manages it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Directory {
    root: FolderId,
    /// Whether its accounts may share with each other.
    pub(crate) shares: bool,
    administrators: Vec<Delegation>,
}

/// That an account administers a service for all of the directory.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Delegation {
    account: AccountId,
    service: ServicePrincipal,
    /// Milliseconds since 1970.
    since: i64,
}

/// A folder besides the root. Its document's name is its id.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Folder {
    name: FolderName,
    parent: FolderId,
}

/// That an account is in a directory: its document's name is the directory's id.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Membership {
    manager: AccountId,
    folder: FolderId,
    display_name: String,
    account_name: String,
    /// Whether the directory made the account; else it was there before.
    is_created: bool,
    /// Milliseconds since 1970.
    updated: i64,
}

/// A directory, found by an account that is in it.
pub(crate) struct Place {
    /// The account that manages it.
    pub(crate) manager: AccountId,
    pub(crate) id: DirectoryId,
    pub(crate) directory: Named<Directory>,
}

impl Document for Directory {
    const KIND: DocumentKind = DocumentKind::Directory;
}

impl Document for Folder {
    const KIND: DocumentKind = DocumentKind::Folder;
}

impl Document for Membership {
    const KIND: DocumentKind = DocumentKind::Membership;
}

/// The directory that the account manages or is in, if there is one.
pub(crate) async fn of(tx: &mut dyn Tx, account: &AccountId) -> Result<Option<Place>, Failure> {
    let own = documents::all::<Directory>(tx, account).await?.pop();
    let (manager, directory) = if let Some(directory) = own {
        (account.clone(), directory)
    } else {
        let Some(membership) = documents::all::<Membership>(tx, account).await?.pop() else {
            return Ok(None);
        };
        let manager = membership.body.manager;
        let found = documents::look_up(tx, &manager, &membership.name).await?;
        (manager, found.ok_or_else(damaged)?)
    };
    Ok(Some(Place {
        id: directory.name.parse().map_err(|_no_id| damaged())?,
        manager,
        directory,
    }))
}

/// The directory that the account manages.
///
/// # Errors
/// `EntityNotExists.ResourceDirectory` for one that is in none, `ActionNotPermitted` for one
/// that is in another's.
async fn managed(tx: &mut dyn Tx, account: &AccountId) -> Result<Place, Failure> {
    let place = of(tx, account).await?.ok_or_else(none)?;
    if place.manager != *account {
        return Err(not_permitted().into());
    }
    Ok(place)
}

/// The directory that the account may look at: it manages the directory or administers a
/// service for it.
///
/// # Errors
/// As [`managed`].
async fn seen(tx: &mut dyn Tx, account: &AccountId) -> Result<Place, Failure> {
    let place = of(tx, account).await?.ok_or_else(none)?;
    if place.manager != *account && !place.is_administrator(account, None) {
        return Err(not_permitted().into());
    }
    Ok(place)
}

// === impl Place ===

impl Place {
    /// Whether the account administers that service, or any, for the directory.
    pub(crate) fn is_administrator(&self, account: &AccountId, service: Option<&str>) -> bool {
        let mut all = self.directory.body.administrators.iter();
        all.any(|own| {
            own.account == *account && service.is_none_or(|service| own.service.as_str() == service)
        })
    }

    fn root(&self) -> &FolderId {
        &self.directory.body.root
    }
}

pub(crate) fn not_permitted() -> ApiError {
    ApiError::new(
        ErrorCode::ActionNotPermitted,
        "The caller must be the management account of the resource directory.",
    )
}

pub(crate) fn none() -> ApiError {
    ApiError::new(
        ErrorCode::DirectoryNotFound,
        "The account is in no resource directory.",
    )
}

fn damaged() -> Failure {
    Failure::Document(Directory::KIND.as_str())
}

/// Milliseconds since 1970 as they travel.
fn write_moment(moment: i64) -> Result<String, Failure> {
    Timestamp::from_millisecond(moment)
        .map(write_timestamp)
        .map_err(|_no_moment| damaged())
}

#[cfg(test)]
mod tests;
