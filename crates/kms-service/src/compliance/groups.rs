//! Account groups are made, read, changed, listed and deleted.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kms_store::{Mode, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::{
        AggregatorAccounts, AggregatorKind, CreateAggregator, DeleteAggregators, GetAggregator,
        ListAggregators, UpdateAggregator, Within,
    },
    response,
};

use super::{
    channel::{self, Channel},
    group::{self, Group, MOST_GROUPS, Sight},
    queue, results,
    rule::{Rule, fresh_id},
    write::number,
};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
};

impl Service {
    /// CreateAggregator.
    pub(crate) async fn create_aggregator(
        &self,
        caller: &Caller,
        call: CreateAggregator,
    ) -> Result<response::AggregatorNamed, Failure> {
        let account = self.own(caller, Action::CreateAggregator, resource("*"))?;
        let now = self.now();
        let made = Group {
            name: call.name,
            kind: call.kind.unwrap_or(AggregatorKind::Custom),
            description: call.description,
            accounts: call.accounts.map(|own| own.0).unwrap_or_default(),
            folder: call.folder,
            token: call.client_token,
        };
        let (made, id) = (&made, &fresh_id("ca")?);
        let id = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let sight = Sight::need(tx, account).await?;
                    let others = documents::all::<Group>(tx, account).await?;
                    if let Some(same) = others
                        .iter()
                        .find(|other| made.token.is_some() && other.body.token == made.token)
                    {
                        return Ok(same.name.clone());
                    }
                    check(&sight, made)?;
                    check_room(&others, made)?;
                    documents::create(tx, account, id, made, now).await?;
                    Ok::<_, Failure>(id.clone())
                })
            })
            .await?;
        Ok(response::AggregatorNamed { aggregator_id: id })
    }

    /// UpdateAggregator. Its rules are asked about who is new by the periodic work at the
    /// latest.
    pub(crate) async fn update_aggregator(
        &self,
        caller: &Caller,
        call: UpdateAggregator,
    ) -> Result<response::AggregatorNamed, Failure> {
        let action = Action::UpdateAggregator;
        let account = self.own(caller, action, resource(&call.aggregator))?;
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let sight = Sight::need(tx, account).await?;
                let mut found = group::find(tx, account, &call.aggregator).await?;
                if let Some(name) = &call.name {
                    found.body.name.clone_from(name);
                }
                if let Some(description) = &call.description {
                    found.body.description.clone_from(description);
                }
                // Terraform sends them along for a group of another kind, too.
                if let Some(AggregatorAccounts(accounts)) = &call.accounts
                    && found.body.kind == AggregatorKind::Custom
                {
                    found.body.accounts.clone_from(accounts);
                    check(&sight, &found.body)?;
                }
                if let Some(folder) = &call.folder
                    && found.body.kind == AggregatorKind::Folder
                {
                    found.body.folder = Some(folder.clone());
                    check(&sight, &found.body)?;
                }
                documents::update(tx, account, &found).await
            })
        })
        .await?;
        Ok(response::AggregatorNamed {
            aggregator_id: call.aggregator.clone(),
        })
    }

    /// GetAggregator.
    pub(crate) async fn get_aggregator(
        &self,
        caller: &Caller,
        call: GetAggregator,
    ) -> Result<response::GetAggregator, Failure> {
        let id = &call.aggregator;
        let account = self.own(caller, Action::GetAggregator, resource(id))?;
        let aggregator = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let sight = Sight::need(tx, account).await?;
                    let found = group::find(tx, account, id).await?;
                    Ok::<_, Failure>(answer(account, &sight, found, true))
                })
            })
            .await?;
        Ok(response::GetAggregator { aggregator })
    }

    /// ListAggregators, by id.
    pub(crate) async fn list_aggregators(
        &self,
        caller: &Caller,
        call: ListAggregators,
    ) -> Result<response::ListAggregators, Failure> {
        let account = self.own(caller, Action::ListAggregators, resource("*"))?;
        let from = match &call.next_token {
            None => String::new(),
            Some(token) => BASE64_URL_SAFE_NO_PAD
                .decode(token)
                .ok()
                .and_then(|text| String::from_utf8(text).ok())
                .ok_or_else(|| {
                    ApiError::invalid_parameter("NextToken", "is none of this server's")
                })?,
        };
        let most = call.max_results.map_or(10, Within::get);
        let mut all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let sight = Sight::need(tx, account).await?;
                    let all = documents::all::<Group>(tx, account).await?;
                    let all = all
                        .into_iter()
                        .map(|found| answer(account, &sight, found, false));
                    Ok::<_, Failure>(all.collect::<Vec<_>>())
                })
            })
            .await?;
        all.retain(|group| group.aggregator_id >= from);
        let size = usize::try_from(most).unwrap_or(usize::MAX);
        let next = all.get(size).map(|next| next.aggregator_id.clone());
        all.truncate(size);
        Ok(response::ListAggregators {
            aggregators_result: response::AggregatorsResult {
                aggregators: all,
                max_results: most,
                next_token: next.map(|next| BASE64_URL_SAFE_NO_PAD.encode(next)),
            },
        })
    }

    /// DeleteAggregators, each with its rules, what they said and its channels.
    pub(crate) async fn delete_aggregators(
        &self,
        caller: &Caller,
        call: DeleteAggregators,
    ) -> Result<response::OperateAggregators, Failure> {
        // A policy may allow some and not others; nothing is done then.
        let mut account = None;
        for id in call.aggregators.iter() {
            account = Some(self.own(caller, Action::DeleteAggregators, resource(id))?);
        }
        let Some(account) = account else {
            return Ok(response::OperateAggregators::default());
        };
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move { Sight::need(&mut *tx, account).await.map(drop) })
        })
        .await?;
        let mut items = Vec::new();
        for id in call.aggregators.iter() {
            let done = self
                .tx(Mode::Write, |mut tx| {
                    Box::pin(async move { delete(&mut *tx, account, id).await })
                })
                .await;
            let error_code = match done {
                Ok(()) => None,
                Err(Failure::Refused(error)) if error.code == ErrorCode::AggregatorNotFound => {
                    Some(error.code.as_str().to_owned())
                }
                Err(other) => return Err(other),
            };
            items.push(response::OperateAggregator {
                aggregator_id: id.to_owned(),
                success: error_code.is_none(),
                error_code,
            });
        }
        Ok(response::OperateAggregators {
            operate_aggregators_result: response::OperateAggregatorsResult {
                operate_aggregators: items,
            },
        })
    }
}

