//! How rotations begin that a call asks for.

use jiff::{SignedDuration, Timestamp};
use kms_store::{Mode, NewRotation, SecretRecord, StoreError, Tx};
use kms_types::{ErrorCode, SecretType, VersionId};
use kms_wire::{
    Action, ApiError,
    request::{RotateSecret, RotationWindow},
    response,
};

use super::{
    RotationEvent, RotationStep, Windows,
    access_key::{self, Body, Why},
    journal::{self, CALLED, Engine, Kind},
};
use crate::{
    Caller, Service,
    failure::Failure,
    instances,
    keys::check_dry_run,
    random,
    secrets::{Wish, check_at_rest, managed_type},
};

/// Rotations of an account in an hour that calls may ask for (reference kms-api §2.1).
const MOST_AN_HOUR: u64 = 50;
/// Rotations of a secret that a call's version is looked for among.
const LOOKED_AT: u32 = 1000;

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
        let found = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let secret = self.usable(tx, wish).await?;
                    let secret_type = managed_type(&secret)?;
                    instances::check_live(tx, &secret.instance_id, now).await?;
                    if is_known(tx, &secret, version).await? {
                        return Ok(None);
                    }
                    check_at_rest(tx, &secret).await?;
                    self.check_rotator(secret_type, &secret)?;
                    let plan = self.called(tx, &secret, secret_type, window).await?;
                    let hour = SignedDuration::from_hours(1);
                    let since = now.checked_sub(hour).unwrap_or(Timestamp::UNIX_EPOCH);
                    let calls = tx.rotations().count_since(&secret.account, &CALLED, since);
                    if calls.await? >= MOST_AN_HOUR {
                        return Err(too_many().into());
                    }
                    if !is_rehearsal {
                        begin(tx, &secret, plan, version.clone(), now)
                            .await
                            .map_err(under_way)?;
                    }
                    Ok::<_, Failure>(Some(secret))
                })
            })
            .await?;
        match found {
            Some(secret) if is_rehearsal => self.rehearse(&secret).await?,
            Some(secret) => self.tell(&secret, version, RotationEvent::Begins),
            None => {}
        }
        check_dry_run(is_rehearsal)?;
        Ok(response::RotateSecret {
            arn: self.arn(&target.account, &target.name).to_string(),
            secret_name: target.name.to_string(),
            version_id: version.to_string(),
        })
    }

    /// What a rotation of the secret begins with; the window is how long the value before is
    /// good, if a call said so.
    pub(super) fn plan_of(
        &self,
        secret: &SecretRecord,
        kind: Kind,
        why: Why,
        window: Option<SignedDuration>,
    ) -> Result<Plan, Failure> {
        if kind.engine == Engine::Webhook {
            return Ok(Plan {
                kind,
                subject: format!("secret/{}", secret.id.0),
                step: RotationStep::Create.as_str(),
                body: String::new(),
            });
        }
        let user = access_key::hosted_user(secret)?;
        let interval = secret.rotation.interval_seconds;
        let window = window.unwrap_or_else(|| self.rotation().windows.usual_for(interval));
        Ok(Plan {
            kind,
            subject: format!("ram/{}/{user}", secret.account),
            step: access_key::Step::Plan.as_str(),
            body: Body::new(user, why, window.as_secs()).to_text()?,
        })
    }

    /// What a rotation begins with that a call asks for. That the secret can be sealed anew is
    /// seen before RAM makes anything.
    async fn called(
        &self,
        tx: &mut dyn Tx,
        secret: &SecretRecord,
        secret_type: SecretType,
        window: Option<RotationWindow>,
    ) -> Result<Plan, Failure> {
        if secret_type != SecretType::RamCredentials {
            if window.is_some() {
                return Err(no_window().into());
            }
            let kind = Kind::new(Engine::Webhook, false);
            return self.plan_of(secret, kind, Why::Immediate, None);
        }
        let window = self.window(window)?;
        self.check_sealing(tx, secret).await?;
        let why = match window {
            Some(_) => Why::Emergency,
            None => Why::Immediate,
        };
        self.plan_of(secret, Kind::new(Engine::AccessKey, false), why, window)
    }

    /// The window that a call asks for, if it does.
    fn window(&self, window: Option<RotationWindow>) -> Result<Option<SignedDuration>, ApiError> {
        let Some(window) = window else {
            return Ok(None);
        };
        let Windows { least, most, .. } = self.rotation().windows;
        let asked = i64::try_from(window.seconds()).unwrap_or(i64::MAX);
        let asked = SignedDuration::from_secs(asked);
        if (least..=most).contains(&asked) {
            return Ok(Some(asked));
        }
        Err(ApiError::invalid_parameter(
            "RotationWindow",
            format_args!("must be {} to {} seconds", least.as_secs(), most.as_secs()),
        ))
    }

    /// That somebody is configured who rotates the secret.
    pub(super) fn check_rotator(
        &self,
        kind: SecretType,
        secret: &SecretRecord,
    ) -> Result<(), ApiError> {
        let rotators = &self.rotation().rotators;
        if kind == SecretType::RamCredentials
            || rotators.serves(&secret.account, kind, &secret.name)
        {
            return Ok(());
        }
        Err(ApiError::new(
            ErrorCode::UnsupportedOperation,
            "No webhook is configured on this server that rotates this secret.",
        ))
    }
}

/// Whether the version is there, or a rotation makes it or made it: then it was asked for
/// before. One that was given up may be asked for again.
async fn is_known(
    tx: &mut dyn Tx,
    secret: &SecretRecord,
    version: &VersionId,
) -> Result<bool, Failure> {
    if tx.versions().find(secret.id, version).await?.is_some() {
        return Ok(true);
    }
    let made = tx.rotations().of_secret(secret.id, LOOKED_AT).await?;
    Ok(made.iter().any(|one| {
        let is_made = one.version == *version && one.step != journal::FAILED;
        // Values of keys that are gone are gone, too.
        is_made || access_key::replaced(one) == Some(version.clone())
    }))
}

/// What a rotation begins with.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) kind: Kind,
    pub(super) subject: String,
    pub(super) step: &'static str,
    pub(super) body: String,
}

/// Writes a rotation into the journal.
///
/// # Errors
/// `Store` with `Taken` if another one of the secret, or of its user, is under way.
pub(super) async fn begin(
    tx: &mut dyn Tx,
    secret: &SecretRecord,
    plan: Plan,
    version: VersionId,
    now: Timestamp,
) -> Result<(), Failure> {
    let rotation = NewRotation {
        id: random::alphanumeric(32)?.to_string(),
        account: secret.account.clone(),
        secret: secret.id,
        subject: plan.subject,
        version,
        kind: plan.kind.as_str().to_owned(),
        step: plan.step.to_owned(),
        body: plan.body,
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

/// Another rotation of the same user's keys is.
fn under_way(failure: Failure) -> Failure {
    match failure {
        Failure::Store(StoreError::Taken) => ApiError::new(
            ErrorCode::InvalidRequest,
            "The credential is being rotated; try again when that is over.",
        )
        .into(),
        other => other,
    }
}

fn too_many() -> ApiError {
    ApiError::new(
        ErrorCode::LimitExceeded,
        format!("An account's secrets are rotated at most {MOST_AN_HOUR} times an hour."),
    )
}
