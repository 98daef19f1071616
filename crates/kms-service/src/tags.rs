//! Tags of keys, secrets and instances (reference kms-api §2), by the old actions and the new.

use kms_store::{ListedTag, Mode, TagCondition, TagQuery, TagRecord, Tagged as Bearer, Tx};
use kms_types::{AccountId, ErrorCode, InstanceId};
use kms_wire::{
    Action, ApiError,
    request::{
        ListResourceTags, ListTagResources, Tag, TagResource, TagResources, Tagged, TaggedKind,
        UntagResource, UntagResources,
    },
    response,
};

use crate::{
    Caller, Service,
    authorise::{Facts, Resource},
    failure::Failure,
    instances,
    secrets::Wish,
};

mod token;

/// Tags that a resource has at most (reference kms-api §2.1).
const MOST_TAGS: usize = 20;
/// Tags to a page.
const PAGE: usize = 200;

/// A resource that the caller may do the thing to, and that is there.
struct Found {
    bearer: Bearer,
    /// As a list names it.
    name: String,
    account: AccountId,
}

impl Service {
    /// TagResource.
    pub(crate) async fn tag_resource(
        &self,
        caller: &Caller,
        call: TagResource,
    ) -> Result<response::Empty, Failure> {
        let resources = [call.resource];
        self.tag_all(caller, Action::TagResource, &resources, &call.tags)
            .await
    }

    /// TagResources.
    pub(crate) async fn tag_resources(
        &self,
        caller: &Caller,
        call: TagResources,
    ) -> Result<response::Empty, Failure> {
        self.tag_all(caller, Action::TagResources, &call.resources, &call.tags)
            .await
    }

    /// UntagResource.
    pub(crate) async fn untag_resource(
        &self,
        caller: &Caller,
        call: UntagResource,
    ) -> Result<response::Empty, Failure> {
        let resources = [call.resource];
        let keys = Some(call.tag_keys.as_slice());
        self.untag_all(caller, Action::UntagResource, &resources, keys)
            .await
    }

    /// UntagResources; keys that are named count, even beside `All`.
    pub(crate) async fn untag_resources(
        &self,
        caller: &Caller,
        call: UntagResources,
    ) -> Result<response::Empty, Failure> {
        let keys = (!call.tag_keys.is_empty()).then_some(call.tag_keys.as_slice());
        self.untag_all(caller, Action::UntagResources, &call.resources, keys)
            .await
    }

