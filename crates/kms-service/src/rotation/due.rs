//! How rotations begin whose time has come.

use jiff::{SignedDuration, Timestamp};
use kms_store::{Lead, Mode, RotationState, SecretRecord, StoreError, Tx};
use kms_types::{SecretType, VersionId};

use super::{
    RotationEvent,
    access_key::Why,
    begin::begin,
    journal::{Engine, Kind},
};
use crate::{
    Service,
    failure::Failure,
    secrets::{managed_type, random_version},
};

/// Secrets whose time has come that one transaction looks at.
const DUE_AT_ONCE: u32 = 64;

/// RAM takes its time, and clients look for the new key when its time has come: it has to be
/// there by then (reference accesskey §4.2).
const LEAD: Lead = Lead {
    secret_type: SecretType::RamCredentials,
    most: SignedDuration::from_mins(10),
    part: 10,
};

impl Service {
    /// Begins the rotations whose time has come, some at a time; whether there were any.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn begin_due(&self) -> Result<bool, Failure> {
        let now = self.now();
        let (found, begun) = self
            .tx(Mode::Record, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut begun = Vec::new();
                    let due = tx
                        .secrets()
                        .due_for_rotation(now, LEAD, DUE_AT_ONCE)
                        .await?;
                    let found = !due.is_empty();
                    for secret in due {
                        if let Some(version) = self.begin_one(tx, secret.clone(), now).await? {
                            begun.push((secret, version));
                        }
                    }
                    Ok::<_, Failure>((found, begun))
                })
            })
            .await?;
        for (secret, version) in &begun {
            self.tell(secret, version, RotationEvent::Begins);
        }
        Ok(found)
    }

    async fn begin_one(
        &self,
        tx: &mut dyn Tx,
        mut secret: SecretRecord,
        now: Timestamp,
    ) -> Result<Option<VersionId>, Failure> {
        let known = managed_type(&secret)
            .ok()
            .filter(|kind| self.check_rotator(*kind, &secret).is_ok());
        if known != Some(SecretType::RamCredentials) {
            // The next time is an interval from now, whatever becomes of this one.
            secret.rotation.next = secret
                .rotation
                .interval_seconds
                .and_then(|seconds| now.checked_add(SignedDuration::from_secs(seconds)).ok());
            if known.is_none() {
                secret.rotation.state = RotationState::Invalid;
                tracing::error!(
                    account = %secret.account,
                    secret = %secret.name,
                    "a secret cannot be rotated: no rotator is configured for it"
                );
            }
            tx.secrets().update(&secret).await?;
        }
        let engine = match known {
            None => return Ok(None),
            Some(SecretType::RamCredentials) => Engine::AccessKey,
            Some(_) => Engine::Webhook,
        };
        let version = random_version()?;
        let plan = self.plan_of(&secret, Kind::new(engine, true), Why::Scheduled, None)?;
        match begin(tx, &secret, plan, version.clone(), now).await {
            Ok(()) => Ok(Some(version)),
            // Another server was faster.
            Err(Failure::Store(StoreError::Taken)) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}
