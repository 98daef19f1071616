//! Whether and when a secret of a managed type gets a new value by itself.

use jiff::{SignedDuration, Timestamp};
use kms_store::{Mode, RotationState, SecretRecord, SecretRotation, Tx};
use kms_types::{AccountId, ErrorCode, SecretName, SecretType};
use kms_wire::{
    Action, ApiError,
    request::{SecretRotationInterval, UpdateSecretRotationPolicy},
    response, write_timestamp,
};

use super::{find::Wish, touch};
use crate::{Caller, Service, failure::Failure};

/// When a rotation is said to be that should have begun.
const SOON: SignedDuration = SignedDuration::from_mins(1);

/// What answers say of a secret's rotation; nothing for Generic.
#[derive(Default)]
pub(super) struct Written {
    pub(super) automatic: Option<String>,
    pub(super) interval: Option<String>,
    pub(super) last: Option<String>,
    pub(super) next: Option<String>,
}

impl Service {
    /// UpdateSecretRotationPolicy.
    pub(crate) async fn update_secret_rotation(
        &self,
        caller: &Caller,
        call: UpdateSecretRotationPolicy,
    ) -> Result<response::SecretNamed, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let now = self.now();
        let wish = Wish {
            caller,
            action: Action::UpdateSecretRotationPolicy,
            target: &target,
            now,
        };
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut secret = self.usable(tx, wish).await?;
                let secret_type = managed_type(&secret)?;
                self.check_interval(call.interval)?;
                check_at_rest(tx, &secret).await?;
                let since = secret.rotation.last.unwrap_or(secret.created);
                secret.rotation = SecretRotation {
                    last: secret.rotation.last,
                    ..self.planned(
                        secret_type,
                        (&secret.account, &secret.name),
                        call.interval,
                        since,
                    )
                };
                touch(tx, secret, now).await
            })
        })
        .await?;
        Ok(response::SecretNamed {
            secret_name: target.name.to_string(),
        })
    }

    /// That the interval is no shorter than this server allows.
    ///
    /// # Errors
    /// `InvalidParameter`.
    pub(super) fn check_interval(
        &self,
        interval: Option<SecretRotationInterval>,
    ) -> Result<(), ApiError> {
        let least = self.rotation().least_interval;
        match interval {
            Some(interval) if length(interval) < least => Err(ApiError::invalid_parameter(
                "RotationInterval",
                format_args!("must be {} seconds at least", least.as_secs()),
            )),
            _ => Ok(()),
        }
    }

    /// The rotation of a secret that was given its value then. The first is an interval after
    /// that; if this is over, at once for a hosted AccessKey, else an interval from now.
    pub(super) fn planned(
        &self,
        secret_type: SecretType,
        (account, name): (&AccountId, &SecretName),
        interval: Option<SecretRotationInterval>,
        since: Timestamp,
    ) -> SecretRotation {
        let Some(interval) = interval else {
            return SecretRotation::default();
        };
        let now = self.now();
        let mut next = [since, now]
            .into_iter()
            .filter_map(|from| from.checked_add(length(interval)).ok());
        let is_hosted = secret_type == SecretType::RamCredentials;
        // An AccessKey that is older than it may be is rotated at once (reference accesskey
        // §1, row 23).
        let next = next.find(|next| *next > now || is_hosted);
        // Who is to be asked for it has to be known.
        let rotators = &self.rotation().rotators;
        let state = if is_hosted || rotators.serves(account, secret_type, name) {
            RotationState::Enabled
        } else {
            RotationState::Invalid
        };
        SecretRotation {
            state,
            interval_seconds: i64::try_from(interval.seconds()).ok(),
            last: None,
            next,
        }
    }
}

/// The type of a secret that is managed.
///
/// # Errors
/// `UnsupportedOperation` for Generic.
pub(crate) fn managed_type(secret: &SecretRecord) -> Result<SecretType, ApiError> {
    secret
        .secret_type
        .parse()
        .ok()
        .filter(|kind: &SecretType| kind.is_managed())
        .ok_or_else(|| {
            ApiError::new(
                ErrorCode::UnsupportedOperation,
                "This action is not supported for this type of secret.",
            )
        })
}

/// That no rotation of the secret is under way.
///
/// # Errors
/// `Rejected.InvalidRequest`.
pub(crate) async fn check_at_rest(tx: &mut dyn Tx, secret: &SecretRecord) -> Result<(), Failure> {
    let newest = tx.rotations().of_secret(secret.id, 1).await?;
    if newest.iter().any(|rotation| rotation.finished.is_none()) {
        return Err(ApiError::new(
            ErrorCode::InvalidRequest,
            "The secret is being rotated; try again when that is over.",
        )
        .into());
    }
    Ok(())
}

/// What answers say.
pub(super) fn written(secret_type: &str, rotation: &SecretRotation, now: Timestamp) -> Written {
    if secret_type == SecretType::Generic.as_str() {
        return Written::default();
    }
    let is_planned = rotation.state != RotationState::Disabled;
    let seconds = rotation.interval_seconds.filter(|_| is_planned);
    let next = rotation
        .next
        .filter(|_| rotation.state == RotationState::Enabled)
        // It is about to be, then: clients that read of a time that is over look again in six
        // hours (reference accesskey §3.4).
        .map(|next| next.max(now.checked_add(SOON).unwrap_or(now)));
    Written {
        automatic: Some(rotation.state.as_str().to_owned()),
        interval: seconds.map(|seconds| format!("{seconds}s")),
        last: rotation.last.map(write_timestamp),
        next: next.map(write_timestamp),
    }
}

fn length(interval: SecretRotationInterval) -> SignedDuration {
    SignedDuration::from_secs(i64::try_from(interval.seconds()).unwrap_or(i64::MAX))
}
