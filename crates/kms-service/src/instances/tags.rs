//! Tags of instances: few, and in the instances' documents.

use kms_store::{ListedTag, TagCondition, TagRecord, Tx};
use kms_types::{AccountId, InstanceId};

use super::{Instance, not_found};
use crate::{
    documents::{self, Named},
    failure::Failure,
};

/// An instance whose tags are read and written.
pub(crate) struct Bearer {
    account: AccountId,
    instance: Named<Instance>,
}

// === impl Bearer ===

impl Bearer {
    /// The account's own instance.
    ///
    /// # Errors
    /// `Forbidden.DKMSInstanceNotFound`, which Terraform's provider takes for no tags.
    pub(crate) async fn find(
        tx: &mut dyn Tx,
        account: &AccountId,
        id: &InstanceId,
    ) -> Result<Self, Failure> {
        let found = documents::look_up::<Instance>(tx, account, id.as_str()).await?;
        Ok(Self {
            account: account.clone(),
            instance: found.ok_or_else(not_found)?,
        })
    }

    /// All of the account's.
    pub(crate) async fn all(tx: &mut dyn Tx, account: &AccountId) -> Result<Vec<Self>, Failure> {
        let found = documents::all::<Instance>(tx, account).await?;
        let bearer = |instance| Self {
            account: account.clone(),
            instance,
        };
        Ok(found.into_iter().map(bearer).collect())
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.instance.body.tags.len()
    }

    /// Gives it a tag; a key that it has gets the new value.
    pub(crate) fn put(&mut self, tag: &TagRecord) {
        let own = &mut self.instance.body.tags;
        own.insert(tag.key.clone(), tag.value.clone());
    }

    /// Takes these away, or all.
    pub(crate) fn remove(&mut self, keys: Option<&[String]>) {
        let own = &mut self.instance.body.tags;
        own.retain(|key, _| keys.is_some_and(|keys| !keys.contains(key)));
    }

    /// Keeps what was changed.
    pub(crate) async fn save(&self, tx: &mut dyn Tx) -> Result<(), Failure> {
        documents::update(tx, &self.account, &self.instance).await
    }

    /// Its tags, if it has all of these, by key.
    pub(crate) fn listed(&self, wanted: &[TagCondition]) -> Vec<ListedTag> {
        let own = &self.instance.body.tags;
        let has = |wanted: &TagCondition| {
            let value = own.get(&wanted.key);
            value.is_some_and(|value| wanted.value.as_ref().is_none_or(|wanted| wanted == value))
        };
        if !wanted.iter().all(has) {
            return Vec::new();
        }
        let tag = |(key, value): (&String, &String)| ListedTag {
            resource: self.instance.name.clone(),
            tag: TagRecord {
                key: key.clone(),
                value: value.clone(),
            },
        };
        own.iter().map(tag).collect()
    }
}
