//! What is in groups.

use jiff::Timestamp;
use kms_store::{Mode, Page, Tx};
use kms_types::{AccountId, SecretRef};
use kms_wire::{
    Action,
    request::{ListResources, MoveResources, MovedResource},
    response,
};

use super::{Group, Grouping, Key, date, default_id, find, resource};
use crate::{Caller, Service, documents, failure::Failure};

/// A resource and where it is.
pub(super) struct Member {
    pub(super) told: response::GroupedResource,
    key: String,
}

/// Secrets that are read at once.
const PAGE: u32 = 1_000;

impl Service {
    /// MoveResources. Each by itself: what is not there does not keep the others.
    pub(crate) async fn move_resources(
        &self,
        caller: &Caller,
        call: MoveResources,
    ) -> Result<response::MoveResources, Failure> {
        let account = self.own(caller, Action::MoveResources, resource(&call.group))?;
        let (call, now, region) = (&call, self.now(), self.region().as_str());
        let responses = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if call.group != default_id(account) {
                        find(tx, account, &call.group).await?;
                    }
                    let all = all(tx, account, region, now).await?;
                    let mut responses = Vec::new();
                    for wanted in &call.resources.0 {
                        let member = all.iter().find(|member| is(member, wanted));
                        if let Some(member) = member {
                            put(tx, account, &call.group, &member.key).await?;
                        }
                        responses.push(moved(wanted, member, region));
                    }
                    Ok::<_, Failure>(responses)
                })
            })
            .await?;
        self.resources_changed(account).await;
        Ok(response::MoveResources { responses })
    }

    /// ListResources, by service, type and id.
    pub(crate) async fn list_grouped_resources(
        &self,
        caller: &Caller,
        call: ListResources,
    ) -> Result<response::ListResources, Failure> {
        let action = Action::ListResources;
        let account = self.own(caller, action, resource("*"))?;
        let (now, region) = (self.now(), self.region().as_str());
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { all(&mut *tx, account, region, now).await })
            })
            .await?;
        let is = |wanted: &Option<String>, own: &str| wanted.as_deref().is_none_or(|it| it == own);
        let mut found: Vec<_> = all.into_iter().map(|member| member.told).collect();
        found.retain(|own| {
            is(&call.group, &own.resource_group_id)
                && is(&call.service, &own.service)
                && is(&call.resource_type, &own.resource_type)
                && is(&call.resource, &own.resource_id)
                && is(&call.region, &own.region_id)
        });
        let (number, size) = (call.page.number, call.page.size);
        Ok(response::ListResources {
            total_count: u64::try_from(found.len()).unwrap_or(u64::MAX),
            resources: response::GroupedResources {
                resource: page(found, number, size),
            },
            page_number: number,
            page_size: size,
        })
    }
}

/// Those of a page, from 1.
pub(super) fn page<T>(all: Vec<T>, number: u32, size: u32) -> Vec<T> {
    let before = usize::try_from(u64::from(number.saturating_sub(1)) * u64::from(size));
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let rest = all.into_iter().skip(before.unwrap_or(usize::MAX));
    rest.take(size).collect()
}

/// All of the account's resources: secrets, then users, each by name.
pub(super) async fn all(
    tx: &mut dyn Tx,
    account: &AccountId,
    region: &str,
    now: Timestamp,
) -> Result<Vec<Member>, Failure> {
    let groups = Grouping::load(tx, account).await?;
    let member = |key: Key<'_>, of: (&str, &str, &str, &str), created| Member {
        told: response::GroupedResource {
            service: of.0.to_owned(),
            resource_type: of.1.to_owned(),
            resource_id: of.2.to_owned(),
            region_id: of.3.to_owned(),
            resource_group_id: groups.of(key).to_owned(),
            create_date: date(created),
        },
        key: key.text(),
    };
    let mut all = Vec::new();
    let mut page = Page {
        number: 1,
        size: PAGE,
    };
    loop {
        let (secrets, total) = tx.secrets().list(account, &[], page, now).await?;
        for secret in &secrets {
            let of = ("kms", "secret", secret.name.as_str(), region);
            all.push(member(Key::Secret(secret.id), of, secret.created));
        }
        page.number += 1;
        if u64::try_from(page.offset()).unwrap_or(u64::MAX) >= total {
            break;
        }
    }
    for user in tx.users().of_account(account).await? {
        let of = ("ram", "user", user.id.as_str(), "global");
        all.push(member(Key::User(&user.id), of, user.created));
    }
    Ok(all)
}

/// A secret may be named by its ARN, too.
fn is(member: &Member, wanted: &MovedResource) -> bool {
    let own = &member.told;
    let region = wanted.region_id.as_deref();
    let named = match wanted.resource_id.parse() {
        Ok(SecretRef::Arn(arn)) => arn.secret_name().as_str() == own.resource_id,
        _ => wanted.resource_id == own.resource_id,
    };
    own.service == wanted.service
        && own.resource_type == wanted.resource_type
        && named
        && region.is_none_or(|region| region == own.region_id)
}

/// Out of the group that it was in and into that one.
async fn put(tx: &mut dyn Tx, account: &AccountId, into: &str, key: &str) -> Result<(), Failure> {
    for mut group in documents::all::<Group>(tx, account).await? {
        let changed = if group.name == into {
            group.body.resources.insert(key.to_owned())
        } else {
            group.body.resources.remove(key)
        };
        if changed {
            documents::update(tx, account, &group).await?;
        }
    }
    Ok(())
}

fn moved(wanted: &MovedResource, member: Option<&Member>, region: &str) -> response::ResourceMoved {
    let failed = member.is_none();
    response::ResourceMoved {
        service: wanted.service.clone(),
        resource_type: wanted.resource_type.clone(),
        resource_id: wanted.resource_id.clone(),
        region_id: member.map_or_else(
            || wanted.region_id.as_deref().unwrap_or(region).to_owned(),
            |member| member.told.region_id.clone(),
        ),
        status: if failed { "FAIL" } else { "SUCCESS" }.to_owned(),
        error_code: failed.then(|| "EntityNotExists.Resource".to_owned()),
        error_msg: failed.then(|| "The resource does not exist.".to_owned()),
    }
}
