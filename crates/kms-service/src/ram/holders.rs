use kms_store::{Tx, UserRecord};
use kms_types::{AccountId, ErrorCode, GroupName, RoleName, UserName};

use super::{
    Attachment, group_resource,
    groups::{self, Group},
    profile::Profile,
    user_resource, users,
};
use crate::{
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
    roles::{self, Role},
};

/// Who can have policies, by name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holder<'a> {
    Group(&'a GroupName),
    Role(&'a RoleName),
    User(&'a UserName),
}

/// The same, loaded.
pub(super) enum Held {
    Group(Named<Group>),
    Role(Named<Role>),
    User(UserRecord, Named<Profile>),
}

/// What is said about a holder's policies.
pub(super) struct Codes {
    /// It has the policy already.
    pub(super) exists: ErrorCode,
    /// It does not have the policy.
    pub(super) missing: ErrorCode,
    /// It has as many as it may.
    pub(super) limit: ErrorCode,
    /// The policy cannot go, for the holder has it.
    pub(super) conflict: ErrorCode,
}

// === impl Holder ===

impl<'a> Holder<'a> {
    pub(super) fn resource(self) -> Resource<'a> {
        match self {
            Self::Group(name) => group_resource(name),
            Self::Role(name) => roles::resource(name),
            Self::User(name) => user_resource(name.as_str()),
        }
    }

    /// # Errors
    /// `EntityNotExist.Group`, `.Role`, `.User`.
    pub(super) async fn load(self, tx: &mut dyn Tx, account: &AccountId) -> Result<Held, Failure> {
        Ok(match self {
            Self::Group(name) => Held::Group(groups::find(tx, account, name).await?),
            Self::Role(name) => Held::Role(roles::find(tx, account, name).await?),
            Self::User(name) => {
                let user = users::find(tx, account, name.as_str()).await?;
                let profile = Profile::load(tx, &user).await?;
                Held::User(user, profile)
            }
        })
    }
}

// === impl Held ===

impl Held {
    /// All of the account's: groups, roles and users, each by name.
    pub(super) async fn all(tx: &mut dyn Tx, account: &AccountId) -> Result<Vec<Self>, Failure> {
        let groups = documents::all(tx, account).await?;
        let roles = documents::all(tx, account).await?;
        let users = Profile::all(tx, account).await?;
        Ok(groups
            .into_iter()
            .map(Self::Group)
            .chain(roles.into_iter().map(Self::Role))
            .chain(
                users
                    .into_iter()
                    .map(|(user, profile)| Self::User(user, profile)),
            )
            .collect())
    }

    pub(super) fn policies(&self) -> &[Attachment] {
        match self {
            Self::Group(group) => &group.body.policies,
            Self::Role(role) => &role.body.policies,
            Self::User(_, profile) => &profile.body.policies,
        }
    }

    pub(super) fn policies_mut(&mut self) -> &mut Vec<Attachment> {
        match self {
            Self::Group(group) => &mut group.body.policies,
            Self::Role(role) => &mut role.body.policies,
            Self::User(_, profile) => &mut profile.body.policies,
        }
    }

    pub(super) async fn save(&self, tx: &mut dyn Tx, account: &AccountId) -> Result<(), Failure> {
        match self {
            Self::Group(group) => documents::update(tx, account, group).await,
            Self::Role(role) => documents::update(tx, account, role).await,
            Self::User(_, profile) => documents::put(tx, account, profile).await,
        }
    }

    pub(super) fn codes(&self) -> Codes {
        match self {
            Self::Group(_) => Codes {
                exists: ErrorCode::GroupPolicyExists,
                missing: ErrorCode::GroupPolicyNotFound,
                limit: ErrorCode::GroupPolicyLimit,
                conflict: ErrorCode::PolicyHasGroups,
            },
            Self::Role(_) => Codes {
                exists: ErrorCode::RolePolicyExists,
                missing: ErrorCode::RolePolicyNotFound,
                limit: ErrorCode::RolePolicyLimit,
                conflict: ErrorCode::PolicyHasRoles,
            },
            Self::User(..) => Codes {
                exists: ErrorCode::UserPolicyExists,
                missing: ErrorCode::UserPolicyNotFound,
                limit: ErrorCode::UserPolicyLimit,
                conflict: ErrorCode::PolicyHasUsers,
            },
        }
    }
}
