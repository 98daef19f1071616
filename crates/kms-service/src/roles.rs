//! RAM roles: whom they trust and how long their sessions last (Ram 2015-05-01).

use jiff::Timestamp;
use kms_store::{DocumentKind, Mode, Tx};
use kms_types::{AccountId, ErrorCode, RoleArn, RoleName};
use kms_wire::{
    Action, ApiError,
    request::{CreateRole, DeleteRole, GetRole, ListRoles, UpdateRole},
    response, write_timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
    policy,
    ram::Attachment,
    random,
};

/// A role. Its document's name is its name.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Role {
    /// Digits. Sessions name it, so that those of a deleted role end, whether or not
    /// another of that name is made.
    pub(crate) id: String,
    /// Its trust policy as it was given.
    pub(crate) trust: String,
    /// Seconds that a session may last.
    pub(crate) max_session: u32,
    pub(crate) description: String,
    /// Milliseconds since 1970.
    updated: i64,
    /// What it may do.
    #[serde(default)]
    pub(crate) policies: Vec<Attachment>,
}

/// RAM's own quota.
const MOST_ROLES: u64 = 1000;

/// How long a session may last unless its role says so, in seconds.
const MAX_SESSION: u32 = 3_600;

impl Document for Role {
    const KIND: DocumentKind = DocumentKind::Role;
}

impl Role {
    /// One that the account may do everything by, for those whom the trust policy lets in.
    pub(crate) fn administrator(trust: String, now: Timestamp) -> Result<Self, Failure> {
        check(&trust)?;
        Ok(Self {
            id: random::digits('3', 18)?,
            trust,
            max_session: MAX_SESSION,
            description: String::new(),
            updated: now.as_millisecond(),
            policies: vec![Attachment::administrator(now)],
        })
    }

    /// The account's role of that name, if there is one.
    pub(crate) async fn look_up(
        tx: &mut dyn Tx,
        account: &AccountId,
        name: &RoleName,
    ) -> Result<Option<Named<Self>>, Failure> {
        documents::look_up(tx, account, name.as_str()).await
    }
}

impl Service {
    /// CreateRole.
    pub(crate) async fn create_role(
        &self,
        caller: &Caller,
        call: CreateRole,
    ) -> Result<response::RoleAnswer, Failure> {
        let account = self.own(caller, Action::CreateRole, resource(&call.role_name))?;
        check(&call.assume_role_policy_document)?;
        let now = self.now();
        let name = &call.role_name;
        let role = Named {
            name: name.to_string(),
            body: Role {
                id: random::digits('3', 18)?,
                trust: call.assume_role_policy_document,
                max_session: call.max_session_duration.unwrap_or(MAX_SESSION),
                description: call.description.unwrap_or_default(),
                updated: now.as_millisecond(),
                policies: Vec::new(),
            },
            created: now,
        };
        {
            let role = &role;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if Role::look_up(tx, account, name).await?.is_some() {
                        return Err(exists().into());
                    }
                    if documents::count::<Role>(tx, account).await? >= MOST_ROLES {
                        return Err(too_many().into());
                    }
                    documents::create(tx, account, &role.name, &role.body, now).await
                })
            })
            .await?;
        }
        answer(account, role)
    }

    /// GetRole.
    pub(crate) async fn get_role(
        &self,
        caller: &Caller,
        call: GetRole,
    ) -> Result<response::RoleAnswer, Failure> {
        let name = &call.role_name;
        let account = self.own(caller, Action::GetRole, resource(name))?;
        let role = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { find(&mut *tx, account, name).await })
            })
            .await?;
        answer(account, role)
    }

    /// UpdateRole. Sessions that are open go on under the terms they were given.
    pub(crate) async fn update_role(
        &self,
        caller: &Caller,
        call: UpdateRole,
    ) -> Result<response::RoleAnswer, Failure> {
        let account = self.own(caller, Action::UpdateRole, resource(&call.role_name))?;
        if let Some(document) = &call.new_assume_role_policy_document {
            check(document)?;
        }
        let now = self.now();
        let role = {
            let call = &call;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut role = find(tx, account, &call.role_name).await?;
                    if let Some(document) = &call.new_assume_role_policy_document {
                        role.body.trust.clone_from(document);
                    }
                    if let Some(description) = &call.new_description {
                        role.body.description.clone_from(description);
                    }
                    if let Some(seconds) = call.new_max_session_duration {
                        role.body.max_session = seconds;
                    }
                    role.body.updated = now.as_millisecond();
                    documents::update(tx, account, &role).await?;
                    Ok::<_, Failure>(role)
                })
            })
            .await?
        };
        answer(account, role)
    }

    /// DeleteRole, for a role without policies.
    pub(crate) async fn delete_role(
        &self,
        caller: &Caller,
        call: DeleteRole,
    ) -> Result<response::Empty, Failure> {
        let name = &call.role_name;
        let account = self.own(caller, Action::DeleteRole, resource(name))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let role = find(tx, account, name).await?;
                if !role.body.policies.is_empty() {
                    return Err(has_policies().into());
                }
                documents::remove::<Role>(tx, account, name.as_str()).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// ListRoles.
    pub(crate) async fn list_roles(
        &self,
        caller: &Caller,
        call: ListRoles,
    ) -> Result<response::ListRoles, Failure> {
        let account = self.own(caller, Action::ListRoles, Resource::all_in_ram("role"))?;
        let (roles, is_truncated) = {
            let marker = call.marker.as_deref();
            self.tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    documents::behind::<Role>(&mut *tx, account, marker, call.max_items).await
                })
            })
            .await?
        };
        let marker = roles.last().map(|role| role.name.clone());
        let role: Result<_, Failure> = roles
            .into_iter()
            .map(|role| summary(account, role))
            .collect();
        Ok(response::ListRoles {
            is_truncated,
            marker: marker.filter(|_| is_truncated),
            roles: response::Roles { role: role? },
        })
    }
}

