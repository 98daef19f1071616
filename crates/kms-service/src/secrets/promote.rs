use jiff::{SignedDuration, Timestamp};
use kms_store::{NewVersion, RotationState, SecretRecord, Tx, VersionRecord};
use kms_types::VersionStage;

use super::drop_surplus;
use crate::failure::Failure;

/// Makes a version that a rotation made the secret's current one, and what was current
/// previous. Done again, it changes nothing.
pub(crate) async fn promote(
    tx: &mut dyn Tx,
    mut secret: SecretRecord,
    version: VersionRecord,
    now: Timestamp,
) -> Result<(), Failure> {
    if tx.versions().find(secret.id, &version.id).await?.is_some() {
        return Ok(());
    }
    let current = VersionStage::current();
    let before = tx.versions().find_by_stage(secret.id, &current).await?;
    let version = NewVersion {
        id: version.id,
        data_type: version.data_type,
        sealed: version.sealed,
        created: now,
    };
    let serial = tx.versions().insert(secret.id, &version).await?;
    tx.versions().put_stage(secret.id, &current, serial).await?;
    if let Some(before) = before {
        tx.versions()
            .put_stage(secret.id, &VersionStage::previous(), before.serial)
            .await?;
    }
    drop_surplus(tx, secret.id).await?;
    let rotation = &mut secret.rotation;
    rotation.last = Some(now);
    rotation.next = rotation
        .interval_seconds
        .and_then(|seconds| now.checked_add(SignedDuration::from_secs(seconds)).ok());
    // What could not rotate by itself can, it has just been seen.
    if rotation.state == RotationState::Invalid && rotation.next.is_some() {
        rotation.state = RotationState::Enabled;
    }
    secret.updated = now;
    Ok(tx.secrets().update(&secret).await?)
}
