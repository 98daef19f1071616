use std::io;

use kms_crypto::RootKeyError;
use kms_service::{SetupError, UnlockError};
use kms_store::StoreError;
use kms_types::{ParseIdError, ParseNameError};
use kms_wire::ApiError;
use thiserror::Error;

use super::names::{INSTANCE, USER};
use crate::{backend::BackendError, database::DatabaseError};

/// Why there is no KMS.
#[derive(Debug, Error)]
pub enum KmsError {
    /// A file or folder of the state.
    #[error("cannot read or write the state in {0}")]
    File(String, #[source] io::Error),
    /// The root key.
    #[error("no root key")]
    RootKey(#[from] RootKeyError),
    /// The data.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// What stands on the data.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The data is sealed with another root key.
    #[error("cannot unseal the data")]
    Unlock(#[from] UnlockError),
    /// The user, its AccessKey or the instance.
    #[error("cannot make the user {USER} or the instance {INSTANCE}")]
    Setup(#[source] SetupError),
    /// DIR/env was lost twice, and with it the secrets of both AccessKeys.
    #[error(
        "the AccessKeys of the user {USER} are lost with {0}, and there is no room for a third; \
         put the file back, or remove the folder and begin anew"
    )]
    KeysLost(String),
    /// The demo secret.
    #[error("cannot make the demo secret")]
    Demo(#[source] ApiError),
    /// The user whose AccessKey rotates, or its secret.
    #[error("cannot make the hosted AccessKey")]
    Hosted(#[source] ApiError),
    /// The same, in the store.
    #[error("cannot make the hosted AccessKey")]
    HostedStore(#[source] StoreError),
    /// The access point or its key.
    #[error("cannot make the ClientKey")]
    ClientKey(#[source] ApiError),
    /// Never: the names are ours.
    #[error("a name of ours is none")]
    Name(#[from] ParseNameError),
    /// Never: the ids are ours.
    #[error("an id of ours is none")]
    Id(#[from] ParseIdError),
}
