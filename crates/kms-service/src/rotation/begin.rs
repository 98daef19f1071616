//! How rotations begin: by a call, or because their time has come.

use jiff::{SignedDuration, Timestamp};
use kms_store::{Mode, NewRotation, RotationState, SecretRecord, Tx};
use kms_types::{ErrorCode, SecretType, VersionId};
use kms_wire::{Action, ApiError, request::RotateSecret, response};

use super::{RotationEvent, RotationNews, RotationStep, journal};
use crate::{
    Caller, Service,
    failure::Failure,
    keys::check_dry_run,
    random,
    secrets::{Wish, check_at_rest, managed_type, random_version},
};

/// Rotations of an account in an hour that calls may ask for (reference kms-api §2.1).
const MOST_AN_HOUR: u64 = 50;
/// Secrets whose time has come that one transaction looks at.
const DUE_AT_ONCE: u32 = 16;

impl Service {
    /// RotateSecret. Answers at once; the rotation takes its time. A version that exists, or
    /// that a rotation is making, was asked for before.
    pub(crate) async fn rotate_secret(
        &self,
        caller: &Caller,
        call: RotateSecret,
    ) -> Result<response::RotateSecret, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let now = self.now();
        let wish = Wish {
            caller,
            action: Action::RotateSecret,
            target: &target,
            now,
        };
        let version = &call.version_id;
        let (window, is_rehearsal) = (call.window, call.dry_run);
        let begun = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let secret = self.usable(tx, wish).await?;
                    let secret_type = managed_type(&secret)?;
                    if tx.versions().find(secret.id, version).await?.is_some() {
                        return Ok(None);
                    }
                    let newest = tx.rotations().of_secret(secret.id, 1).await?;
                    if newest
                        .iter()
                        .any(|one| one.finished.is_none() && one.version == *version)
                    {
                        return Ok(None);
                    }
                    check_at_rest(tx, &secret).await?;
                    self.check_rotator(secret_type, &secret)?;
                    if window.is_some() {
                        return Err(no_window().into());
                    }
                    let hour = SignedDuration::from_hours(1);
                    let since = now.checked_sub(hour).unwrap_or(Timestamp::UNIX_EPOCH);
                    if tx.rotations().count_since(&secret.account, since).await? >= MOST_AN_HOUR {
                        return Err(too_many().into());
                    }
                    check_dry_run(is_rehearsal)?;
                    begin(tx, &secret, version.clone(), now).await?;
                    Ok::<_, Failure>(Some(secret))
                })
            })
            .await?;
        if let Some(secret) = begun {
            self.tell(&secret, version, RotationEvent::Begins);
        }
        Ok(response::RotateSecret {
            arn: self.arn(&target.account, &target.name).to_string(),
            secret_name: target.name.to_string(),
            version_id: version.to_string(),
        })
    }

    /// Begins the rotations whose time has come; whether there may be more of them.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn begin_due(&self) -> Result<bool, Failure> {
        let now = self.now();
        let (is_full, begun) = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut begun = Vec::new();
                    let due = tx.secrets().due_for_rotation(now, DUE_AT_ONCE).await?;
                    let is_full = due.len() == usize::try_from(DUE_AT_ONCE).unwrap_or(usize::MAX);
                    for mut secret in due {
                        let known = managed_type(&secret)
                            .ok()
                            .filter(|kind| self.check_rotator(*kind, &secret).is_ok());
                        // The next time is an interval from now, whatever becomes of this one.
                        secret.rotation.next =
                            secret.rotation.interval_seconds.and_then(|seconds| {
                                now.checked_add(SignedDuration::from_secs(seconds)).ok()
                            });
                        if known.is_none() {
                            secret.rotation.state = RotationState::Invalid;
                            tracing::error!(
                                account = %secret.account,
                                secret = %secret.name,
                                "a secret cannot be rotated: no rotator is configured for it"
                            );
                        }
                        tx.secrets().update(&secret).await?;
                        let is_free = check_at_rest(tx, &secret).await.is_ok();
                        if known.is_some() && is_free {
                            let version = random_version()?;
                            begin(tx, &secret, version.clone(), now).await?;
                            begun.push((secret, version));
                        }
                    }
                    Ok::<_, Failure>((is_full, begun))
                })
            })
            .await?;
        for (secret, version) in &begun {
            self.tell(secret, version, RotationEvent::Begins);
        }
        Ok(is_full)
    }

    /// Tells what became of a rotation, which must be committed.
    pub(super) fn tell(&self, secret: &SecretRecord, version: &VersionId, event: RotationEvent) {
        let (account, name) = (&secret.account, &secret.name);
        if event == RotationEvent::GivenUp {
            tracing::error!(%account, secret = %name, %version, "a rotation was given up");
        } else {
            let event = event.as_str();
            tracing::info!(%account, secret = %name, %version, event, "a rotation goes on");
        }
        (self.rotation().told)(&RotationNews {
            account,
            secret: name,
            version,
            event,
            old_key: None,
            new_key: None,
            reason: "",
        });
    }

    /// That somebody is configured who rotates the secret.
    fn check_rotator(&self, kind: SecretType, secret: &SecretRecord) -> Result<(), ApiError> {
        let why = match kind {
            SecretType::RamCredentials => "This server does not rotate RAM credentials yet.",
            _ if (self.rotation().rotators).serves(&secret.account, kind, &secret.name) => {
                return Ok(());
            }
            _ => "No webhook is configured on this server that rotates this secret.",
        };
        Err(ApiError::new(ErrorCode::UnsupportedOperation, why))
    }
}

async fn begin(
    tx: &mut dyn Tx,
    secret: &SecretRecord,
    version: VersionId,
    now: Timestamp,
) -> Result<(), Failure> {
    let rotation = NewRotation {
        id: random::alphanumeric(32)?.to_string(),
        account: secret.account.clone(),
        secret: secret.id,
        subject: format!("secret/{}", secret.id.0),
        version,
        kind: journal::WEBHOOK.to_owned(),
        step: RotationStep::Create.as_str().to_owned(),
        body: String::new(),
        sealed: None,
        next_try: now,
        window_end: None,
        created: now,
    };
    Ok(tx.rotations().insert(&rotation).await?)
}

/// What a webhook's database does with the password before is not this server's to say.
fn no_window() -> ApiError {
    ApiError::invalid_parameter(
        "RotationWindow",
        "is for RAM credentials: other values are replaced at once",
    )
}

fn too_many() -> ApiError {
    ApiError::new(
        ErrorCode::LimitExceeded,
        format!("An account's secrets are rotated at most {MOST_AN_HOUR} times an hour."),
    )
}