    /// ListResourceTags.
    pub(crate) async fn resource_tags(
        &self,
        caller: &Caller,
        call: ListResourceTags,
    ) -> Result<response::ListResourceTags, Failure> {
        let key = &Tagged::Key(call.key);
        let (name, tags) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let action = Action::ListResourceTags;
                    let found = self.found(tx, (caller, action), key, &[]).await?;
                    let tags = tx.tags().of(&found.bearer).await?;
                    Ok::<_, Failure>((found.name, tags))
                })
            })
            .await?;
        let tag = |tag: TagRecord| response::KeyTag {
            key_id: name.clone(),
            tag_key: tag.key,
            tag_value: tag.value,
        };
        Ok(response::ListResourceTags {
            tags: response::KeyTags {
                tag: tags.into_iter().map(tag).collect(),
            },
        })
    }

    /// ListTagResources: of the resources named, which must all be there, or of all of the
    /// caller's account.
    pub(crate) async fn list_tag_resources(
        &self,
        caller: &Caller,
        call: ListTagResources,
    ) -> Result<response::ListTagResources, Failure> {
        let after = token::parse(call.next_token.as_deref())?;
        let call = &call;
        let after = &after;
        let mut listed = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if call.kind == TaggedKind::Instance {
                        return self
                            .listed_instances(tx, caller, call, after.as_ref())
                            .await;
                    }
                    let (account, resources) = self.listed(tx, caller, call).await?;
                    let query = TagQuery {
                        account,
                        kind: kind(call.kind),
                        resources,
                        tags: call.tags.iter().map(condition).collect(),
                        after: after.clone(),
                        limit: u32::try_from(PAGE + 1).unwrap_or(u32::MAX),
                    };
                    Ok::<_, Failure>(tx.tags().list(&query).await?)
                })
            })
            .await?;
        let is_more = listed.len() > PAGE;
        listed.truncate(PAGE);
        let next_token = match listed.last() {
            Some(last) if is_more => token::write(&last.resource, &last.tag.key),
            _ => String::new(),
        };
        let tag = |listed: ListedTag| response::TaggedResource {
            resource_id: listed.resource,
            resource_type: call.kind.as_str().to_owned(),
            tag_key: listed.tag.key,
            tag_value: listed.tag.value,
        };
        Ok(response::ListTagResources {
            tag_resources: response::TagResources {
                tag_resource: listed.into_iter().map(tag).collect(),
            },
            next_token,
        })
    }

    /// Whose tags are listed, and of which resources; of all if none are named.
    async fn listed(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        call: &ListTagResources,
    ) -> Result<(AccountId, Vec<String>), Failure> {
        let action = Action::ListTagResources;
        let mut account = None;
        let mut resources = Vec::new();
        for resource in &call.resources {
            let found = self.found(tx, (caller, action), resource, &[]).await?;
            if account.get_or_insert_with(|| found.account.clone()) != &found.account {
                return Err(ApiError::invalid_parameter(
                    "ResourceId",
                    "names resources of several accounts",
                )
                .into());
            }
            resources.push(found.name);
        }
        let account = if let Some(account) = account {
            account
        } else {
            let all = match call.kind {
                TaggedKind::Key => Resource::KEYS,
                TaggedKind::Secret => Resource::SECRETS,
                TaggedKind::Instance => Resource::Container("keystore"),
            };
            self.own(caller, action, all)?.clone()
        };
        Ok((account, resources))
    }

    /// Gives all of them all of the tags, or none of them any.
    async fn tag_all(
        &self,
        caller: &Caller,
        action: Action,
        resources: &[Tagged],
        tags: &[Tag],
    ) -> Result<response::Empty, Failure> {
        let given = &given(tags);
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let tags: Vec<_> = tags.iter().map(record).collect();
                for resource in resources {
                    if let Tagged::Instance(id) = resource {
                        let mut bearer = self.bearer(tx, (caller, action), id, given).await?;
                        for tag in &tags {
                            bearer.put(tag);
                        }
                        if bearer.count() > MOST_TAGS {
                            return Err(too_many().into());
                        }
                        bearer.save(tx).await?;
                        continue;
                    }
                    let found = self.found(tx, (caller, action), resource, given).await?;
                    for tag in &tags {
                        tx.tags().put(&found.bearer, tag).await?;
                    }
                    if tx.tags().of(&found.bearer).await?.len() > MOST_TAGS {
                        return Err(too_many().into());
                    }
                }
                Ok::<_, Failure>(())
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// Takes these tags, or all, from all of them.
    async fn untag_all(
        &self,
        caller: &Caller,
        action: Action,
        resources: &[Tagged],
        keys: Option<&[String]>,
    ) -> Result<response::Empty, Failure> {
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                for resource in resources {
                    if let Tagged::Instance(id) = resource {
                        let mut bearer = self.bearer(tx, (caller, action), id, &[]).await?;
                        bearer.remove(keys);
                        bearer.save(tx).await?;
                        continue;
                    }
                    let found = self.found(tx, (caller, action), resource, &[]).await?;
                    let all;
                    let keys = if let Some(keys) = keys {
                        keys
                    } else {
                        let tags = tx.tags().of(&found.bearer).await?;
                        all = tags.into_iter().map(|tag| tag.key).collect::<Vec<_>>();
                        &all
                    };
                    for key in keys {
                        tx.tags().remove(&found.bearer, key).await?;
                    }
                }
                Ok::<_, Failure>(())
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// The resource, for a call that gives it these tags.
    async fn found(
        &self,
        tx: &mut dyn Tx,
        (caller, action): (&Caller, Action),
        resource: &Tagged,
        given: &[(String, String)],
    ) -> Result<Found, Failure> {
        match resource {
            Tagged::Key(key) => {
                let wish = self.wish(caller, action, key);
                let key = self.key_for_tags(tx, wish, given).await?;
                Ok(Found {
                    name: key.id.to_string(),
                    bearer: Bearer::Key(key.id),
                    account: key.account,
                })
            }
            Tagged::Secret(secret) => {
                let wish = Wish {
                    caller,
                    action,
                    target: &self.target(caller, secret)?,
                    now: self.now(),
                };
                let secret = self.permitted_tags(tx, wish, given).await?;
                let secret = secret.ok_or_else(ApiError::not_found)?;
                Ok(Found {
                    name: secret.name.to_string(),
                    bearer: Bearer::Secret(secret.id),
                    account: secret.account,
                })
            }
            // Its tags lie elsewhere.
            Tagged::Instance(_) => Err(ApiError::not_found().into()),
        }
    }

    /// The instance, for a call that gives it these tags.
    async fn bearer(
        &self,
        tx: &mut dyn Tx,
        (caller, action): (&Caller, Action),
        id: &InstanceId,
        given: &[(String, String)],
    ) -> Result<instances::Bearer, Failure> {
        let facts = Facts {
            request_tags: given,
            ..Facts::default()
        };
        self.decide(caller, action, Resource::instance(id.as_str()), &facts)?;
        instances::Bearer::find(tx, caller.account_for(action)?, id).await
    }

    /// What [`Service::list_tag_resources`] tells of instances.
    async fn listed_instances(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        call: &ListTagResources,
        after: Option<&(String, String)>,
    ) -> Result<Vec<ListedTag>, Failure> {
        let action = Action::ListTagResources;
        let mut bearers = Vec::new();
        for resource in &call.resources {
            if let Tagged::Instance(id) = resource {
                bearers.push(self.bearer(tx, (caller, action), id, &[]).await?);
            }
        }
        if call.resources.is_empty() {
            let account = self.own(caller, action, Resource::Container("keystore"))?;
            bearers = instances::Bearer::all(tx, account).await?;
        }
        let wanted: Vec<_> = call.tags.iter().map(condition).collect();
        let mut listed: Vec<_> = bearers.iter().flat_map(|own| own.listed(&wanted)).collect();
        listed.sort_by(|a, b| (&a.resource, &a.tag.key).cmp(&(&b.resource, &b.tag.key)));
        listed.dedup();
        listed.retain(|own| {
            after.is_none_or(|(resource, key)| (&own.resource, &own.tag.key) > (resource, key))
        });
        listed.truncate(PAGE + 1);
        Ok(listed)
    }
}

fn record(tag: &Tag) -> TagRecord {
    TagRecord {
        key: tag.tag_key.clone(),
        value: tag.tag_value.clone(),
    }
}

/// Tags that a call gives, as conditions of policies look at them.
pub(crate) fn given(tags: &[Tag]) -> Vec<(String, String)> {
    let pair = |tag: &Tag| (tag.tag_key.clone(), tag.tag_value.clone());
    tags.iter().map(pair).collect()
}

/// Of which kind the store keeps the tags; instances' it does not.
fn kind(kind: TaggedKind) -> kms_store::TaggedKind {
    match kind {
        TaggedKind::Key => kms_store::TaggedKind::Key,
        TaggedKind::Secret | TaggedKind::Instance => kms_store::TaggedKind::Secret,
    }
}

fn condition(tag: &Tag) -> TagCondition {
    TagCondition {
        key: tag.tag_key.clone(),
        value: (!tag.tag_value.is_empty()).then(|| tag.tag_value.clone()),
    }
}

fn too_many() -> ApiError {
    ApiError::new(
        ErrorCode::LimitExceeded,
        format!("A resource has at most {MOST_TAGS} tags."),
    )
}

#[cfg(test)]
mod tests;
