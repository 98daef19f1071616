use kms_store::StoreError;
use kms_types::{AccessKeyId, AccountId, Secret};
use thiserror::Error;

use crate::Service;

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
    #[error("cannot write to the store")]
    Store(#[from] StoreError),
}

impl Service {
    /// The account's user of that name; both are made if they do not exist.
    #[expect(clippy::unused_async, reason = "it asks the store")]
    pub async fn ensure_user(
        &self,
        _account: &AccountId,
        _user_name: &str,
    ) -> Result<User, SetupError> {
        Err(StoreError::Unavailable("not built yet").into())
    }

    /// Makes an AccessKey for the user; a user has no more than two.
    #[expect(clippy::unused_async, reason = "it asks the store")]
    pub async fn create_access_key(
        &self,
        _account: &AccountId,
        _user_name: &str,
    ) -> Result<NewAccessKey, SetupError> {
        Err(StoreError::Unavailable("not built yet").into())
    }
}
