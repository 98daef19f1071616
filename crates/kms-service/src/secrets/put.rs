use std::collections::HashSet;

use jiff::Timestamp;
use kms_store::{Mode, NewVersion, SecretRecord, Tx, VersionRecord};
use kms_types::{ErrorCode, VersionStage};
use kms_wire::{Action, ApiError, request::PutSecretValue, response};

use super::{
    MOST_STAGES, MOST_VERSIONS, find::Wish, limit_exceeded, protect::Draft, touch, write_stages,
};
use crate::{Caller, Service, failure::Failure};

impl Service {
    /// PutSecretValue. A version id that exists is answered as if it had just been made,
    /// if its value is the same: clients send a call again when they did not hear the
    /// answer.
    pub(crate) async fn put_secret_value(
        &self,
        caller: &Caller,
        call: PutSecretValue,
    ) -> Result<response::PutSecretValue, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let now = self.now();
        let wish = Wish {
            caller,
            action: Action::PutSecretValue,
            target: &target,
            now,
        };
        let stages = {
            let (call, target) = (&call, &target);
            // Whoever changes versions or labels of a secret changes its row.
            self.tx(Mode::Record, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let secret = self.usable_generic(tx, wish).await?;
                    let before = tx.versions().of(secret.id).await?;
                    let same = before.iter().find(|found| found.id == call.version_id);
                    if let Some(found) = same {
                        self.check_same(tx, caller, (&secret, found), call).await?;
                        return Ok(found.stages.clone());
                    }
                    let draft = Draft {
                        target,
                        id: &call.version_id,
                        data_type: call.data_type,
                        value: &call.secret_data,
                    };
                    let version = self.seal_value_for(tx, caller, &secret, draft).await?;
                    let wanted = call.version_stages.as_deref();
                    add(tx, (secret, before), &version, wanted, now).await
                })
            })
            .await?
        };
        Ok(response::PutSecretValue {
            secret_name: target.name.to_string(),
            version_id: call.version_id.to_string(),
            version_stages: write_stages(&stages),
        })
    }

    async fn check_same(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        (secret, found): (&SecretRecord, &VersionRecord),
        call: &PutSecretValue,
    ) -> Result<(), Failure> {
        let value = self.open_value(tx, Some(caller), secret, found).await?;
        // EXPOSE: into the comparison, in constant time.
        let is_same = value.matches(call.secret_data.expose().as_bytes());
        if is_same && found.data_type == call.data_type {
            return Ok(());
        }
        Err(ApiError::new(ErrorCode::ResourceExist, "The resource already exists.").into())
    }
}

/// Adds the version to those that the secret had before, puts the labels on it, and removes
/// the oldest ones that are too many; answers the labels that it then has. What comes of it is
/// known beforehand: to ask again would cost as much as to write.
async fn add(
    tx: &mut dyn Tx,
    (secret, before): (SecretRecord, Vec<VersionRecord>),
    version: &NewVersion,
    stages: Option<&[VersionStage]>,
    now: Timestamp,
) -> Result<Vec<VersionStage>, Failure> {
    let (current, previous) = (VersionStage::current(), VersionStage::previous());
    let wanted = stages.unwrap_or(std::slice::from_ref(&current));
    let last = before.iter().find(|own| own.stages.contains(&current));
    let last = last.filter(|_| wanted.contains(&current) && !wanted.contains(&previous));

    let moved: HashSet<_> = wanted.iter().chain(last.map(|_| &previous)).collect();
    let kept = before.iter().flat_map(|own| &own.stages);
    if kept
        .chain(moved.iter().copied())
        .collect::<HashSet<_>>()
        .len()
        > MOST_STAGES
    {
        return Err(too_many_stages());
    }
    let serial = tx.versions().insert(secret.id, version).await?;
    for stage in wanted {
        tx.versions().put_stage(secret.id, stage, serial).await?;
    }
    if let Some(last) = last {
        tx.versions()
            .put_stage(secret.id, &previous, last.serial)
            .await?;
    }
    let bears_none = |own: &&VersionRecord| {
        let is_last = last.is_some_and(|last| last.serial == own.serial);
        !is_last && own.stages.iter().all(|stage| moved.contains(stage))
    };
    let surplus = (before.len() + 1).saturating_sub(MOST_VERSIONS);
    for gone in before.iter().filter(bears_none).take(surplus) {
        tx.versions().remove(secret.id, gone.serial).await?;
    }
    let mut borne = wanted.to_vec();
    borne.sort();
    touch(tx, secret, now).await?;
    Ok(borne)
}

/// No more labels than a secret may have; the transaction ends otherwise.
pub(super) async fn check_stages(tx: &mut dyn Tx, secret: &SecretRecord) -> Result<(), Failure> {
    let versions = tx.versions().of(secret.id).await?;
    let stages: usize = versions.iter().map(|version| version.stages.len()).sum();
    if stages > MOST_STAGES {
        return Err(too_many_stages());
    }
    Ok(())
}

fn too_many_stages() -> Failure {
    limit_exceeded("A secret has at most 8 version stages").into()
}
