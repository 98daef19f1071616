use jiff::Timestamp;
use kms_store::{Mode, NewSecret, NewVersion, TagRecord, Tx};
use kms_types::{
    DataType, ErrorCode, KeyRef, Secret, SecretRef, SecretType, VersionId, VersionStage,
};
use kms_wire::{Action, ApiError, request::CreateSecret, response, write_timestamp};

use super::{
    credential::Credential, find::find, in_delete_window, managed::first_values, protect::Draft,
    rotation::written,
};
use crate::{
    Caller, Service,
    authorise::{Facts, Resource, Target},
    failure::Failure,
    instances, random, resource_policy, tags,
};

/// Values that a secret begins with: the current one, and of two accounts the other's.
struct FirstVersions {
    current: Plain,
    previous: Option<Plain>,
}

/// A value and the version that it will be.
struct Plain {
    id: VersionId,
    data_type: DataType,
    value: Secret<String>,
}

impl Service {
    /// CreateSecret.
    pub(crate) async fn create_secret(
        &self,
        caller: &Caller,
        call: CreateSecret,
    ) -> Result<response::CreateSecret, Failure> {
        // A new secret is of the caller's own account.
        let name = SecretRef::Name(call.secret_name.clone());
        let tags = tags::given(&call.tags);
        let facts = Facts {
            request_tags: &tags,
            ..Facts::default()
        };
        self.decide(caller, Action::CreateSecret, Resource::SECRETS, &facts)?;
        let target = self.target(caller, &name)?;
        if let Some(policy) = &call.policy {
            resource_policy::check(policy)?;
        }
        let key: Option<KeyRef> = call
            .encryption_key_id
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|reason| ApiError::invalid_parameter("EncryptionKeyId", reason))?;
        self.check_interval(call.rotation_interval)?;

        let now = self.now();
        let versions = first_versions(&call, now)?;
        if call.secret_type == SecretType::RamCredentials {
            self.check_free(&target, now).await?;
            let config = call.extended_config.as_deref().unwrap_or_default();
            let values = first_values(call.secret_type, config, &call.secret_data)?;
            self.check_hosted(&target.account, config, values).await?;
        }
        let secret = NewSecret {
            account: target.account.clone(),
            rotation: self.planned(
                call.secret_type,
                (&target.account, &target.name),
                call.rotation_interval,
                now,
            ),
            name: call.secret_name,
            secret_type: call.secret_type.to_string(),
            description: call.description.unwrap_or_default(),
            encryption_key_id: String::new(),
            instance_id: call.instance_id.unwrap_or_default(),
            extended_config: call.extended_config.unwrap_or_default(),
            policy: call.policy.unwrap_or_default(),
            created: now,
        };
        let tags: Vec<TagRecord> = tags
            .into_iter()
            .map(|(key, value)| TagRecord { key, value })
            .collect();
        {
            let (target, secret, versions, tags) = (&target, &secret, &versions, &tags);
            let key = key.as_ref();
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let instance =
                        instances::check(tx, &target.account, &secret.instance_id, now).await?;
                    check_free(tx, target, now).await?;
                    // One whose time has come makes room, whether it is swept or not.
                    if let Some(due) = tx.secrets().find(&target.account, &target.name).await? {
                        tx.secrets().remove(due.id).await?;
                    }
                    if let Some(instance) = &instance {
                        instances::check_secret_room(tx, instance).await?;
                    }
                    let mut secret = secret.clone();
                    let current = &versions.current;
                    let current = self
                        .seal(tx, caller, key, target, &mut secret, current)
                        .await?;
                    let previous = match &versions.previous {
                        Some(previous) => Some(
                            self.seal(tx, caller, key, target, &mut secret, previous)
                                .await?,
                        ),
                        None => None,
                    };
                    insert(tx, &secret, &current, previous.as_ref(), tags).await
                })
            })
            .await?;
        }
        let rotation = written(&secret.secret_type, &secret.rotation, now);
        Ok(response::CreateSecret {
            arn: self.arn(&target.account, &target.name).to_string(),
            secret_name: target.name.to_string(),
            version_id: versions.current.id.to_string(),
            extended_config: call
                .secret_type
                .is_managed()
                .then_some(secret.extended_config),
            secret_type: secret.secret_type,
            instance_id: secret.instance_id,
            automatic_rotation: rotation.automatic,
            rotation_interval: rotation.interval,
            next_rotation_date: rotation.next,
        })
    }

    /// That there is no secret of that name.
    async fn check_free(&self, target: &Target, now: Timestamp) -> Result<(), Failure> {
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move { check_free(&mut *tx, target, now).await })
        })
        .await
    }

    /// Seals a first version, under the key if one is named; the secret then says which.
    async fn seal(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        key: Option<&KeyRef>,
        target: &Target,
        secret: &mut NewSecret,
        plain: &Plain,
    ) -> Result<NewVersion, Failure> {
        let draft = Draft {
            target,
            id: &plain.id,
            data_type: plain.data_type,
            value: &plain.value,
        };
        let Some(key) = key else {
            return self.seal_value(draft);
        };
        let (key, version) = self.seal_value_under(tx, caller, key, draft).await?;
        if key.account != target.account || key.instance_id != secret.instance_id {
            return Err(ApiError::invalid_parameter(
                "EncryptionKeyId",
                "must be a key of the same account and KMS instance",
            )
            .into());
        }
        secret.encryption_key_id = key.id.to_string();
        Ok(version)
    }
}

