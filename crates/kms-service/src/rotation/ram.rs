//! The RAM that makes and ends the AccessKeys that secrets host. There are two: this server's
//! own, and the cloud's. The engine does not know which it works with.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use kms_store::KeyStatus;
use kms_types::{AccessKeyId, AccountId, UserName};
use thiserror::Error;

use crate::NewAccessKey;

/// A user whose AccessKeys are hosted.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct RamUser {
    /// The account.
    pub account: AccountId,
    /// The name in it.
    pub name: UserName,
}

/// An AccessKey as RAM lists it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RamKey {
    /// Its id.
    pub id: AccessKeyId,
    /// Whether it signs.
    pub status: KeyStatus,
    /// When it was made, to the second.
    pub created: Timestamp,
}

/// A user as RAM lists it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedUser {
    /// Its id: the same under every name.
    pub id: String,
    /// Its name.
    pub name: UserName,
}

/// A part of an account's users.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct UserPage {
    /// Who is in it.
    pub users: Vec<ListedUser>,
    /// Where the next one begins; none if this is the last.
    pub next: Option<String>,
}

/// A tag of a user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserTag {
    /// The user's id.
    pub user_id: String,
    /// Its key.
    pub key: String,
    /// Its value; may be empty.
    pub value: String,
}

/// Whose an AccessKey is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum KeyOwner {
    /// An account itself, whose keys are not hosted (seed 003).
    Account(AccountId),
    /// One of its users.
    User(RamUser),
}

/// What KMS may do at RAM by the service role `AliyunKMSManagedRAMCrendentialsRole`
/// (reference accesskey §1, row 18), and what anybody may ask of RAM and STS.
///
/// Each may be asked again after any error. None of them tries again by itself: an answer
/// that was lost is [`RamError::Unreachable`], and whether the call did its work is then
/// unknown.
#[async_trait]
pub trait Ram: Send + Sync {
    /// The user's keys (ListAccessKeys).
    ///
    /// # Errors
    /// [`RamError`].
    async fn keys(&self, user: &RamUser) -> Result<Vec<RamKey>, RamError>;

    /// Makes a key (CreateAccessKey): the only time that its secret is shown.
    ///
    /// # Errors
    /// [`RamError`]; `KeyLimit` if there are two.
    async fn create_key(&self, user: &RamUser) -> Result<NewAccessKey, RamError>;

    /// Says whether a key signs (UpdateAccessKey).
    ///
    /// # Errors
    /// [`RamError`]; `NoKey` if the user has no such key.
    async fn set_status(
        &self,
        user: &RamUser,
        id: &AccessKeyId,
        status: KeyStatus,
    ) -> Result<(), RamError>;

    /// Ends a key (DeleteAccessKey).
    ///
    /// # Errors
    /// [`RamError`]; `NoKey` if the user has no such key.
    async fn delete_key(&self, user: &RamUser, id: &AccessKeyId) -> Result<(), RamError>;

    /// When a key signed last (GetAccessKeyLastUsed), as far as RAM notes it; none if it
    /// never did. The service role's published policy does not allow this call: `Denied` is
    /// an answer to live with.
    ///
    /// # Errors
    /// [`RamError`].
    async fn last_used(
        &self,
        user: &RamUser,
        id: &AccessKeyId,
    ) -> Result<Option<Timestamp>, RamError>;

    /// The account's users (ListUsers): the part that begins where the one before said. The
    /// service role's published policy does not allow this call.
    ///
    /// # Errors
    /// [`RamError`].
    async fn users(&self, account: &AccountId, after: Option<String>)
    -> Result<UserPage, RamError>;

    /// The tags of these users, 50 at most, by their ids (ListTagResources of Ims); of one that
    /// is gone there are none. The service role's published policy does not allow this call.
    ///
    /// # Errors
    /// [`RamError`].
    async fn user_tags(
        &self,
        account: &AccountId,
        ids: &[String],
    ) -> Result<Vec<UserTag>, RamError>;

    /// Signs a call with the key and asks whose it is (GetCallerIdentity).
    ///
    /// # Errors
    /// [`RamError`]; `KeyRefused` if it does not sign, or not yet.
    async fn owner(&self, key: &NewAccessKey) -> Result<KeyOwner, RamError>;
}

/// RAMs by account.
pub trait Rams: Send + Sync {
    /// The account's, if it is not this server's own.
    fn of(&self, account: &AccountId) -> Option<Arc<dyn Ram>>;
}

/// Why RAM did not do what it was asked for. The words hold nothing of what was sent or
/// answered but codes.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
pub enum RamError {
    /// There is no such user.
    #[error("the RAM user does not exist")]
    NoUser,
    /// The user has no such key.
    #[error("the RAM user has no such AccessKey")]
    NoKey,
    /// The user has two.
    #[error("the RAM user has two AccessKeys")]
    KeyLimit,
    /// KMS was not given the service role, or not its rights.
    #[error("the role AliyunKMSManagedRAMCrendentialsRole is missing or does not let KMS in: {0}")]
    NoRole(&'static str),
    /// The identity that asks lacks the right to.
    #[error("RAM refuses the call: {0}")]
    Denied(String),
    /// The key does not sign (anything), or not yet.
    #[error("the AccessKey is not accepted: {0}")]
    KeyRefused(String),
    /// Too many calls.
    #[error("RAM is asked too often")]
    Throttled,
    /// No answer, or one that says that RAM itself failed: the call may have done its work.
    #[error("RAM does not answer: {0}")]
    Unreachable(&'static str),
    /// It answered something else than was agreed.
    #[error("RAM's answer cannot be used: {0}")]
    Answer(&'static str),
}

/// All accounts are of this server's own RAM.
pub(super) struct OwnRam;

// === impl RamError ===

impl RamError {
    /// Whether the same call may succeed later without anybody doing anything about it.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Throttled | Self::Unreachable(_) | Self::Answer(_)
        )
    }
}

// === impl OwnRam ===

impl Rams for OwnRam {
    fn of(&self, _account: &AccountId) -> Option<Arc<dyn Ram>> {
        None
    }
}
