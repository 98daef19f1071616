use kms_store::{Mode, StoreError, TxError};
use kms_types::{AccountId, DirectoryId, FolderId};
use kms_wire::ApiError;
use thiserror::Error;

use super::{Membership, People, folders, managed, of};
use crate::{
    Service,
    documents::{self, Named},
    failure::{Failure, MayMissTerm},
    sharing::Crowd,
};

/// Where an account came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Joined {
    /// The directory.
    pub directory: DirectoryId,
    /// The folder in it.
    pub folder: FolderId,
}

/// Why an account did not come into a directory.
#[derive(Debug, Error)]
pub enum JoinError {
    /// There is no such account.
    #[error("there is no account {0}")]
    NoSuchAccount(AccountId),
    /// It is in one.
    #[error("the account is in a resource directory already")]
    InDirectory,
    /// The account that was said to manage one does not, the folder is not there, or an
    /// instance's quota would not do.
    #[error("{0}")]
    Refused(String),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// Something in the store cannot be read.
    #[error("{0}")]
    Damaged(String),
}

impl Service {
    /// Puts an account of this server into the directory that another manages: into its root,
    /// or into that folder. For whoever runs the server, in place of the cloud's invitations.
    ///
    /// # Errors
    /// All of [`JoinError`].
    pub async fn join_directory(
        &self,
        manager: &AccountId,
        account: &AccountId,
        folder: Option<&FolderId>,
    ) -> Result<Joined, JoinError> {
        let now = self.now();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                if tx.accounts().find(account).await?.is_none() {
                    return Err(JoinError::NoSuchAccount(account.clone()));
                }
                if of(tx, account).await?.is_some() {
                    return Err(JoinError::InDirectory);
                }
                let place = managed(tx, manager).await?;
                let people = People::of(tx, &place).await?;
                let folder = folder.unwrap_or(place.root());
                folders::check(&place, &people, folder)?;
                let crowd = Crowd::of(tx, &place).await?;
                let member = Named {
                    name: place.id.to_string(),
                    body: Membership {
                        manager: manager.clone(),
                        folder: folder.clone(),
                        display_name: account.to_string(),
                        account_name: account.to_string(),
                        is_created: false,
                        updated: now.as_millisecond(),
                    },
                    created: now,
                };
                documents::create(tx, account, &member.name, &member.body, now).await?;
                crowd.check(tx, &place, now).await?;
                Ok(Joined {
                    directory: place.id.clone(),
                    folder: folder.clone(),
                })
            })
        })
        .await
    }
}

impl TxError for JoinError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(StoreError::Conflict))
    }
}

impl MayMissTerm for JoinError {
    fn is_unknown_term(&self) -> bool {
        // Nothing sealed is opened.
        false
    }
}

impl From<ApiError> for JoinError {
    fn from(error: ApiError) -> Self {
        Self::Refused(error.message)
    }
}

impl From<Failure> for JoinError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(error) => error.into(),
            Failure::Store(error) => Self::Store(error),
            other => Self::Damaged(other.to_string()),
        }
    }
}
