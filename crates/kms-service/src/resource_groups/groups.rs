use kms_store::{Mode, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::{
        CreateResourceGroup, DeleteResourceGroup, GetResourceGroup, ListResourceGroups,
        UpdateResourceGroup,
    },
    response,
};

use super::{DEFAULT, Group, MOST_GROUPS, default_id, find, members, not_found, resource};
use crate::{
    Caller, Service,
    documents::{self, Named},
    failure::Failure,
    random,
};

impl Service {
    /// CreateResourceGroup.
    pub(crate) async fn create_resource_group(
        &self,
        caller: &Caller,
        call: CreateResourceGroup,
    ) -> Result<response::ResourceGroupAnswer, Failure> {
        let account = self.own(caller, Action::CreateResourceGroup, resource("*"))?;
        let letters: Vec<char> = ('a'..='z').chain('0'..='9').collect();
        let group = Named {
            name: format!("rg-aek{}", *random::pick(&letters, 12)?),
            body: Group {
                name: call.name.to_string(),
                display_name: call.display_name.to_string(),
                resources: std::collections::BTreeSet::new(),
            },
            created: self.now(),
        };
        let made = &group;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let others = documents::all::<Group>(tx, account).await?;
                let mut names = others.iter().map(|other| other.body.name.as_str());
                if made.body.name == DEFAULT || names.any(|name| name == made.body.name) {
                    let message = "The resource group already exists.";
                    return Err(ApiError::new(ErrorCode::ResourceGroupExists, message).into());
                }
                if others.len() >= MOST_GROUPS {
                    let message = "The maximum number of resource groups is exceeded.";
                    return Err(ApiError::new(ErrorCode::ResourceGroupLimit, message).into());
                }
                documents::create(tx, account, &made.name, &made.body, made.created).await
            })
        })
        .await?;
        Ok(response::ResourceGroupAnswer {
            resource_group: self.told(account, &group),
        })
    }

    /// UpdateResourceGroup. The default group is as it is.
    pub(crate) async fn update_resource_group(
        &self,
        caller: &Caller,
        call: UpdateResourceGroup,
    ) -> Result<response::ResourceGroupAnswer, Failure> {
        let resource = resource(&call.group);
        let account = self.own(caller, Action::UpdateResourceGroup, resource)?;
        let call = &call;
        let group = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut group = find(tx, account, &call.group).await?;
                    group.body.display_name = call.display_name.to_string();
                    documents::update(tx, account, &group).await?;
                    Ok::<_, Failure>(group)
                })
            })
            .await?;
        Ok(response::ResourceGroupAnswer {
            resource_group: self.told(account, &group),
        })
    }

    /// GetResourceGroup.
    pub(crate) async fn get_resource_group(
        &self,
        caller: &Caller,
        call: GetResourceGroup,
    ) -> Result<response::ResourceGroupAnswer, Failure> {
        let account = self.own(caller, Action::GetResourceGroup, resource(&call.group))?;
        let mut all = self.all_groups(account).await?;
        all.retain(|group| group.id == call.group);
        Ok(response::ResourceGroupAnswer {
            resource_group: all.pop().ok_or_else(not_found)?,
        })
    }

    /// ListResourceGroups, by name, the default one first.
    pub(crate) async fn list_resource_groups(
        &self,
        caller: &Caller,
        call: ListResourceGroups,
    ) -> Result<response::ListResourceGroups, Failure> {
        let account = self.own(caller, Action::ListResourceGroups, resource("*"))?;
        let mut all = self.all_groups(account).await?;
        let is = |wanted: &Option<String>, own: &str| wanted.as_deref().is_none_or(|it| it == own);
        all.retain(|group| {
            is(&call.group, &group.id)
                && is(&call.name, &group.name)
                && is(&call.display_name, &group.display_name)
                && is(&call.status, &group.status)
        });
        let (number, size) = (call.page.number, call.page.size);
        let total_count = u64::try_from(all.len()).unwrap_or(u64::MAX);
        let page =
            members::page(all, number, size)
                .into_iter()
                .map(|group| response::ResourceGroup {
                    region_statuses: None,
                    ..group
                });
        Ok(response::ListResourceGroups {
            resource_groups: response::ResourceGroups {
                resource_group: page.collect(),
            },
            page_number: number,
            page_size: size,
            total_count,
        })
    }

    /// DeleteResourceGroup, of one that nothing is in. It is gone at once.
    pub(crate) async fn delete_resource_group(
        &self,
        caller: &Caller,
        call: DeleteResourceGroup,
    ) -> Result<response::ResourceGroupAnswer, Failure> {
        let id = &call.group;
        let account = self.own(caller, Action::DeleteResourceGroup, resource(id))?;
        let region = self.region().as_str();
        let now = self.now();
        let group = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let group = find(tx, account, id).await?;
                    let all = members::all(tx, account, region, now).await?;
                    if all
                        .iter()
                        .any(|member| member.told.resource_group_id == *id)
                    {
                        return Err(in_use());
                    }
                    documents::remove::<Group>(tx, account, id).await?;
                    Ok::<_, Failure>(group)
                })
            })
            .await?;
        Ok(response::ResourceGroupAnswer {
            resource_group: response::ResourceGroup {
                status: "PendingDelete".to_owned(),
                ..self.told(account, &group)
            },
        })
    }

    /// The account's groups, the default one first, the others by name.
    async fn all_groups(
        &self,
        account: &AccountId,
    ) -> Result<Vec<response::ResourceGroup>, Failure> {
        let (mut groups, since) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let groups = documents::all::<Group>(tx, account).await?;
                    Ok::<_, Failure>((groups, since(tx, account).await?))
                })
            })
            .await?;
        groups.sort_by(|one, other| one.body.name.cmp(&other.body.name));
        let id = default_id(account);
        let default = self.described(
            account,
            (&id, DEFAULT, DEFAULT),
            since.unwrap_or_else(|| self.now()),
        );
        let others = groups.iter().map(|group| self.told(account, group));
        Ok(std::iter::once(default).chain(others).collect())
    }
}

/// Since when there is the account.
async fn since(tx: &mut dyn Tx, account: &AccountId) -> Result<Option<jiff::Timestamp>, Failure> {
    let found = tx.accounts().find(account).await?;
    Ok(found.map(|account| account.created))
}

fn in_use() -> Failure {
    let message = "The resource group has resources.";
    ApiError::new(ErrorCode::ResourceGroupHasResources, message).into()
}
