//! This server's own RAM, asked by KMS.
//!
//! KMS acts by the role that the user's account gave it, as the cloud's does: whether it may
//! make or end a key is for the account's own policies to say, at each call anew.

use std::{net::Ipv4Addr, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use kms_store::{KeyStatus, Mode};
use kms_types::{AccessKeyId, AccountId, ErrorCode, RequestId, RoleName, UserName};
use kms_wire::{
    ApiError,
    request::{
        AccessKeyStatus, CreateAccessKey, DeleteAccessKey, GetAccessKeyLastUsed,
        ImsListTagResources, ListAccessKeys, ListUsers, Marked, TaggedUsers, UpdateAccessKey,
    },
    response,
};

use super::{
    KeyOwner, ListedUser, Ram, RamError, RamKey, RamUser, UserPage, UserTag,
    delegation::{ROLE, SERVICE},
};
use crate::{
    Caller, Gateway, NewAccessKey, Principal, Rights, Service,
    failure::Failure,
    policy::{self, Asker, Effect},
    roles::Role,
    sts,
};

/// The RAM whose users and keys lie in this server's store.
pub(crate) struct EmbeddedRam {
    service: Service,
}

/// What the sessions by which KMS acts are called.
const SESSION: &str = "kms";
/// Users that are listed at once.
const PAGE: u32 = 1_000;

// === impl EmbeddedRam ===

impl EmbeddedRam {
    pub(crate) fn new(service: Service) -> Self {
        Self { service }
    }

    /// KMS as a session of the account's role, with the rights that the role has now.
    async fn kms(&self, account: &AccountId) -> Result<Caller, RamError> {
        let no_role = RamError::NoRole("the account has no such role");
        let name: RoleName = ROLE.parse().map_err(|_not_a_name| no_role.clone())?;
        let service = &self.service;
        let (role, rights) = service
            .tx(Mode::Read, |mut tx| {
                let name = &name;
                Box::pin(async move {
                    let tx = &mut *tx;
                    let Some(role) = Role::look_up(tx, account, name).await? else {
                        return Ok(None);
                    };
                    let rights = Rights::of_role(tx, service.policies(), account, &role.body);
                    let rights = rights.await?;
                    Ok::<_, Failure>(Some((role.body, rights)))
                })
            })
            .await
            .map_err(failed)?
            .ok_or(no_role)?;
        let question = policy::Call {
            action: sts::ASSUME_ROLE,
            resource: "",
            asker: Asker::Service(SERVICE),
            context: policy::Context::new(),
            now: service.now(),
        };
        let trust = policy::Document::parse(&role.trust, policy::Kind::Trust)
            .map_err(|_no_longer_valid| failed(Failure::Document("role")))?;
        if trust.evaluate(&question) != Effect::Allow {
            return Err(RamError::NoRole(
                "its trust policy does not name kms.aliyuncs.com",
            ));
        }
        Ok(Caller {
            principal: Principal::Role {
                account: account.clone(),
                role_id: role.id,
                role_name: name.to_string(),
                session_name: SESSION.to_owned(),
                access_key_id: sts::access_key_id().map_err(failed)?,
                rights: Arc::new(rights),
                policy: None,
            },
            source: Ipv4Addr::LOCALHOST.into(),
            gateway: Gateway::Shared,
            secure_transport: true,
            request_id: RequestId::random(),
            moment: None,
        })
    }
}

#[async_trait]
impl Ram for EmbeddedRam {
    async fn keys(&self, user: &RamUser) -> Result<Vec<RamKey>, RamError> {
        let kms = self.kms(&user.account).await?;
        let call = ListAccessKeys {
            user_name: Some(user.name.clone()),
        };
        let listed = self.service.list_access_keys(&kms, call).await;
        let listed = listed.map_err(|failure| refused("ram:ListAccessKeys", failure))?;
        listed.access_keys.access_key.iter().map(key).collect()
    }

    async fn users(
        &self,
        account: &AccountId,
        after: Option<String>,
    ) -> Result<UserPage, RamError> {
        let kms = self.kms(account).await?;
        let page = Marked {
            marker: after,
            max_items: PAGE,
        };
        let listed = self.service.list_users(&kms, ListUsers { page }).await;
        let listed = listed.map_err(|failure| refused("ram:ListUsers", failure))?;
        let user = |user: response::RamUser| {
            let name = user.user_name.parse();
            Ok::<_, RamError>(ListedUser {
                id: user.user_id,
                name: name.map_err(|_not_a_name| RamError::Answer("a user's name is none"))?,
            })
        };
        Ok(UserPage {
            users: listed
                .users
                .user
                .into_iter()
                .map(user)
                .collect::<Result<_, _>>()?,
            next: listed.marker,
        })
    }

    async fn user_tags(
        &self,
        account: &AccountId,
        ids: &[String],
    ) -> Result<Vec<UserTag>, RamError> {
        let kms = self.kms(account).await?;
        let mut tags = Vec::new();
        let mut next_token = None;
        loop {
            let call = ImsListTagResources {
                users: TaggedUsers::Ids(ids.to_vec()),
                tags: Vec::new(),
                page_size: 100,
                next_token,
            };
            let listed = self.service.list_user_tags(&kms, call).await;
            let listed = listed.map_err(|failure| refused("ram:ListTagResources", failure))?;
            let found = listed.tag_resources.tag_resource.into_iter();
            tags.extend(found.map(|tag| UserTag {
                user_id: tag.resource_id,
                key: tag.tag_key,
                value: tag.tag_value,
            }));
            next_token = listed.next_token;
            if next_token.is_none() {
                return Ok(tags);
            }
        }
    }

    async fn create_key(&self, user: &RamUser) -> Result<NewAccessKey, RamError> {
        let kms = self.kms(&user.account).await?;
        let call = CreateAccessKey {
            user_name: Some(user.name.clone()),
        };
        let made = self.service.ram_create_access_key(&kms, call).await;
        let made = made.map_err(|failure| refused("ram:CreateAccessKey", failure))?;
        Ok(NewAccessKey {
            id: key_id(&made.access_key.access_key_id)?,
            secret: made.access_key.access_key_secret,
        })
    }

    async fn set_status(
        &self,
        user: &RamUser,
        id: &AccessKeyId,
        status: KeyStatus,
    ) -> Result<(), RamError> {
        let kms = self.kms(&user.account).await?;
        let call = UpdateAccessKey {
            user_access_key_id: id.clone(),
            status: match status {
                KeyStatus::Active => AccessKeyStatus::Active,
                KeyStatus::Inactive => AccessKeyStatus::Inactive,
            },
            user_name: Some(user.name.clone()),
        };
        let done = self.service.update_access_key(&kms, call).await;
        done.map(drop)
            .map_err(|failure| refused("ram:UpdateAccessKey", failure))
    }

    async fn delete_key(&self, user: &RamUser, id: &AccessKeyId) -> Result<(), RamError> {
        let kms = self.kms(&user.account).await?;
        let call = DeleteAccessKey {
            user_access_key_id: id.clone(),
            user_name: Some(user.name.clone()),
        };
        let done = self.service.delete_access_key(&kms, call).await;
        done.map(drop)
            .map_err(|failure| refused("ram:DeleteAccessKey", failure))
    }

    async fn last_used(
        &self,
        user: &RamUser,
        id: &AccessKeyId,
    ) -> Result<Option<Timestamp>, RamError> {
        let kms = self.kms(&user.account).await?;
        let call = GetAccessKeyLastUsed {
            user_access_key_id: id.clone(),
            user_name: Some(user.name.clone()),
        };
        let told = self.service.access_key_last_used(&kms, call).await;
        let told = told.map_err(|failure| refused("ram:GetAccessKeyLastUsed", failure))?;
        match told.access_key_last_used.last_used_date.as_str() {
            "" => Ok(None),
            date => moment(date).map(Some),
        }
    }

    /// As authentication decides it; that the key was asked about is no use of it. All keys
    /// of this RAM are users': an account's own is not known here.
    async fn owner(&self, key: &NewAccessKey) -> Result<KeyOwner, RamError> {
        let service = &self.service;
        let found = service
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let Some(record) = tx.access_keys().find(&key.id).await? else {
                        return Ok(None);
                    };
                    let Some(user) = tx.users().find(&record.user_id).await? else {
                        return Ok(None);
                    };
                    // Here, so that a term that is not known yet is looked for.
                    let secret = service.open_key(&record)?;
                    Ok::<_, Failure>(Some((record, user, secret)))
                })
            })
            .await
            .map_err(failed)?;
        let refused = |code: ErrorCode| Err(RamError::KeyRefused(code.as_str().to_owned()));
        let Some((record, user, secret)) = found else {
            return refused(ErrorCode::AccessKeyNotFound);
        };
        // EXPOSE: into the comparison, in constant time.
        if !secret.matches(key.secret.expose().as_bytes()) {
            return refused(ErrorCode::SignatureDoesNotMatch);
        }
        if record.status != KeyStatus::Active {
            return refused(ErrorCode::AccessKeyInactive);
        }
        let name: UserName = user.name.parse().map_err(|_not_a_name| {
            RamError::Answer("the key's user has a name that RAM does not allow")
        })?;
        Ok(KeyOwner::User(RamUser {
            account: user.account,
            name,
        }))
    }
}

