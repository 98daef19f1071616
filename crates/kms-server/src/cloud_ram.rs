//! RAMs that are not this server's own: the cloud's, asked over its public API, so that a team
//! rotates the AccessKeys of its real accounts from its own server.
//!
//! A call is made once. What its answer would have been, had it come, is the journal's to find
//! out; trying again would make a second AccessKey where one is wanted.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use kms_client::{CallError, Client};
use kms_credentials::{Credentials, CredentialsError, ProvideCredentials};
use kms_service::{
    KeyOwner, NewAccessKey, Ram, RamError, RamKey, RamUser, Rams, UserPage, UserTag,
};
use kms_store::KeyStatus;
use kms_types::{AccessKeyId, AccountId};
use kms_wire::{
    request::{
        AccessKeyStatus, CreateAccessKey, DeleteAccessKey, GetAccessKeyLastUsed, GetCallerIdentity,
        ImsListTagResources, ListAccessKeys, ListUsers, Marked, Operation, TaggedUsers,
        UpdateAccessKey,
    },
    sign::SigningKey,
};

mod answer;
mod open;
mod refusal;

pub use open::RamSetupError;
use open::Way;

/// The RAM of one account.
pub struct CloudRam {
    account: AccountId,
    /// Calls as KMS.
    kms: Client,
    /// For calls with other keys.
    way: Way,
}

/// Those of all accounts that have one.
#[derive(Default)]
pub struct CloudRams(BTreeMap<AccountId, Arc<CloudRam>>);

/// Users that are listed at once; RAM's own default.
const PAGE: u32 = 100;
/// Pages of the tags of 50 users at most: each has 20 tags, a page 100.
const MOST_TAG_PAGES: usize = 20;

/// Signs with one AccessKey.
struct One(SigningKey);

// === impl CloudRam ===

impl CloudRam {
    /// Whose users' keys it makes.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// As whom KMS calls (GetCallerIdentity): its ARN.
    ///
    /// # Errors
    /// [`RamError`]; `Answer` if that is nobody of the account.
    pub async fn identity(&self) -> Result<String, RamError> {
        let told = self.call(&self.kms, &GetCallerIdentity {}).await?;
        if told.account_id == self.account.as_str() {
            Ok(told.arn)
        } else {
            Err(RamError::Answer(
                "the identity is of another account than [[ram]] says",
            ))
        }
    }

    async fn call<O: Operation>(
        &self,
        client: &Client,
        operation: &O,
    ) -> Result<O::Response, RamError> {
        client.call(operation).await.map_err(|error| {
            if let CallError::Credentials(reason) = &error {
                // Names files and keys, never a value; the error of the port names less.
                tracing::warn!(account = %self.account, error = %reason, "no credentials for RAM");
            }
            refusal::of(&error, O::ACTION)
        })
    }
}

#[async_trait]
impl Ram for CloudRam {
    async fn keys(&self, user: &RamUser) -> Result<Vec<RamKey>, RamError> {
        let call = ListAccessKeys {
            user_name: Some(user.name.clone()),
        };
        let listed = self.call(&self.kms, &call).await?;
        listed
            .access_keys
            .access_key
            .iter()
            .map(answer::key)
            .collect()
    }

    async fn users(
        &self,
        _account: &AccountId,
        after: Option<String>,
    ) -> Result<UserPage, RamError> {
        let page = Marked {
            marker: after,
            max_items: PAGE,
        };
        let listed = self.call(&self.kms, &ListUsers { page }).await?;
        let next = answer::next(listed.is_truncated, listed.marker)?;
        let users = listed.users.user.iter().map(answer::user);
        Ok(UserPage {
            users: users.collect::<Result<_, _>>()?,
            next,
        })
    }

    async fn user_tags(
        &self,
        _account: &AccountId,
        ids: &[String],
    ) -> Result<Vec<UserTag>, RamError> {
        let mut tags = Vec::new();
        let mut next_token = None;
        for _ in 0..MOST_TAG_PAGES {
            let call = ImsListTagResources {
                users: TaggedUsers::Ids(ids.to_vec()),
                tags: Vec::new(),
                page_size: 100,
                next_token: next_token.take(),
            };
            let listed = self.call(&self.kms, &call).await?;
            let found = listed.tag_resources.tag_resource.into_iter();
            tags.extend(found.map(|tag| UserTag {
                user_id: tag.resource_id,
                key: tag.tag_key,
                value: tag.tag_value,
            }));
            next_token = answer::next(listed.is_truncated, listed.next_token)?;
            if next_token.is_none() {
                return Ok(tags);
            }
        }
        Err(RamError::Answer("its list of tags has no end"))
    }

    async fn create_key(&self, user: &RamUser) -> Result<NewAccessKey, RamError> {
        let call = CreateAccessKey {
            user_name: Some(user.name.clone()),
        };
        let made = self.call(&self.kms, &call).await?.access_key;
        Ok(NewAccessKey {
            id: answer::key_id(&made.access_key_id)?,
            secret: made.access_key_secret,
        })
    }

    async fn set_status(
        &self,
        user: &RamUser,
        id: &AccessKeyId,
        status: KeyStatus,
    ) -> Result<(), RamError> {
        let call = UpdateAccessKey {
            user_access_key_id: id.clone(),
            status: match status {
                KeyStatus::Active => AccessKeyStatus::Active,
                KeyStatus::Inactive => AccessKeyStatus::Inactive,
            },
            user_name: Some(user.name.clone()),
        };
        self.call(&self.kms, &call).await.map(drop)
    }

    async fn delete_key(&self, user: &RamUser, id: &AccessKeyId) -> Result<(), RamError> {
        let call = DeleteAccessKey {
            user_access_key_id: id.clone(),
            user_name: Some(user.name.clone()),
        };
        self.call(&self.kms, &call).await.map(drop)
    }

    async fn last_used(
        &self,
        user: &RamUser,
        id: &AccessKeyId,
    ) -> Result<Option<Timestamp>, RamError> {
        let call = GetAccessKeyLastUsed {
            user_access_key_id: id.clone(),
            user_name: Some(user.name.clone()),
        };
        let told = self.call(&self.kms, &call).await?;
        match told.access_key_last_used.last_used_date.as_str() {
            "" => Ok(None),
            date => answer::moment(date).map(Some),
        }
    }

    async fn owner(&self, key: &NewAccessKey) -> Result<KeyOwner, RamError> {
        let one = One(SigningKey {
            access_key_id: key.id.clone(),
            access_key_secret: key.secret.clone(),
            security_token: None,
        });
        let client = self.way.client(Arc::new(one));
        let told = client.call(&GetCallerIdentity {}).await;
        answer::owner(&told.map_err(|error| refusal::of_key(&error))?)
    }
}

// === impl CloudRams ===

impl CloudRams {
    /// Each of them.
    pub fn all(&self) -> impl Iterator<Item = &Arc<CloudRam>> {
        self.0.values()
    }
}

impl Rams for CloudRams {
    fn of(&self, account: &AccountId) -> Option<Arc<dyn Ram>> {
        let ram = self.0.get(account)?;
        Some(Arc::<CloudRam>::clone(ram))
    }
}

// === impl One ===

#[async_trait]
impl ProvideCredentials for One {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        Ok(Credentials {
            key: self.0.clone(),
            expires: None,
            provider: "static_ak".to_owned(),
        })
    }
}