/// Generic secrets begin with what they are given; those of managed types with what is read
/// of it (reference kms-api §2.2).
fn first_versions(call: &CreateSecret, now: Timestamp) -> Result<FirstVersions, Failure> {
    let id = call.version_id.clone();
    if !call.secret_type.is_managed() {
        return Ok(FirstVersions {
            current: Plain {
                id,
                data_type: call.data_type,
                value: call.secret_data.clone(),
            },
            previous: None,
        });
    }
    let config = call.extended_config.as_deref().unwrap_or_default();
    let values = first_values(call.secret_type, config, &call.secret_data)?;
    let now = write_timestamp(now);
    let plain = |id, value: &Credential| {
        Ok::<_, Failure>(Plain {
            id,
            data_type: DataType::Text,
            value: value.to_value(&now)?,
        })
    };
    Ok(FirstVersions {
        current: plain(id, &values.current)?,
        previous: match &values.previous {
            Some(value) => Some(plain(random_version()?, value)?),
            None => None,
        },
    })
}

/// The id of a version that nobody named.
///
/// # Errors
/// [`Failure::Random`].
pub(crate) fn random_version() -> Result<VersionId, Failure> {
    let id = random::alphanumeric(32)?;
    id.parse().map_err(|_cannot_be| Failure::Random)
}

async fn check_free(tx: &mut dyn Tx, target: &Target, now: Timestamp) -> Result<(), Failure> {
    match find(tx, target, now).await? {
        None => Ok(()),
        Some(found) if found.planned_delete.is_some() => Err(in_delete_window().into()),
        Some(_) => Err(exists().into()),
    }
}

async fn insert(
    tx: &mut dyn Tx,
    secret: &NewSecret,
    current: &NewVersion,
    previous: Option<&NewVersion>,
    tags: &[TagRecord],
) -> Result<(), Failure> {
    let id = tx.secrets().insert(secret).await?;
    if let Some(previous) = previous {
        let serial = tx.versions().insert(id, previous).await?;
        tx.versions()
            .put_stage(id, &VersionStage::previous(), serial)
            .await?;
    }
    let serial = tx.versions().insert(id, current).await?;
    tx.versions()
        .put_stage(id, &VersionStage::current(), serial)
        .await?;
    for tag in tags {
        tx.tags().put(&id.into(), tag).await?;
    }
    Ok(())
}

fn exists() -> ApiError {
    ApiError::new(ErrorCode::ResourceExist, "The resource already exists.")
}
