//! What a hosted AccessKey's secret says, and what is asked of RAM before anything is made.

use kms_store::{Mode, RotationRecord, SecretRecord, Tx, VersionRecord};
use kms_types::{DataType, Secret, UserName, VersionId, VersionStage};
use serde::Deserialize;

use super::Body;
use crate::{
    NewAccessKey, Service,
    authorise::Target,
    failure::Failure,
    secrets::{Credential, Draft, random_version},
};

/// A stored version that is an AccessKey.
pub(super) struct Stored {
    pub(super) version: VersionRecord,
    pub(super) key: NewAccessKey,
}

/// Bytes that are sealed to see whether that works.
const PROBE: &str = "probe";

/// The RAM user whose keys the secret hosts.
///
/// # Errors
/// [`Failure::Document`]; whoever made the secret checked it.
pub(crate) fn hosted_user(secret: &SecretRecord) -> Result<UserName, Failure> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Config {
        user_name: UserName,
    }
    let config: Config = serde_json::from_str(&secret.extended_config)
        .map_err(|_damaged| Failure::Document("secret"))?;
    Ok(config.user_name)
}

/// The version whose key the rotation replaced and took away.
pub(in crate::rotation) fn replaced(row: &RotationRecord) -> Option<VersionId> {
    let body = Body::parse(&row.body).ok()?;
    body.old_version.filter(|_| body.promoted.is_some())
}

impl Service {
    /// That a value can be sealed as the secret's are: a key that RAM made and that cannot be
    /// kept would be lost.
    ///
    /// # Errors
    /// `Refused` with those of the KMS key that protects the secret, if there is one.
    pub(in crate::rotation) async fn check_sealing(
        &self,
        tx: &mut dyn Tx,
        secret: &SecretRecord,
    ) -> Result<(), Failure> {
        let target = Target {
            account: secret.account.clone(),
            name: secret.name.clone(),
            is_here: true,
        };
        let id = random_version()?;
        let draft = Draft {
            target: &target,
            id: &id,
            data_type: DataType::Text,
            value: &Secret::from(PROBE),
        };
        self.seal_value_of(tx, secret, draft).await.map(drop)
    }

    /// The keys that the secret holds: the current one, and the one before it. That others
    /// can be sealed in their place is seen, too.
    ///
    /// # Errors
    /// As [`Service::check_sealing`].
    pub(super) async fn stored_keys(
        &self,
        secret: &SecretRecord,
    ) -> Result<(Stored, Option<Stored>), Failure> {
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let current = self.stored_at(tx, secret, &VersionStage::current()).await?;
                let current = current.ok_or(Failure::Document("secret"))?;
                let previous = self
                    .stored_at(tx, secret, &VersionStage::previous())
                    .await?;
                self.check_sealing(tx, secret).await?;
                Ok::<_, Failure>((current, previous))
            })
        })
        .await
    }

    pub(super) async fn stored_at(
        &self,
        tx: &mut dyn Tx,
        secret: &SecretRecord,
        stage: &VersionStage,
    ) -> Result<Option<Stored>, Failure> {
        let Some(version) = tx.versions().find_by_stage(secret.id, stage).await? else {
            return Ok(None);
        };
        let value = self.open_value(tx, None, secret, &version).await?;
        let key = Credential::of_value(&value).and_then(Credential::into_access_key);
        let key = key.ok_or(Failure::Document("secret"))?;
        Ok(Some(Stored { version, key }))
    }
}