/// A failure that says nothing about the call: it is logged, and may pass.
fn failed(failure: Failure) -> RamError {
    let _logged: ApiError = failure.into_api_error();
    RamError::Unreachable("this server failed; its log says why")
}

fn refused(action: &str, failure: Failure) -> RamError {
    let code = match failure {
        Failure::Refused(error) => error.code,
        failure => return failed(failure),
    };
    match code {
        ErrorCode::UserNotFound => RamError::NoUser,
        ErrorCode::UserKeyNotFound => RamError::NoKey,
        ErrorCode::UserKeyLimit => RamError::KeyLimit,
        ErrorCode::RamForbidden => {
            RamError::Denied(format!("{} for {action}", ErrorCode::RamForbidden))
        }
        _ => RamError::Answer("a code that the call does not have"),
    }
}

fn key(listed: &response::AccessKeySummary) -> Result<RamKey, RamError> {
    let active = KeyStatus::Active;
    Ok(RamKey {
        id: key_id(&listed.access_key_id)?,
        status: if listed.status == active.as_str() {
            active
        } else {
            KeyStatus::Inactive
        },
        created: moment(&listed.create_date)?,
    })
}

fn key_id(text: &str) -> Result<AccessKeyId, RamError> {
    text.parse()
        .map_err(|_not_an_id| RamError::Answer("an AccessKeyId that is none"))
}

fn moment(text: &str) -> Result<Timestamp, RamError> {
    text.parse()
        .map_err(|_no_moment| RamError::Answer("a date that is none"))
}

#[cfg(test)]
mod tests;
