use std::collections::HashMap;

use kms_store::{Condition, Mode, Page, SecretField, SecretRecord, TagRecord, VersionRecord};
use kms_types::{AccountId, SecretType};
use kms_wire::{
    Action,
    request::{Filter, FilterKey, ListSecretVersionIds, ListSecrets},
    response,
};

use super::{find::Wish, write_stages, write_tags, write_time, write_time_or_empty};
use crate::{Caller, Service, authorise::Resource, failure::Failure};

impl Service {
    /// ListSecrets: the caller's account's, by name; those that wait for deletion too.
    pub(crate) async fn list_secrets(
        &self,
        caller: &Caller,
        call: ListSecrets,
    ) -> Result<response::ListSecrets, Failure> {
        let account = self.own(caller, Action::ListSecrets, Resource::SECRETS)?;
        let now = self.now();
        let conditions = conditions(call.filters, account);
        let page = Page {
            number: call.page_number,
            size: call.page_size,
        };
        let (listed, total) = {
            let conditions = &conditions;
            self.tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let (secrets, total) =
                        tx.secrets().list(account, conditions, page, now).await?;
                    let mut tags = HashMap::<_, Vec<_>>::new();
                    if call.fetch_tags {
                        let ids: Vec<_> = secrets.iter().map(|secret| secret.id).collect();
                        for (id, tag) in tx.tags().of_secrets(&ids).await? {
                            tags.entry(id).or_default().push(tag);
                        }
                    }
                    let listed: Vec<_> = secrets
                        .into_iter()
                        .map(|secret| {
                            let own = tags.remove(&secret.id).unwrap_or_default();
                            (secret, call.fetch_tags.then_some(own))
                        })
                        .collect();
                    Ok::<_, Failure>((listed, total))
                })
            })
            .await?
        };
        Ok(response::ListSecrets {
            secret_list: response::SecretList {
                secret: listed.into_iter().map(write_secret).collect(),
            },
            page_number: call.page_number,
            page_size: call.page_size,
            total_count: total,
        })
    }

    /// ListSecretVersionIds, newest first.
    pub(crate) async fn list_versions(
        &self,
        caller: &Caller,
        call: ListSecretVersionIds,
    ) -> Result<response::ListSecretVersionIds, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let wish = Wish {
            caller,
            action: Action::ListSecretVersionIds,
            target: &target,
            now: self.now(),
        };
        let mut versions = {
            self.tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let secret = self.existing(tx, wish).await?;
                    Ok::<_, Failure>(tx.versions().of(secret.id).await?)
                })
            })
            .await?
        };
        versions.retain(|version| call.include_deprecated || !version.stages.is_empty());
        let page = Page {
            number: call.page_number,
            size: call.page_size,
        };
        let total_count = u64::try_from(versions.len()).unwrap_or(u64::MAX);
        let skipped = usize::try_from(page.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        Ok(response::ListSecretVersionIds {
            secret_name: target.name.to_string(),
            version_ids: response::VersionIds {
                version_id: versions
                    .iter()
                    .rev()
                    .skip(skipped)
                    .take(size)
                    .map(write_version)
                    .collect(),
            },
            page_number: call.page_number,
            page_size: call.page_size,
            total_count,
        })
    }
}

fn conditions(filters: Vec<Filter>, account: &AccountId) -> Vec<Condition> {
    filters
        .into_iter()
        .filter_map(|filter| condition(filter, account))
        .collect()
}

/// None for what every secret of the account meets.
fn condition(filter: Filter, account: &AccountId) -> Option<Condition> {
    let (field, any_of) = match filter.key {
        FilterKey::Description => (SecretField::Description, filter.values),
        FilterKey::InstanceId => (SecretField::InstanceId, filter.values),
        FilterKey::SecretName => (SecretField::Name, filter.values),
        FilterKey::SecretType => (
            SecretField::SecretType,
            filter.values.iter().map(|text| spell_type(text)).collect(),
        ),
        FilterKey::TagKey => (SecretField::TagKey, filter.values),
        FilterKey::TagValue => (SecretField::TagValue, filter.values),
        // Who made a secret is the account that has it.
        FilterKey::Creator if filter.values.iter().any(|v| v == account.as_str()) => return None,
        // Another creator, or a key that this server does not know: nothing fits.
        _ => (SecretField::Name, Vec::new()),
    };
    Some(Condition { field, any_of })
}

/// Clients write `RDS` here and `Rds` elsewhere.
fn spell_type(text: &str) -> String {
    SecretType::ALL
        .iter()
        .map(|kind| kind.as_str())
        .find(|kind| kind.eq_ignore_ascii_case(text))
        .unwrap_or(text)
        .to_owned()
}

fn write_secret((secret, tags): (SecretRecord, Option<Vec<TagRecord>>)) -> response::SecretSummary {
    response::SecretSummary {
        secret_name: secret.name.to_string(),
        secret_type: secret.secret_type,
        create_time: write_time(secret.created),
        update_time: write_time(secret.updated),
        planned_delete_time: write_time_or_empty(secret.planned_delete),
        owing_service: String::new(),
        tags: tags.map(write_tags),
    }
}

fn write_version(version: &VersionRecord) -> response::VersionSummary {
    response::VersionSummary {
        version_id: version.id.to_string(),
        create_time: write_time(version.created),
        version_stages: write_stages(&version.stages),
    }
}
