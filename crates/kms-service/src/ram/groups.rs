use kms_store::{DocumentKind, Mode, Tx};
use kms_types::{AccountId, ErrorCode, GroupName};
use kms_wire::{
    Action,
    request::{CreateGroup, DeleteGroup, GetGroup, ListGroups, UpdateGroup},
    response, write_timestamp,
};
use serde::{Deserialize, Serialize};

use super::{Attachment, group_resource, profile::Profile, refusal, write_moment};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
    random,
};

/// A group. Its document's name is its name; who is in it, its users know.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) comments: String,
    /// Milliseconds since 1970.
    updated: i64,
    pub(super) policies: Vec<Attachment>,
}

/// RAM's own quota.
const MOST_GROUPS: u64 = 300;

impl Document for Group {
    const KIND: DocumentKind = DocumentKind::Group;
}

impl Service {
    /// CreateGroup.
    pub(crate) async fn create_group(
        &self,
        caller: &Caller,
        call: CreateGroup,
    ) -> Result<response::GroupAnswer, Failure> {
        let resource = group_resource(&call.group_name);
        let account = self.own(caller, Action::CreateGroup, resource)?;
        let now = self.now();
        let group = Named {
            name: call.group_name.to_string(),
            body: Group {
                id: format!("g-{}", *random::alphanumeric(16)?),
                comments: call.comments.unwrap_or_default(),
                updated: now.as_millisecond(),
                policies: Vec::new(),
            },
            created: now,
        };
        {
            let group = &group;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if documents::look_up::<Group>(tx, account, &group.name)
                        .await?
                        .is_some()
                    {
                        return Err(exists());
                    }
                    if documents::count::<Group>(tx, account).await? >= MOST_GROUPS {
                        return Err(too_many());
                    }
                    documents::create(tx, account, &group.name, &group.body, now).await
                })
            })
            .await?;
        }
        let mut group = answer(group)?;
        group.update_date = None;
        Ok(response::GroupAnswer { group })
    }

    /// GetGroup.
    pub(crate) async fn get_group(
        &self,
        caller: &Caller,
        call: GetGroup,
    ) -> Result<response::GroupAnswer, Failure> {
        let name = &call.group_name;
        let account = self.own(caller, Action::GetGroup, group_resource(name))?;
        let group = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { find(&mut *tx, account, name).await })
            })
            .await?;
        Ok(response::GroupAnswer {
            group: answer(group)?,
        })
    }

    /// UpdateGroup. A group of another name keeps its id, its users and its policies.
    pub(crate) async fn update_group(
        &self,
        caller: &Caller,
        call: UpdateGroup,
    ) -> Result<response::GroupAnswer, Failure> {
        let name = &call.group_name;
        let account = self.own(caller, Action::UpdateGroup, group_resource(name))?;
        let now = self.now();
        let call = &call;
        let group = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut group = find(tx, account, name).await?;
                    if let Some(comments) = &call.new_comments {
                        group.body.comments.clone_from(comments);
                    }
                    group.body.updated = now.as_millisecond();
                    match &call.new_group_name {
                        Some(new) if new != name => rename(tx, account, &mut group, new).await?,
                        _ => documents::update(tx, account, &group).await?,
                    }
                    Ok::<_, Failure>(group)
                })
            })
            .await?;
        Ok(response::GroupAnswer {
            group: answer(group)?,
        })
    }

    /// DeleteGroup, for one without users and policies.
    pub(crate) async fn delete_group(
        &self,
        caller: &Caller,
        call: DeleteGroup,
    ) -> Result<response::Empty, Failure> {
        let name = &call.group_name;
        let account = self.own(caller, Action::DeleteGroup, group_resource(name))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let group = find(tx, account, name).await?;
                let users = documents::all::<Profile>(tx, account).await?;
                if users.iter().any(|user| user.body.is_in(name.as_str())) {
                    return Err(refusal(
                        ErrorCode::GroupHasUsers,
                        "The group still has users.",
                    ));
                }
                if !group.body.policies.is_empty() {
                    return Err(refusal(
                        ErrorCode::GroupHasPolicies,
                        "The group still has policies attached.",
                    ));
                }
                documents::remove::<Group>(tx, account, name.as_str()).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// ListGroups.
    pub(crate) async fn list_groups(
        &self,
        caller: &Caller,
        call: ListGroups,
    ) -> Result<response::ListGroups, Failure> {
        let account = self.own(caller, Action::ListGroups, Resource::all_in_ram("group"))?;
        let page = &call.page;
        let (groups, is_truncated) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let marker = page.marker.as_deref();
                    documents::behind::<Group>(&mut *tx, account, marker, page.max_items).await
                })
            })
            .await?;
        let marker = groups.last().map(|group| group.name.clone());
        let group: Result<_, Failure> = groups.into_iter().map(answer).collect();
        Ok(response::ListGroups {
            is_truncated,
            marker: marker.filter(|_| is_truncated),
            groups: response::Groups { group: group? },
        })
    }
}

/// The account's group of that name, which must exist.
pub(super) async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    name: &GroupName,
) -> Result<Named<Group>, Failure> {
    documents::look_up(tx, account, name.as_str())
        .await?
        .ok_or_else(|| refusal(ErrorCode::GroupNotFound, "The group does not exist."))
}

/// Its users know it by its name, so each of them is told the new one.
async fn rename(
    tx: &mut dyn Tx,
    account: &AccountId,
    group: &mut Named<Group>,
    new: &GroupName,
) -> Result<(), Failure> {
    if documents::look_up::<Group>(tx, account, new.as_str())
        .await?
        .is_some()
    {
        return Err(exists());
    }
    documents::remove::<Group>(tx, account, &group.name).await?;
    let former = std::mem::replace(&mut group.name, new.to_string());
    documents::create(tx, account, &group.name, &group.body, group.created).await?;
    for mut user in documents::all::<Profile>(tx, account).await? {
        if user.body.is_in(&former) {
            user.body.rename_group(&former, new);
            documents::update(tx, account, &user).await?;
        }
    }
    Ok(())
}

fn exists() -> Failure {
    refusal(ErrorCode::GroupExists, "The group already exists.")
}

fn too_many() -> Failure {
    refusal(
        ErrorCode::GroupLimit,
        &format!("An account has at most {MOST_GROUPS} groups."),
    )
}

fn answer(group: Named<Group>) -> Result<response::Group, Failure> {
    Ok(response::Group {
        group_id: group.body.id,
        group_name: group.name,
        comments: group.body.comments,
        create_date: write_timestamp(group.created),
        update_date: Some(write_moment(group.body.updated, Group::KIND.as_str())?),
    })
}
