use jiff::Timestamp;
use kms_crypto::Place;
use kms_store::{AccessKeyRecord, KeyStatus, Mode, StoreError, Tx, UserRecord};
use kms_types::{AccessKeyId, AccountId, ErrorCode, Secret, UserName};
use kms_wire::{
    Action, ApiError,
    request::{
        AccessKeyStatus, CreateAccessKey, DeleteAccessKey, GetAccessKeyLastUsed, ListAccessKeys,
        UpdateAccessKey,
    },
    response, write_timestamp,
};

use super::{refusal, user_resource, users};
use crate::{
    Caller, NewAccessKey, Principal, Service, authorise::Resource, failure::Failure, random,
};

/// An AccessKey that is nobody's yet.
pub(crate) struct FreshAccessKey {
    pub(crate) key: NewAccessKey,
    sealed: Vec<u8>,
}

/// RAM's own limit (reference kms-api §8).
const KEYS_PER_USER: usize = 2;

impl Service {
    /// CreateAccessKey: the one answer that shows its secret.
    pub(crate) async fn ram_create_access_key(
        &self,
        caller: &Caller,
        call: CreateAccessKey,
    ) -> Result<response::CreateAccessKey, Failure> {
        let named = call.user_name.as_ref();
        let (account, name) = self.whose(caller, Action::CreateAccessKey, named)?;
        let now = self.now();
        let fresh = self.fresh_access_key(account)?;
        {
            let fresh = &fresh;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let user = users::find(tx, account, name).await?;
                    if add_access_key(tx, &user, fresh, now).await? {
                        Ok(())
                    } else {
                        Err(refusal(
                            ErrorCode::UserKeyLimit,
                            "A user has at most two AccessKeys.",
                        ))
                    }
                })
            })
            .await?;
        }
        self.resources_changed(account).await;
        Ok(response::CreateAccessKey {
            access_key: response::AccessKey {
                access_key_id: fresh.key.id.to_string(),
                access_key_secret: fresh.key.secret,
                status: KeyStatus::Active.as_str().to_owned(),
                create_date: write_timestamp(now),
            },
        })
    }

    /// ListAccessKeys.
    pub(crate) async fn list_access_keys(
        &self,
        caller: &Caller,
        call: ListAccessKeys,
    ) -> Result<response::ListAccessKeys, Failure> {
        let named = call.user_name.as_ref();
        let (account, name) = self.whose(caller, Action::ListAccessKeys, named)?;
        let keys = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let user = users::find(&mut *tx, account, name).await?;
                    Ok::<_, Failure>(tx.access_keys().of_user(&user.id).await?)
                })
            })
            .await?;
        let summary = |key: AccessKeyRecord| response::AccessKeySummary {
            access_key_id: key.id.to_string(),
            status: key.status.as_str().to_owned(),
            create_date: write_timestamp(key.created),
        };
        Ok(response::ListAccessKeys {
            access_keys: response::AccessKeys {
                access_key: keys.into_iter().map(summary).collect(),
            },
        })
    }

    /// UpdateAccessKey.
    pub(crate) async fn update_access_key(
        &self,
        caller: &Caller,
        call: UpdateAccessKey,
    ) -> Result<response::Empty, Failure> {
        let named = call.user_name.as_ref();
        let (account, name) = self.whose(caller, Action::UpdateAccessKey, named)?;
        let id = &call.user_access_key_id;
        let status = match call.status {
            AccessKeyStatus::Active => KeyStatus::Active,
            AccessKeyStatus::Inactive => KeyStatus::Inactive,
        };
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                find(&mut *tx, account, name, id).await?;
                Ok::<_, Failure>(tx.access_keys().set_status(id, status).await?)
            })
        })
        .await?;
        self.resources_changed(account).await;
        Ok(response::Empty {})
    }

    /// DeleteAccessKey.
    pub(crate) async fn delete_access_key(
        &self,
        caller: &Caller,
        call: DeleteAccessKey,
    ) -> Result<response::Empty, Failure> {
        let named = call.user_name.as_ref();
        let (account, name) = self.whose(caller, Action::DeleteAccessKey, named)?;
        let id = &call.user_access_key_id;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                find(&mut *tx, account, name, id).await?;
                Ok::<_, Failure>(tx.access_keys().remove(id).await?)
            })
        })
        .await?;
        self.resources_changed(account).await;
        Ok(response::Empty {})
    }

    /// GetAccessKeyLastUsed: uses are noted to ten minutes.
    pub(crate) async fn access_key_last_used(
        &self,
        caller: &Caller,
        call: GetAccessKeyLastUsed,
    ) -> Result<response::GetAccessKeyLastUsed, Failure> {
        let named = call.user_name.as_ref();
        let (account, name) = self.whose(caller, Action::GetAccessKeyLastUsed, named)?;
        let id = &call.user_access_key_id;
        let key = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { find(&mut *tx, account, name, id).await })
            })
            .await?;
        Ok(response::GetAccessKeyLastUsed {
            access_key_last_used: response::AccessKeyLastUsed {
                last_used_date: key.last_used.map(write_timestamp).unwrap_or_default(),
            },
        })
    }

    /// The account and name of the user that is named, or of the one that calls.
    fn whose<'a>(
        &self,
        caller: &'a Caller,
        action: Action,
        named: Option<&'a UserName>,
    ) -> Result<(&'a AccountId, &'a str), ApiError> {
        let name = match (named, &caller.principal) {
            (Some(name), _) => name.as_str(),
            (None, Principal::User { user_name, .. }) => user_name,
            (None, _) => {
                self.own(caller, action, Resource::all_in_ram("user"))?;
                return Err(ApiError::missing_parameter("UserName"));
            }
        };
        Ok((self.own(caller, action, user_resource(name))?, name))
    }

    /// Makes an AccessKey and seals its secret.
    ///
    /// # Errors
    /// `Random`, `Seal`.
    pub(crate) fn fresh_access_key(&self, account: &AccountId) -> Result<FreshAccessKey, Failure> {
        let id: AccessKeyId = format!("LTAI5t{}", *random::alphanumeric(18)?)
            .parse()
            .map_err(|_not_an_id| Failure::Random)?;
        let secret = Secret::new(std::mem::take(&mut *random::alphanumeric(30)?));
        let place = Place::AccessKeySecret { account, id: &id };
        // EXPOSE: into the sealed record.
        let sealed = self.keyring().seal(&place, secret.expose().as_bytes())?;
        Ok(FreshAccessKey {
            key: NewAccessKey { id, secret },
            sealed,
        })
    }
}

/// Gives the user the AccessKey, unless it has two; whether it was given.
pub(crate) async fn add_access_key(
    tx: &mut dyn Tx,
    user: &UserRecord,
    fresh: &FreshAccessKey,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if tx.access_keys().of_user(&user.id).await?.len() >= KEYS_PER_USER {
        return Ok(false);
    }
    let record = AccessKeyRecord {
        id: fresh.key.id.clone(),
        account: user.account.clone(),
        user_id: user.id.clone(),
        sealed_secret: fresh.sealed.clone(),
        status: KeyStatus::Active,
        created: now,
        last_used: None,
    };
    tx.access_keys().insert(&record).await?;
    Ok(true)
}

/// The user's AccessKey, which must exist.
async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    name: &str,
    id: &AccessKeyId,
) -> Result<AccessKeyRecord, Failure> {
    let user = users::find(tx, account, name).await?;
    let key = tx.access_keys().find(id).await?;
    key.filter(|key| key.user_id == user.id).ok_or_else(|| {
        refusal(
            ErrorCode::UserKeyNotFound,
            "The user has no such AccessKey.",
        )
    })
}
