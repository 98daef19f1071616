use kms_store::{AccountRecord, Mode, Store, StoreError, TxError, UserRecord, run_tx};
use kms_types::{AccessKeyId, AccountId, InstanceId, Secret};
use thiserror::Error;

use crate::{
    Service,
    failure::{Failure, MayMissTerm},
    ram, random,
};

/// A RAM user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct User {
    /// The account it belongs to.
    pub account: AccountId,
    /// Its id, digits.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// An AccessKey at the only moment when its secret is shown.
#[derive(Clone, Debug)]
pub struct NewAccessKey {
    /// The public half.
    pub id: AccessKeyId,
    /// The secret half.
    pub secret: Secret<String>,
}

/// Why a setup step failed.
#[derive(Debug, Error)]
pub enum SetupError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// No random bits, or the cipher failed.
    #[error("the system's random generator or cipher failed")]
    Cipher,
    /// There is no such user.
    #[error("there is no such RAM user")]
    NoSuchUser,
    /// A document in the store cannot be read.
    #[error("a document of kind {0} is damaged")]
    Document(&'static str),
    /// There is no such instance.
    #[error("there is no such instance")]
    NoSuchInstance,
    /// The id is another account's instance's.
    #[error("{id} is an instance of the account {owner}")]
    InstanceOfAnother {
        /// The id.
        id: InstanceId,
        /// Whose it is.
        owner: AccountId,
    },
    /// The name is none that RAM allows.
    #[error("a user name is 1 to 64 letters, digits, dots, underscores and hyphens")]
    UserName,
    /// The user has two AccessKeys.
    #[error("the RAM user has two AccessKeys already")]
    TooManyKeys,
}

impl Service {
    /// The account's user of that name; both are made if they do not exist.
    ///
    /// # Errors
    /// `Store`, `Cipher`, `UserName`.
    pub async fn ensure_user(
        &self,
        account: &AccountId,
        user_name: &str,
    ) -> Result<User, SetupError> {
        check_user_name(user_name)?;
        let now = self.now();
        let fresh = UserRecord {
            account: account.clone(),
            id: random::digits('2', 18)?,
            name: user_name.to_owned(),
            created: now,
        };
        let fresh = &fresh;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                if tx.accounts().find(&fresh.account).await?.is_none() {
                    let account = AccountRecord {
                        id: fresh.account.clone(),
                        created: now,
                    };
                    tx.accounts().insert(&account).await?;
                }
                let found = tx.users().find_by_name(&fresh.account, &fresh.name).await?;
                let user = if let Some(user) = found {
                    user
                } else {
                    tx.users().insert(fresh).await?;
                    fresh.clone()
                };
                Ok(User {
                    account: user.account,
                    id: user.id,
                    name: user.name,
                })
            })
        })
        .await
    }

    /// As [`Service::ensure_user`], for one that the server's own people or tests work with:
    /// it may do everything. A user that has a policy or is in a group keeps what it has.
    ///
    /// # Errors
    /// As there, and `Document`.
    pub async fn ensure_administrator(
        &self,
        account: &AccountId,
        user_name: &str,
    ) -> Result<User, SetupError> {
        let user = self.ensure_user(account, user_name).await?;
        let now = self.now();
        {
            let id = &user.id;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let found = tx.users().find(id).await?;
                    let found = found.ok_or(SetupError::NoSuchUser)?;
                    ram::ensure_administrator(tx, &found, now).await?;
                    Ok::<_, SetupError>(())
                })
            })
            .await?;
        }
        Ok(user)
    }

    /// Makes an AccessKey for the user; a user has no more than two.
    ///
    /// # Errors
    /// All of [`SetupError`] but `UserName`.
    pub async fn create_access_key(
        &self,
        account: &AccountId,
        user_name: &str,
    ) -> Result<NewAccessKey, SetupError> {
        let now = self.now();
        let fresh = self.fresh_access_key(account)?;
        {
            let fresh = &fresh;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let user = tx
                        .users()
                        .find_by_name(account, user_name)
                        .await?
                        .ok_or(SetupError::NoSuchUser)?;
                    if ram::add_access_key(tx, &user, fresh, now).await? {
                        Ok(())
                    } else {
                        Err(SetupError::TooManyKeys)
                    }
                })
            })
            .await?;
        }
        Ok(fresh.key)
    }
}

/// Accounts whose users all hold nothing, neither a policy nor a group: nobody can change
/// anything there by calls. Stores from before policies decided have such.
///
/// # Errors
/// `Store` and `Document`.
pub async fn accounts_without_rights(store: &dyn Store) -> Result<Vec<AccountId>, SetupError> {
    run_tx(store, Mode::Read, |mut tx| {
        Box::pin(async move {
            let tx = &mut *tx;
            let mut without = Vec::new();
            for account in tx.accounts().list().await? {
                if !ram::has_holders(tx, &account.id).await? {
                    without.push(account.id);
                }
            }
            Ok::<_, SetupError>(without)
        })
    })
    .await
}

impl TxError for SetupError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(StoreError::Conflict))
    }
}

impl MayMissTerm for SetupError {
    fn is_unknown_term(&self) -> bool {
        // Nothing sealed is opened.
        false
    }
}

impl From<Failure> for SetupError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => Self::Store(error),
            Failure::Document(kind) => Self::Document(kind),
            // Nobody calls here: nothing is refused and nothing sealed is opened.
            _ => Self::Cipher,
        }
    }
}

/// RAM's rule (reference kms-api §8).
fn check_user_name(name: &str) -> Result<(), SetupError> {
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    if (1..=64).contains(&name.len()) && name.bytes().all(is_allowed) {
        Ok(())
    } else {
        Err(SetupError::UserName)
    }
}

#[cfg(test)]
mod tests;
