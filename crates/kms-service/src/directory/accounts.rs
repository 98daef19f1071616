use kms_store::{AccountRecord, Mode, Tx};
use kms_types::{AccountId, ErrorCode, FolderId};
use kms_wire::{
    Action, ApiError,
    request::{
        CreateResourceAccount, GetAccount, ListAccounts, ListAccountsForParent, MoveAccount,
    },
    response, write_timestamp,
};

use super::{Membership, People, Place, damaged, folders, managed, seen, write_moment};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
    random,
    roles::Role,
    sharing::Crowd,
};

/// By which the account that manages a directory works in the accounts that it made
/// (ResourceDirectoryMaster's manual, "Access a member").
const ACCESS_ROLE: &str = "ResourceDirectoryAccountAccessRole";

impl Service {
    /// CreateResourceAccount: an account of this server like any other, whose one way in is
    /// the role that the account managing the directory may assume. Refused where it would use
    /// more of an instance's quota than there is.
    pub(crate) async fn create_resource_account(
        &self,
        caller: &Caller,
        call: CreateResourceAccount,
    ) -> Result<response::AccountAnswer, Failure> {
        let account = self.own(caller, Action::CreateResourceAccount, ALL)?;
        let now = self.now();
        let record = AccountRecord {
            id: random::digits('1', 16)?
                .parse()
                .map_err(|_no_id| damaged())?,
            created: now,
        };
        let prefix = match &call.prefix {
            Some(prefix) => prefix.to_string(),
            None => (*random::alphanumeric(12)?).to_ascii_lowercase(),
        };
        let trust = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"RAM":["acs:ram::{account}:root"]}}}}]}}"#
        );
        let role = Role::administrator(trust, now)?;
        let (call, record, prefix, role) = (&call, &record, &prefix, &role);
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let place = managed(tx, account).await?;
                let people = People::of(tx, &place).await?;
                let folder = call.parent.as_ref().unwrap_or(place.root());
                folders::check(&place, &people, folder)?;
                let crowd = Crowd::of(tx, &place).await?;
                tx.accounts().insert(record).await?;
                documents::create(tx, &record.id, ACCESS_ROLE, role, now).await?;
                let member = Named {
                    name: place.id.to_string(),
                    body: Membership {
                        manager: account.clone(),
                        folder: folder.clone(),
                        display_name: call.display_name.to_string(),
                        account_name: format!("{prefix}@{}.aliyunid.com", place.id),
                        is_created: true,
                        updated: now.as_millisecond(),
                    },
                    created: now,
                };
                documents::create(tx, &record.id, &member.name, &member.body, now).await?;
                crowd.check(tx, &place, now).await?;
                let people = People::of(tx, &place).await?;
                Ok(response::AccountAnswer {
                    account: answer(&place, &people, &record.id, &member)?,
                })
            })
        })
        .await
    }

    /// GetAccount.
    pub(crate) async fn get_account(
        &self,
        caller: &Caller,
        call: GetAccount,
    ) -> Result<response::AccountAnswer, Failure> {
        let account = self.own(caller, Action::GetAccount, resource(&call.account))?;
        let id = &call.account;
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let place = seen(tx, account).await?;
                let member = find(tx, &place, id).await?;
                let people = People::of(tx, &place).await?;
                Ok(response::AccountAnswer {
                    account: answer(&place, &people, id, &member)?,
                })
            })
        })
        .await
    }

    /// ListAccounts, by id.
    pub(crate) async fn list_accounts(
        &self,
        caller: &Caller,
        call: ListAccounts,
    ) -> Result<response::ListAccounts, Failure> {
        let account = self.own(caller, Action::ListAccounts, ALL)?;
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let place = seen(tx, account).await?;
                    members(tx, &place).await
                })
            })
            .await?;
        Ok(page(all, call.page.number, call.page.size))
    }

    /// ListAccountsForParent, by id.
    pub(crate) async fn list_accounts_in(
        &self,
        caller: &Caller,
        call: ListAccountsForParent,
    ) -> Result<response::ListAccounts, Failure> {
        let account = self.own(caller, Action::ListAccountsForParent, ALL)?;
        let parent = &call.parent;
        let mut all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let place = seen(tx, account).await?;
                    let people = People::of(tx, &place).await?;
                    let parent = parent.as_ref().unwrap_or(place.root());
                    folders::check(&place, &people, parent)?;
                    let mut all = members(tx, &place).await?;
                    all.retain(|member| member.folder_id == parent.as_str());
                    Ok::<_, Failure>(all)
                })
            })
            .await?;
        let keyword = call.keyword.as_deref().unwrap_or_default();
        all.retain(|member| {
            member.display_name.contains(keyword) || member.account_id.contains(keyword)
        });
        Ok(page(all, call.page.number, call.page.size))
    }

    /// MoveAccount. Refused where it would use more of an instance's quota than there is.
    pub(crate) async fn move_account(
        &self,
        caller: &Caller,
        call: MoveAccount,
    ) -> Result<response::Empty, Failure> {
        let account = self.own(caller, Action::MoveAccount, resource(&call.account))?;
        self.authorise(caller, Action::MoveAccount, folders::resource(&call.folder))?;
        let now = self.now();
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let place = managed(tx, account).await?;
                let mut member = find(tx, &place, &call.account).await?;
                let people = People::of(tx, &place).await?;
                folders::check(&place, &people, &call.folder)?;
                let crowd = Crowd::of(tx, &place).await?;
                member.body.folder = call.folder.clone();
                member.body.updated = now.as_millisecond();
                documents::update(tx, &call.account, &member).await?;
                crowd.check(tx, &place, now).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

/// All accounts of the caller's directory.
const ALL: Resource<'static> = Resource::Of {
    product: "resourcemanager",
    kind: "account",
    name: "*",
};