/// For policies.
pub(super) fn resource(id: &str) -> Resource<'_> {
    Resource::Of {
        product: "config",
        kind: "aggregator",
        name: id,
    }
}

async fn delete(tx: &mut dyn Tx, account: &AccountId, id: &str) -> Result<(), Failure> {
    group::find(tx, account, id).await?;
    for rule in documents::all::<Rule>(tx, account).await? {
        if rule.body.aggregator.as_deref() == Some(id) {
            results::forget(tx, account, &rule.name).await?;
            documents::remove::<Rule>(tx, account, &rule.name).await?;
        }
    }
    for channel in channel::all(tx, account, Some(id)).await? {
        queue::forget(tx, account, &channel.name).await?;
        documents::remove::<Channel>(tx, account, &channel.name).await?;
    }
    documents::remove::<Group>(tx, account, id).await
}

/// Whether what it names is in the directory.
fn check(sight: &Sight, group: &Group) -> Result<(), ApiError> {
    match group.kind {
        AggregatorKind::Directory => Ok(()),
        AggregatorKind::Folder => match &group.folder {
            None => Err(ApiError::missing_parameter("FolderId")),
            Some(folder) if sight.has_folder(folder) => Ok(()),
            Some(_) => Err(ApiError::invalid_parameter(
                "FolderId",
                "is no folder of the resource directory",
            )),
        },
        AggregatorKind::Custom if group.accounts.is_empty() => {
            Err(ApiError::missing_parameter("AggregatorAccounts"))
        }
        AggregatorKind::Custom => {
            let mut ids = group.accounts.iter().map(|one| one.account_id.parse());
            if ids.all(|id| id.is_ok_and(|id| sight.has(&id))) {
                return Ok(());
            }
            Err(ApiError::invalid_parameter(
                "AggregatorAccounts",
                "has an account that is not in the resource directory",
            ))
        }
    }
}

/// One group of all accounts at most (seed 003), and ten in all.
fn check_room(others: &[Named<Group>], group: &Group) -> Result<(), ApiError> {
    let is_whole = |kind| kind == AggregatorKind::Directory;
    if is_whole(group.kind) && others.iter().any(|other| is_whole(other.body.kind)) {
        return Err(ApiError::new(
            ErrorCode::AggregatorExists,
            "There is an account group of the whole resource directory already.",
        ));
    }
    if others.len() >= MOST_GROUPS {
        return Err(ApiError::new(
            ErrorCode::AggregatorLimit,
            "The maximum number of account groups is exceeded.",
        ));
    }
    Ok(())
}

fn answer(
    account: &AccountId,
    sight: &Sight,
    found: Named<Group>,
    has_accounts: bool,
) -> response::Aggregator {
    let own = found.body;
    let members = sight.members(&own);
    let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let member = |id: &AccountId| {
        let said = own
            .accounts
            .iter()
            .find(|one| one.account_id == id.as_str());
        response::AggregatorMember {
            account_id: number(id),
            account_name: said.map_or_else(|| id.to_string(), |said| said.account_name.clone()),
            account_type: said.map_or_else(
                || "ResourceDirectory".to_owned(),
                |said| said.account_type.clone(),
            ),
        }
    };
    let accounts = if has_accounts {
        members.iter().map(member).collect()
    } else {
        Vec::new()
    };
    response::Aggregator {
        account_id: number(account),
        aggregator_id: found.name,
        aggregator_type: own.kind.as_str().to_owned(),
        aggregator_status: 1,
        aggregator_account_count: count,
        aggregator_accounts: accounts,
        aggregator_create_timestamp: found.created.as_millisecond(),
        folder_id: own.folder,
        aggregator_name: own.name,
        description: own.description,
    }
}
