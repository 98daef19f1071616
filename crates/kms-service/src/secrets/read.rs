use kms_store::{SecretRecord, Tx, VersionRecord};
use kms_types::{SecretType, VersionStage};
use kms_wire::{Action, ApiError, request::GetSecretValue, response};

use super::{find::Wish, rotation::written, write_stages, write_time};
use crate::{Caller, Gateway, Service, failure::Failure, instances, keys::check_dry_run};

impl Service {
    /// GetSecretValue.
    pub(crate) async fn secret_value(
        &self,
        caller: &Caller,
        call: GetSecretValue,
    ) -> Result<response::GetSecretValue, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let wish = Wish {
            caller,
            action: Action::GetSecretValue,
            target: &target,
            now: self.now(),
        };
        let (secret, version, value) = {
            let call = &call;
            self.read(caller.moment.as_ref(), |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let secret = self.usable(tx, wish).await?;
                    if !is_visible(&secret, &caller.gateway) {
                        return Err(ApiError::not_found().into());
                    }
                    instances::check_live(tx, &secret.instance_id, wish.now).await?;
                    let version = wanted(tx, &secret, call)
                        .await?
                        .ok_or_else(ApiError::not_found)?;
                    let value = self.open_value(tx, Some(caller), &secret, &version).await?;
                    Ok::<_, Failure>((secret, version, value))
                })
            })
            .await?
        };
        check_dry_run(call.dry_run)?;
        self.note_reader(caller, &secret, &version).await;
        let is_managed = is_managed(&secret);
        let rotation = written(&secret.secret_type, &secret.rotation, wish.now);
        Ok(response::GetSecretValue {
            secret_name: secret.name.to_string(),
            secret_data: value,
            secret_data_type: version.data_type,
            version_id: version.id.to_string(),
            version_stages: write_stages(&version.stages),
            create_time: write_time(version.created),
            automatic_rotation: rotation.automatic,
            rotation_interval: rotation.interval,
            next_rotation_date: rotation.next,
            last_rotation_date: rotation.last,
            extended_config: (is_managed && call.fetch_extended_config)
                .then_some(secret.extended_config),
            secret_type: secret.secret_type,
            request_id: String::new(),
        })
    }
}

/// The version asked for. Both an id and a stage given, the version has to be both; for
/// managed types the id is not looked at (reference kms-api §2.2).
async fn wanted(
    tx: &mut dyn Tx,
    secret: &SecretRecord,
    call: &GetSecretValue,
) -> Result<Option<VersionRecord>, Failure> {
    let stage = call.version_stage.as_ref();
    let Some(id) = call.version_id.as_ref().filter(|_| !is_managed(secret)) else {
        let current = VersionStage::current();
        let stage = stage.unwrap_or(&current);
        return Ok(tx.versions().find_by_stage(secret.id, stage).await?);
    };
    let version = tx.versions().find(secret.id, id).await?;
    Ok(version.filter(|version| stage.is_none_or(|stage| version.stages.contains(stage))))
}

/// An instance's gateway shows what lives in the instance.
fn is_visible(secret: &SecretRecord, gateway: &Gateway) -> bool {
    match gateway {
        Gateway::Shared => true,
        Gateway::Instance(id) => secret.instance_id == id.as_str(),
    }
}

fn is_managed(secret: &SecretRecord) -> bool {
    secret.secret_type != SecretType::Generic.as_str()
}
