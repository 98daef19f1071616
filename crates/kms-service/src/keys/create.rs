use kms_store::{
    KeyCondition, KeyField, KeyRecord, KeyVersionRecord, Mode, Page, TagRecord, Tagged, Tx,
};
use kms_types::{KeyId, KeyOrigin, KeyState, KeyVersionId, ProtectionLevel};
use kms_wire::{Action, ApiError, request::CreateKey, response};

use super::{
    MOST_KEYS, MOST_KEYS_IN_INSTANCE,
    refusal::{limit_exceeded, unsupported},
    rotate::Rotation,
};
use crate::{
    Caller, Service,
    authorise::{Facts, Resource},
    failure::Failure,
    instances, resource_policy, tags,
};

impl Service {
    /// CreateKey.
    pub(crate) async fn create_key(
        &self,
        caller: &Caller,
        call: CreateKey,
    ) -> Result<response::CreateKey, Failure> {
        let given = tags::given(&call.tags);
        let facts = Facts {
            request_tags: &given,
            ..Facts::default()
        };
        self.decide(caller, Action::CreateKey, Resource::KEYS, &facts)?;
        let account = caller.account_for(Action::CreateKey)?;
        check_supported(&call)?;
        if let Some(policy) = &call.policy {
            resource_policy::check(policy)?;
        }
        let now = self.now();
        let (id, version) = (KeyId::random(), KeyVersionId::random());
        let sealed = match call.origin {
            KeyOrigin::Kms => Some(
                self.fresh_material(call.spec, account, &id, &version)
                    .await?,
            ),
            KeyOrigin::External => None,
        };
        let mut key = KeyRecord {
            account: account.clone(),
            id: id.clone(),
            spec: call.spec,
            usage: call.usage,
            origin: call.origin,
            state: match call.origin {
                KeyOrigin::Kms => KeyState::Enabled,
                KeyOrigin::External => KeyState::PendingImport,
            },
            description: call.description.unwrap_or_default(),
            instance_id: call
                .instance
                .map(|instance| instance.to_string())
                .unwrap_or_default(),
            creator: caller.principal.arn(),
            created: now,
            rotation_seconds: None,
            last_rotation: None,
            next_rotation: None,
            deletion_protection: false,
            protection_description: String::new(),
            planned_delete: None,
            material_expires: None,
            policy: call.policy.unwrap_or_default(),
            primary_version: version.clone(),
        };
        Rotation::of(call.rotation)?.set(&mut key)?;
        let version = KeyVersionRecord {
            key: id,
            id: version,
            sealed,
            created: now,
        };
        let tags: Vec<TagRecord> = call
            .tags
            .into_iter()
            .map(|tag| TagRecord {
                key: tag.tag_key,
                value: tag.tag_value,
            })
            .collect();
        {
            let (key, version, tags) = (&key, &version, &tags);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let instance =
                        instances::check(tx, &key.account, &key.instance_id, key.created).await?;
                    if let Some(instance) = &instance {
                        instances::check_key_room(tx, instance).await?;
                    }
                    if instance.is_none_or(|own| own.body.purchase.is_none()) {
                        check_room(tx, key).await?;
                    }
                    tx.keys().insert(key).await?;
                    tx.key_versions().insert(version).await?;
                    for tag in tags {
                        tx.tags().put(&Tagged::Key(key.id.clone()), tag).await?;
                    }
                    Ok::<_, Failure>(())
                })
            })
            .await?;
        }
        Ok(response::CreateKey {
            key_metadata: self.key_metadata(&key, now),
        })
    }
}

/// Hardware is refused by name. What the cloud calls HSM where it has no instance for it
/// is its own doing: a caller that asks for it would trust what is not there.
fn check_supported(call: &CreateKey) -> Result<(), ApiError> {
    if call.protection == ProtectionLevel::Hsm {
        return Err(unsupported(
            "This server guards no keys by hardware (ProtectionLevel HSM).",
        ));
    }
    Ok(())
}

/// Keys outside of instances, and keys of each instance that was not bought, are counted by
/// themselves.
async fn check_room(tx: &mut dyn Tx, key: &KeyRecord) -> Result<(), Failure> {
    let most = match key.instance_id.as_str() {
        "" => MOST_KEYS,
        _ => u64::from(MOST_KEYS_IN_INSTANCE),
    };
    let beside = [KeyCondition {
        field: KeyField::InstanceId,
        any_of: vec![key.instance_id.clone()],
    }];
    let page = Page { number: 1, size: 1 };
    let (_, count) = tx
        .keys()
        .list(&key.account, &beside, page, key.created)
        .await?;
    if count >= most {
        return Err(limit_exceeded("There are as many keys as there may be").into());
    }
    Ok(())
}
