use kms_store::{KeyCondition, KeyField, Mode, Page};
use kms_types::AccountId;
use kms_wire::{
    Action,
    request::{KeyFilter, KeyFilterKey, ListKeys},
    response,
};

use crate::{Caller, Service, authorise::Resource, failure::Failure};

impl Service {
    /// ListKeys: the caller's account's, oldest first; those that wait for deletion too.
    pub(crate) async fn list_keys(
        &self,
        caller: &Caller,
        call: ListKeys,
    ) -> Result<response::ListKeys, Failure> {
        let account = self.own(caller, Action::ListKeys, Resource::KEYS)?;
        let now = self.now();
        let conditions: Vec<KeyCondition> = call
            .filters
            .into_iter()
            .filter_map(|filter| condition(filter, account))
            .collect();
        let page = Page {
            number: call.page.number,
            size: call.page.size,
        };
        let (keys, total_count) = {
            let conditions = &conditions;
            self.tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    Ok::<_, Failure>(tx.keys().list(account, conditions, page, now).await?)
                })
            })
            .await?
        };
        let key = keys
            .iter()
            .map(|key| response::KeySummary {
                key_id: key.id.to_string(),
                key_arn: self.key_arn(key),
            })
            .collect();
        Ok(response::ListKeys {
            keys: response::Keys { key },
            page_number: page.number,
            page_size: page.size,
            total_count,
        })
    }
}

/// None for what every key of the account meets.
fn condition(filter: KeyFilter, account: &AccountId) -> Option<KeyCondition> {
    let has = |text: &str| filter.values.iter().any(|value| value == text);
    let field = match filter.key {
        KeyFilterKey::AliasName => KeyField::AliasName,
        KeyFilterKey::InstanceId => KeyField::InstanceId,
        KeyFilterKey::KeyId => KeyField::Id,
        KeyFilterKey::KeySpec => KeyField::Spec,
        KeyFilterKey::KeyState => KeyField::State,
        KeyFilterKey::KeyUsage => KeyField::Usage,
        KeyFilterKey::TagKey => KeyField::TagKey,
        KeyFilterKey::TagValue => KeyField::TagValue,
        // All keys are made by users, and guarded by software.
        KeyFilterKey::CreatorType if has("User") => return None,
        KeyFilterKey::ProtectionLevel if has("SOFTWARE") => return None,
        KeyFilterKey::Creator if has(account.as_str()) => return None,
        // What no key of the account meets.
        _ => {
            return Some(KeyCondition {
                field: KeyField::Spec,
                any_of: Vec::new(),
            });
        }
    };
    Some(KeyCondition {
        field,
        any_of: filter.values,
    })
}