pub(super) fn resource(id: &AccountId) -> Resource<'_> {
    Resource::Of {
        product: "resourcemanager",
        kind: "account",
        name: id.as_str(),
    }
}

/// The folder that an account of the directory is in.
///
/// # Errors
/// `EntityNotExists.Account`.
pub(super) async fn folder_of(
    tx: &mut dyn Tx,
    place: &Place,
    account: &str,
) -> Result<FolderId, Failure> {
    let account: AccountId = account.parse().map_err(|_no_id| unknown())?;
    Ok(find(tx, place, &account).await?.body.folder)
}

/// That part of the list.
pub(super) fn on_page<T>(all: Vec<T>, number: u32, size: u32) -> Vec<T> {
    let number = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let skipped = number.saturating_mul(size);
    all.into_iter().skip(skipped).take(size).collect()
}

pub(super) async fn find(
    tx: &mut dyn Tx,
    place: &Place,
    account: &AccountId,
) -> Result<Named<Membership>, Failure> {
    let found = documents::look_up::<Membership>(tx, account, place.id.as_str()).await?;
    found.ok_or_else(|| unknown().into())
}

pub(super) fn join_method(member: &Membership) -> &'static str {
    if member.is_created {
        "created"
    } else {
        "invited"
    }
}

async fn members(tx: &mut dyn Tx, place: &Place) -> Result<Vec<response::Member>, Failure> {
    let people = People::of(tx, place).await?;
    let id = place.id.as_str();
    let mut all = documents::everywhere::<Membership>(tx, Some(id)).await?;
    all.sort_by(|(first, _), (second, _)| first.cmp(second));
    all.iter()
        .map(|(account, member)| answer(place, &people, account, member))
        .collect()
}

fn unknown() -> ApiError {
    ApiError::new(
        ErrorCode::MemberNotFound,
        "The resource directory has no such account.",
    )
}

fn page(all: Vec<response::Member>, number: u32, size: u32) -> response::ListAccounts {
    let total_count = u64::try_from(all.len()).unwrap_or(u64::MAX);
    response::ListAccounts {
        accounts: response::Members {
            account: on_page(all, number, size),
        },
        page_number: number,
        page_size: size,
        total_count,
    }
}

fn answer(
    place: &Place,
    people: &People,
    account: &AccountId,
    member: &Named<Membership>,
) -> Result<response::Member, Failure> {
    let body = &member.body;
    let (status, kind) = if body.is_created {
        ("CreateSuccess", "ResourceAccount")
    } else {
        ("InviteSuccess", "CloudAccount")
    };
    Ok(response::Member {
        account_id: account.to_string(),
        account_name: body.account_name.clone(),
        display_name: body.display_name.clone(),
        folder_id: body.folder.to_string(),
        join_method: join_method(body).to_owned(),
        join_time: write_timestamp(member.created),
        modify_time: write_moment(body.updated)?,
        resource_directory_id: place.id.to_string(),
        resource_directory_path: format!(
            "{}/{account}",
            folders::path(place, people, &body.folder)
        ),
        status: status.to_owned(),
        kind: kind.to_owned(),
    })
}
