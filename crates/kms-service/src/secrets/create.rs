use kms_store::{Mode, NewSecret, SecretRotation, TagRecord};
use kms_types::{ErrorCode, SecretRef, VersionStage};
use kms_wire::{Action, ApiError, request::CreateSecret, response};

use super::{find::find, in_delete_window};
use crate::{Caller, Service, authorise::Resource, failure::Failure, instances};

impl Service {
    /// CreateSecret.
    pub(crate) async fn create_secret(
        &self,
        caller: &Caller,
        call: CreateSecret,
    ) -> Result<response::CreateSecret, Failure> {
        // A new secret is of the caller's own account.
        let name = SecretRef::Name(call.secret_name.clone());
        self.authorise(caller, Action::CreateSecret, Resource::SECRETS)?;
        let target = self.target(caller, &name)?;
        check_supported(&call)?;

        let now = self.now();
        let version =
            self.seal_value(&target, &call.version_id, call.data_type, &call.secret_data)?;
        let secret = NewSecret {
            account: target.account.clone(),
            name: call.secret_name,
            secret_type: call.secret_type.to_string(),
            description: call.description.unwrap_or_default(),
            encryption_key_id: String::new(),
            instance_id: call.instance_id.unwrap_or_default(),
            extended_config: call.extended_config.unwrap_or_default(),
            policy: String::new(),
            rotation: SecretRotation::default(),
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
            let (target, secret, version, tags) = (&target, &secret, &version, &tags);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    instances::check(tx, &target.account, &secret.instance_id).await?;
                    if let Some(found) = find(tx, target, now).await? {
                        return Err(match found.planned_delete {
                            Some(_) => in_delete_window(),
                            None => exists(),
                        }
                        .into());
                    }
                    // One whose time has come makes room, whether it is swept or not.
                    if let Some(due) = tx.secrets().find(&target.account, &target.name).await? {
                        tx.secrets().remove(due.id).await?;
                    }
                    let id = tx.secrets().insert(secret).await?;
                    let serial = tx.versions().insert(id, version).await?;
                    tx.versions()
                        .put_stage(id, &VersionStage::current(), serial)
                        .await?;
                    for tag in tags {
                        tx.tags().put(&id.into(), tag).await?;
                    }
                    Ok::<_, Failure>(())
                })
            })
            .await?;
        }
        Ok(response::CreateSecret {
            arn: self.arn(&target.account, &target.name).to_string(),
            secret_name: target.name.to_string(),
            version_id: version.id.to_string(),
            secret_type: secret.secret_type,
            instance_id: secret.instance_id,
            ..response::CreateSecret::default()
        })
    }
}

/// Managed types and keys come with later work; what is not there yet is
/// refused by name, not stored halfway.
fn check_supported(call: &CreateSecret) -> Result<(), ApiError> {
    if call.secret_type.is_managed() {
        return Err(ApiError::new(
            ErrorCode::UnsupportedOperation,
            format!(
                "This server does not manage secrets of type {} yet.",
                call.secret_type
            ),
        ));
    }
    if call.encryption_key_id.is_some() {
        return Err(ApiError::new(
            ErrorCode::KeyNotFound,
            "The specified Key is not found.",
        ));
    }
    Ok(())
}

fn exists() -> ApiError {
    ApiError::new(ErrorCode::ResourceExist, "The resource already exists.")
}
