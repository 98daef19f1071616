use kms_store::{Mode, StoreError, Tx, UserRecord};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action,
    request::{CreateUser, DeleteUser, GetUser, ListUsers, UpdateUser},
    response, write_timestamp,
};

use super::{part, profile::Profile, refusal, user_resource, write_moment};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
    random,
};

/// RAM's own quota.
const MOST_USERS: usize = 5_000;

impl Service {
    /// CreateUser.
    pub(crate) async fn create_user(
        &self,
        caller: &Caller,
        call: CreateUser,
    ) -> Result<response::RamUserAnswer, Failure> {
        let resource = user_resource(call.user_name.as_str());
        let account = self.own(caller, Action::CreateUser, resource)?;
        let now = self.now();
        let user = UserRecord {
            account: account.clone(),
            id: random::digits('2', 18)?,
            name: call.user_name.to_string(),
            created: now,
        };
        let profile = Named {
            name: user.id.clone(),
            body: Profile {
                display_name: call.display_name.unwrap_or_default(),
                mobile_phone: call.mobile_phone.unwrap_or_default(),
                email: call.email.unwrap_or_default(),
                comments: call.comments.unwrap_or_default(),
                updated: now.as_millisecond(),
                ..Profile::default()
            },
            created: now,
        };
        {
            let (user, profile) = (&user, &profile);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let others = tx.users().of_account(&user.account).await?;
                    if others.iter().any(|other| other.name == user.name) {
                        return Err(exists());
                    }
                    if others.len() >= MOST_USERS {
                        return Err(too_many());
                    }
                    tx.users().insert(user).await?;
                    documents::put(tx, &user.account, profile).await
                })
            })
            .await?;
        }
        let mut user = answer(&user, &profile.body)?;
        user.update_date = None;
        Ok(response::RamUserAnswer { user })
    }

    /// GetUser.
    pub(crate) async fn get_user(
        &self,
        caller: &Caller,
        call: GetUser,
    ) -> Result<response::RamUserAnswer, Failure> {
        let name = call.user_name.as_str();
        let account = self.own(caller, Action::GetUser, user_resource(name))?;
        let (user, profile) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let user = find(&mut *tx, account, name).await?;
                    let profile = Profile::load(&mut *tx, &user).await?;
                    Ok::<_, Failure>((user, profile))
                })
            })
            .await?;
        let mut user = answer(&user, &profile.body)?;
        user.last_login_date = Some(String::new());
        Ok(response::RamUserAnswer { user })
    }

    /// UpdateUser. A renamed user keeps its id, and with it all that it has.
    pub(crate) async fn update_user(
        &self,
        caller: &Caller,
        call: UpdateUser,
    ) -> Result<response::RamUserAnswer, Failure> {
        let resource = user_resource(call.user_name.as_str());
        let account = self.own(caller, Action::UpdateUser, resource)?;
        let now = self.now();
        let call = &call;
        let (user, profile) = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut user = find(tx, account, call.user_name.as_str()).await?;
                    let mut profile = Profile::load(tx, &user).await?;
                    for (own, new) in [
                        (&mut profile.body.display_name, &call.new_display_name),
                        (&mut profile.body.mobile_phone, &call.new_mobile_phone),
                        (&mut profile.body.email, &call.new_email),
                        (&mut profile.body.comments, &call.new_comments),
                    ] {
                        if let Some(new) = new {
                            own.clone_from(new);
                        }
                    }
                    profile.body.updated = now.as_millisecond();
                    documents::put(tx, account, &profile).await?;
                    if let Some(name) = &call.new_user_name {
                        match tx.users().rename(&user.id, name.as_str()).await {
                            Err(StoreError::Taken) => return Err(exists()),
                            done => done?,
                        }
                        user.name = name.to_string();
                    }
                    Ok((user, profile))
                })
            })
            .await?;
        Ok(response::RamUserAnswer {
            user: answer(&user, &profile.body)?,
        })
    }

    /// DeleteUser, for one that has nothing left.
    pub(crate) async fn delete_user(
        &self,
        caller: &Caller,
        call: DeleteUser,
    ) -> Result<response::Empty, Failure> {
        let name = call.user_name.as_str();
        let account = self.own(caller, Action::DeleteUser, user_resource(name))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let user = find(tx, account, name).await?;
                let profile = Profile::load(tx, &user).await?;
                if !tx.access_keys().of_user(&user.id).await?.is_empty() {
                    return Err(has(ErrorCode::UserHasKeys, "AccessKeys"));
                }
                if !profile.body.groups.is_empty() {
                    return Err(has(ErrorCode::UserInGroup, "groups"));
                }
                if !profile.body.policies.is_empty() {
                    return Err(has(ErrorCode::UserHasPolicies, "policies"));
                }
                Profile::drop(tx, &user).await?;
                Ok(tx.users().remove(&user.id).await?)
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// ListUsers.
    pub(crate) async fn list_users(
        &self,
        caller: &Caller,
        call: ListUsers,
    ) -> Result<response::ListUsers, Failure> {
        let account = self.own(caller, Action::ListUsers, Resource::all_in_ram("user"))?;
        let call = &call;
        let (users, marker) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let all = tx.users().of_account(account).await?;
                    let (users, marker) = part(all, |user| user.name.clone(), &call.page);
                    let mut answers = Vec::with_capacity(users.len());
                    for user in users {
                        let profile = Profile::load(tx, &user).await?;
                        answers.push(answer(&user, &profile.body)?);
                    }
                    Ok::<_, Failure>((answers, marker))
                })
            })
            .await?;
        Ok(response::ListUsers {
            is_truncated: marker.is_some(),
            marker,
            users: response::Users { user: users },
        })
    }
}

/// The account's user of that name, which must exist.
pub(super) async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    name: &str,
) -> Result<UserRecord, Failure> {
    tx.users()
        .find_by_name(account, name)
        .await?
        .ok_or_else(|| refusal(ErrorCode::UserNotFound, "The user does not exist."))
}

fn exists() -> Failure {
    refusal(ErrorCode::UserExists, "The user already exists.")
}

fn too_many() -> Failure {
    refusal(
        ErrorCode::UserLimit,
        &format!("An account has at most {MOST_USERS} users."),
    )
}

fn has(code: ErrorCode, what: &str) -> Failure {
    refusal(code, &format!("The user still has {what}."))
}

fn answer(user: &UserRecord, profile: &Profile) -> Result<response::RamUser, Failure> {
    let updated = if profile.updated == 0 {
        write_timestamp(user.created)
    } else {
        write_moment(profile.updated, Profile::KIND.as_str())?
    };
    Ok(response::RamUser {
        user_id: user.id.clone(),
        user_name: user.name.clone(),
        display_name: profile.display_name.clone(),
        mobile_phone: profile.mobile_phone.clone(),
        email: profile.email.clone(),
        comments: profile.comments.clone(),
        create_date: write_timestamp(user.created),
        update_date: Some(updated),
        last_login_date: None,
    })
}
