//! Who is in which group.

use kms_store::Mode;
use kms_types::ErrorCode;
use kms_wire::{
    Action,
    request::{AddUserToGroup, ListGroupsForUser, ListUsersForGroup, RemoveUserFromGroup},
    response,
};

use super::{
    group_resource,
    groups::{self, Group},
    part,
    profile::{Membership, Profile},
    refusal, user_resource, users, write_moment,
};
use crate::{
    Caller, Service,
    documents::{self, Document},
    failure::Failure,
};

/// RAM's own quota.
const GROUPS_PER_USER: usize = 10;

impl Service {
    /// AddUserToGroup: a right on the user and one on the group.
    pub(crate) async fn add_user_to_group(
        &self,
        caller: &Caller,
        call: AddUserToGroup,
    ) -> Result<response::Empty, Failure> {
        let (name, group) = (call.user_name.as_str(), &call.group_name);
        let account = self.own(caller, Action::AddUserToGroup, user_resource(name))?;
        self.authorise(caller, Action::AddUserToGroup, group_resource(group))?;
        let now = self.now();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let user = users::find(tx, account, name).await?;
                groups::find(tx, account, group).await?;
                let mut profile = Profile::load(tx, &user).await?;
                if profile.body.is_in(group.as_str()) {
                    return Err(refusal(
                        ErrorCode::MembershipExists,
                        "The user is in the group already.",
                    ));
                }
                if profile.body.groups.len() >= GROUPS_PER_USER {
                    return Err(refusal(
                        ErrorCode::MembershipLimit,
                        &format!("A user is in at most {GROUPS_PER_USER} groups."),
                    ));
                }
                profile.body.groups.push(Membership {
                    group: group.to_string(),
                    since: now.as_millisecond(),
                });
                documents::put(tx, account, &profile).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// RemoveUserFromGroup.
    pub(crate) async fn remove_user_from_group(
        &self,
        caller: &Caller,
        call: RemoveUserFromGroup,
    ) -> Result<response::Empty, Failure> {
        let (name, group) = (call.user_name.as_str(), &call.group_name);
        let account = self.own(caller, Action::RemoveUserFromGroup, user_resource(name))?;
        self.authorise(caller, Action::RemoveUserFromGroup, group_resource(group))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let user = users::find(tx, account, name).await?;
                groups::find(tx, account, group).await?;
                let mut profile = Profile::load(tx, &user).await?;
                if !profile.body.is_in(group.as_str()) {
                    return Err(refusal(
                        ErrorCode::MembershipNotFound,
                        "The user is not in the group.",
                    ));
                }
                profile
                    .body
                    .groups
                    .retain(|own| own.group != group.as_str());
                documents::put(tx, account, &profile).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// ListGroupsForUser.
    pub(crate) async fn groups_of_user(
        &self,
        caller: &Caller,
        call: ListGroupsForUser,
    ) -> Result<response::ListGroupsForUser, Failure> {
        let name = call.user_name.as_str();
        let account = self.own(caller, Action::ListGroupsForUser, user_resource(name))?;
        let group = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let user = users::find(tx, account, name).await?;
                    let profile = Profile::load(tx, &user).await?;
                    let mut groups = Vec::with_capacity(profile.body.groups.len());
                    for own in profile.body.groups {
                        let found = documents::look_up::<Group>(tx, account, &own.group).await?;
                        let group = found.ok_or(Failure::Document(Profile::KIND.as_str()))?;
                        groups.push(response::GroupOfUser {
                            group_id: group.body.id,
                            group_name: group.name,
                            comments: group.body.comments,
                            join_date: write_moment(own.since, Profile::KIND.as_str())?,
                        });
                    }
                    Ok::<_, Failure>(groups)
                })
            })
            .await?;
        Ok(response::ListGroupsForUser {
            groups: response::Groups { group },
        })
    }

    /// ListUsersForGroup.
    pub(crate) async fn users_in_group(
        &self,
        caller: &Caller,
        call: ListUsersForGroup,
    ) -> Result<response::ListUsersForGroup, Failure> {
        let group = &call.group_name;
        let account = self.own(caller, Action::ListUsersForGroup, group_resource(group))?;
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    groups::find(&mut *tx, account, group).await?;
                    Profile::all(&mut *tx, account).await
                })
            })
            .await?;
        let mut members = Vec::new();
        for (user, profile) in all {
            let membership = profile.body.groups.iter();
            let Some(own) = membership
                .into_iter()
                .find(|own| own.group == group.as_str())
            else {
                continue;
            };
            members.push(response::UserInGroup {
                user_name: user.name,
                display_name: profile.body.display_name,
                join_date: write_moment(own.since, Profile::KIND.as_str())?,
            });
        }
        let (user, marker) = part(members, |user| user.user_name.clone(), &call.page);
        Ok(response::ListUsersForGroup {
            is_truncated: marker.is_some(),
            marker,
            users: response::Users { user },
        })
    }
}