/// No such role; what the owner's own are told.
pub(crate) fn unknown() -> ApiError {
    ApiError::new(ErrorCode::RoleNotFound, "The role does not exist.")
}

pub(crate) async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    name: &RoleName,
) -> Result<Named<Role>, Failure> {
    Role::look_up(tx, account, name)
        .await?
        .ok_or_else(|| unknown().into())
}

pub(crate) fn resource(name: &RoleName) -> Resource<'_> {
    Resource::Ram {
        kind: "role",
        name: name.as_str(),
    }
}

/// A document that could not be asked later is not taken.
fn check(document: &str) -> Result<(), ApiError> {
    policy::Document::parse(document, policy::Kind::Trust)
        .map(drop)
        .map_err(|reason| ApiError::new(ErrorCode::PolicyMalformed, reason.to_string()))
}

fn exists() -> ApiError {
    ApiError::new(ErrorCode::RoleExists, "The role already exists.")
}

fn has_policies() -> ApiError {
    ApiError::new(
        ErrorCode::RoleHasPolicies,
        "The role still has policies attached.",
    )
}

fn too_many() -> ApiError {
    ApiError::new(
        ErrorCode::RoleLimit,
        format!("An account has at most {MOST_ROLES} roles."),
    )
}

fn answer(account: &AccountId, role: Named<Role>) -> Result<response::RoleAnswer, Failure> {
    let trust = role.body.trust.clone();
    let summary = summary(account, role)?;
    Ok(response::RoleAnswer {
        role: response::Role {
            role_principal_name: format!(
                "{}@role.{account}.onaliyunservice.com",
                summary.role_name
            ),
            assume_role_policy_document: trust,
            role_id: summary.role_id,
            role_name: summary.role_name,
            arn: summary.arn,
            description: summary.description,
            max_session_duration: summary.max_session_duration,
            create_date: summary.create_date,
            update_date: summary.update_date,
        },
    })
}

fn summary(account: &AccountId, role: Named<Role>) -> Result<response::RoleSummary, Failure> {
    let damaged = || Failure::Document(Role::KIND.as_str());
    let arn = RoleArn {
        account: account.clone(),
        name: role.name.parse().map_err(|_not_a_name| damaged())?,
    };
    let updated = Timestamp::from_millisecond(role.body.updated).map_err(|_no_moment| damaged())?;
    Ok(response::RoleSummary {
        role_id: role.body.id,
        role_name: role.name,
        arn: arn.to_string(),
        description: role.body.description,
        max_session_duration: role.body.max_session,
        create_date: write_timestamp(role.created),
        update_date: write_timestamp(updated),
    })
}

#[cfg(test)]
pub(crate) mod tests;
