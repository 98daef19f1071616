//! Accounts, made and listed on the store itself: nobody in one account may make another.

use std::sync::Arc;

use jiff::Timestamp;
use kms_service::{JoinError, Joined, SetupError, accounts_without_rights};
use kms_store::{Mode, StoreError, run_tx};
use kms_telemetry::Exit;
use kms_types::{AccountId, Clock, Env, FolderId};
use thiserror::Error;

use crate::{
    backend::Backend,
    init::{First, InitError, Made, make_account, random_account},
    serve::{self, Records, ServeError},
    settings::Settings,
};

/// One account for people.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// When it was made.
    pub created: Timestamp,
    /// How many RAM users it has.
    pub users: usize,
}

/// Why an account was not made or listed.
#[derive(Debug, Error)]
pub enum AccountsError {
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] ServeError),
    /// It cannot be made.
    #[error(transparent)]
    Make(#[from] InitError),
    /// It is there.
    #[error(
        "there is an account {0} already; account access-key makes an AccessKey for a user of it"
    )]
    Exists(AccountId),
    /// Somebody there can do it by a call.
    #[error(
        "RAM users of the account {0} have rights: whoever may, gives more of them with \
         kms-server ctl ram policy attach-user"
    )]
    HasRights(AccountId),
    /// What rights there are cannot be told.
    #[error(transparent)]
    Rights(#[from] SetupError),
    /// It did not come into the directory.
    #[error(transparent)]
    Join(#[from] JoinError),
}

/// Makes an account with an administrator.
///
/// # Errors
/// Those of `serve` and of `init`.
pub async fn add(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
    first: First,
) -> Result<Made, AccountsError> {
    let backend = serve::open(settings, Records::of_operation(settings), env, &clock).await?;
    let made = made(&backend, first).await;
    backend.close().await;
    made
}

async fn made(backend: &Backend, first: First) -> Result<Made, AccountsError> {
    let account = match first.account {
        Some(account) => account,
        None => random_account()?,
    };
    if all(backend).await?.iter().any(|own| own.id == account) {
        return Err(AccountsError::Exists(account));
    }
    Ok(make_account(backend, &account, first.user).await?)
}

/// Makes one more AccessKey for a user: for an administrator whose own are lost.
///
/// # Errors
/// Those of `serve`, and what RAM says about the user.
pub async fn add_access_key(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
    account: AccountId,
    user: String,
) -> Result<Made, AccountsError> {
    let backend = serve::open(settings, Records::of_operation(settings), env, &clock).await?;
    let made = backend.service.create_access_key(&account, &user).await;
    if made.is_ok() {
        let about = [("account", account.as_str()), ("user", user.as_str())];
        backend.audit.note("access-key", &about);
    }
    backend.close().await;
    let key = made.map_err(InitError::from)?;
    Ok(Made { account, user, key })
}

/// Gives AdministratorAccess to a user of an account in which nobody has any right.
///
/// # Errors
/// Those of `serve`, `HasRights`, and what RAM says about the user.
pub async fn make_administrator(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
    account: &AccountId,
    user: &str,
) -> Result<(), AccountsError> {
    let backend = serve::open(settings, Records::of_operation(settings), env, &clock).await?;
    let made = empower(&backend, account, user).await;
    if made.is_ok() {
        let about = [("account", account.as_str()), ("user", user)];
        backend.audit.note("administrator", &about);
    }
    backend.close().await;
    made
}

async fn empower(backend: &Backend, account: &AccountId, user: &str) -> Result<(), AccountsError> {
    let store = backend.database.store();
    let found = run_tx(&*store, Mode::Read, |mut tx| {
        Box::pin(async move { (*tx).users().find_by_name(account, user).await })
    })
    .await
    .map_err(InitError::from)?;
    if found.is_none() {
        return Err(SetupError::NoSuchUser.into());
    }
    if !accounts_without_rights(&*store).await?.contains(account) {
        return Err(AccountsError::HasRights(account.clone()));
    }
    backend.service.ensure_administrator(account, user).await?;
    Ok(())
}

/// Puts an account into the resource directory that another manages, into its root or that
/// folder; where the cloud has invitations.
///
/// # Errors
/// Those of `serve`, and `Join`.
pub async fn join(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
    (manager, account): (&AccountId, &AccountId),
    folder: Option<&FolderId>,
) -> Result<Joined, AccountsError> {
    let backend = serve::open(settings, Records::of_operation(settings), env, &clock).await?;
    let joined = backend
        .service
        .join_directory(manager, account, folder)
        .await;
    if let Ok(joined) = &joined {
        let about = [
            ("account", account.as_str()),
            ("directory", joined.directory.as_str()),
            ("folder", joined.folder.as_str()),
        ];
        backend.audit.note("join-directory", &about);
    }
    backend.close().await;
    Ok(joined?)
}

/// All accounts, by id.
///
/// # Errors
/// Those of `serve`.
pub async fn list(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
) -> Result<Vec<Account>, AccountsError> {
    let backend = serve::open(settings, Records::of_operation(settings), env, &clock).await?;
    let all = all(&backend).await;
    backend.close().await;
    all
}

async fn all(backend: &Backend) -> Result<Vec<Account>, AccountsError> {
    let store = backend.database.store();
    let all = run_tx(&*store, Mode::Read, |mut tx| {
        Box::pin(async move {
            let mut all = Vec::new();
            for account in tx.accounts().list().await? {
                let users = tx.users().of_account(&account.id).await?.len();
                all.push(Account {
                    id: account.id,
                    created: account.created,
                    users,
                });
            }
            Ok::<_, StoreError>(all)
        })
    })
    .await;
    Ok(all.map_err(InitError::from)?)
}

// === impl AccountsError ===

impl AccountsError {
    /// How a program should end after this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Open(reason) => reason.exit(),
            Self::Make(reason) => reason.exit(),
            Self::Exists(_) | Self::HasRights(_) | Self::Rights(SetupError::NoSuchUser) => {
                Exit::Usage
            }
            Self::Join(JoinError::Store(_) | JoinError::Damaged(_)) | Self::Rights(_) => {
                Exit::Failure
            }
            Self::Join(_) => Exit::Usage,
        }
    }
}
