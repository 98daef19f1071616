//! New versions of keys, by order and by themselves.

use jiff::{SignedDuration, Timestamp};
use kms_store::{KeyRecord, KeyVersionRecord, Mode, Tx};
use kms_types::{KeyOrigin, KeyVersionId};
use kms_wire::{
    Action, ApiError,
    request::{CreateKeyVersion, KeyRotationInterval, UpdateRotationPolicy},
    response,
};

use super::{
    KeyWish, MOST_VERSIONS,
    refusal::{limit_exceeded, unsupported},
    state::{check_enabled, check_stays},
    versions::write_version,
};
use crate::{Caller, Service, failure::Failure};

/// Whether and how often a key gets a new version by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rotation(Option<i64>);

// === impl Rotation ===

impl Rotation {
    pub(super) fn of(interval: Option<KeyRotationInterval>) -> Result<Self, ApiError> {
        interval
            .map(|interval| i64::try_from(interval.seconds()))
            .transpose()
            .map(Self)
            .map_err(|_wide| ApiError::invalid_parameter("RotationInterval", "is too long"))
    }

    /// Writes it into the key. Counted is from the last rotation, or from when the key was
    /// made.
    ///
    /// # Errors
    /// `UnsupportedOperation`: of symmetric keys alone, whose ciphertexts name their
    /// version, and of those whose material the service makes.
    pub(super) fn set(self, key: &mut KeyRecord) -> Result<(), ApiError> {
        let can = key.spec.is_symmetric() && key.origin == KeyOrigin::Kms;
        if self.0.is_some() && !can {
            return Err(unsupported(
                "A key of this kind or origin does not rotate by itself.",
            ));
        }
        key.rotation_seconds = self.0;
        key.next_rotation = next(key, key.last_rotation.unwrap_or(key.created));
        Ok(())
    }
}

impl Service {
    /// UpdateRotationPolicy.
    pub(crate) async fn update_rotation_policy(
        &self,
        caller: &Caller,
        call: UpdateRotationPolicy,
    ) -> Result<response::Empty, Failure> {
        let interval = match (call.enabled.0, call.interval) {
            (true, None) => return Err(ApiError::missing_parameter("RotationInterval").into()),
            (true, interval) => interval,
            // One that comes along with "off" has no effect: Terraform sends it.
            (false, _) => None,
        };
        let rotation = Rotation::of(interval)?;
        let wish = self.wish(caller, Action::UpdateRotationPolicy, &call.key);
        self.change_key(wish, |key| {
            check_stays(key)?;
            rotation.set(key)
        })
        .await
    }

    /// CreateKeyVersion: the new version encrypts from then on, and the old ones decrypt.
    pub(crate) async fn create_key_version(
        &self,
        caller: &Caller,
        call: CreateKeyVersion,
    ) -> Result<response::KeyVersion, Failure> {
        let wish = self.wish(caller, Action::CreateKeyVersion, &call.key);
        let key = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { self.key_for_version(&mut *tx, wish).await })
            })
            .await?;
        let version = self.fresh_version(&key, wish.now).await?;
        {
            let version = &version;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let key = self.key_for_version(tx, wish).await?;
                    if tx.key_versions().of(&key.id).await?.len() >= MOST_VERSIONS {
                        let why = "The key has as many versions as it may";
                        return Err(limit_exceeded(why).into());
                    }
                    add(tx, key, version, wish.now).await
                })
            })
            .await?;
        }
        Ok(response::KeyVersion {
            key_version: write_version(&version),
        })
    }

    /// A key that can have another version now.
    async fn key_for_version(
        &self,
        tx: &mut dyn Tx,
        wish: KeyWish<'_>,
    ) -> Result<KeyRecord, Failure> {
        let key = self.key(tx, wish).await?;
        check_enabled(&key, wish.now)?;
        if key.origin == KeyOrigin::External {
            let why = "A key whose material is imported has one version.";
            return Err(unsupported(why).into());
        }
        Ok(key)
    }

    async fn fresh_version(
        &self,
        key: &KeyRecord,
        now: Timestamp,
    ) -> Result<KeyVersionRecord, Failure> {
        let id = KeyVersionId::random();
        let sealed = self
            .fresh_material(key.spec, &key.account, &key.id, &id)
            .await?;
        Ok(KeyVersionRecord {
            key: key.id.clone(),
            id,
            sealed: Some(sealed),
            created: now,
        })
    }

    /// Rotates the key if it is still due; whether it was.
    pub(super) async fn rotate_due(
        &self,
        due: &KeyRecord,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let version = self.fresh_version(due, now).await?;
        let version = &version;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let found = tx.keys().find_any(&due.id).await?;
                // Another server may have been here.
                let is_due = |key: &KeyRecord| {
                    key.next_rotation.is_some_and(|next| next <= now)
                        && check_enabled(key, now).is_ok()
                };
                let Some(key) = found.filter(is_due) else {
                    return Ok(false);
                };
                add(tx, key, version, now).await?;
                Ok(true)
            })
        })
        .await
    }
}

/// Makes it the version that encrypts.
async fn add(
    tx: &mut dyn Tx,
    mut key: KeyRecord,
    version: &KeyVersionRecord,
    now: Timestamp,
) -> Result<(), Failure> {
    tx.key_versions().insert(version).await?;
    key.primary_version = version.id.clone();
    key.last_rotation = Some(now);
    key.next_rotation = next(&key, now);
    Ok(tx.keys().update(&key).await?)
}

/// When the next rotation is, counted from then.
fn next(key: &KeyRecord, from: Timestamp) -> Option<Timestamp> {
    let interval = SignedDuration::from_secs(key.rotation_seconds?);
    from.checked_add(interval).ok()
}
