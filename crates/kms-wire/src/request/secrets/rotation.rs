use kms_types::{SecretRef, VersionId};

use crate::{
    ApiError, Params,
    request::{
        Action, Operation, RotationWindow, SecretRotationInterval, fields::Fields,
        keys::operations, param::Param,
    },
    response,
};

operations! {
    /// Makes a new value for a secret of a managed type, and gives it to what the secret
    /// opens.
    RotateSecret -> RotateSecret {
        /// Which secret.
        secret_name: SecretRef = "SecretName",
        /// The new version's id; one that exists: the rotation was asked for before.
        version_id: VersionId = "VersionId",
        /// How long the value before stays good, where that is this server's to say (RAM
        /// credentials). The cloud's API has no such parameter, only its console does
        /// (reference accesskey §1, row 24).
        window: Option<RotationWindow> = "RotationWindow",
        /// Looks whether the rotation could be done, and changes nothing.
        dry_run: bool = "DryRun",
    }
}

/// Lets a secret of a managed type rotate by itself, or no longer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdateSecretRotationPolicy {
    /// Which secret.
    pub secret_name: SecretRef,
    /// How often; none: not by itself.
    pub interval: Option<SecretRotationInterval>,
}

impl Operation for UpdateSecretRotationPolicy {
    type Response = response::SecretNamed;

    const ACTION: Action = Action::UpdateSecretRotationPolicy;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("SecretName", self.secret_name.to_string());
        params.push(
            "EnableAutomaticRotation",
            self.interval.is_some().to_string(),
        );
        self.interval.write(&mut params, "RotationInterval");
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        fields.required_text("EnableAutomaticRotation")?;
        Ok(Self {
            secret_name: fields.required("SecretName")?,
            interval: automatic(fields)?,
        })
    }
}

/// EnableAutomaticRotation with its RotationInterval, which counts only beside `true` and
/// must be there then (reference kms-api §2).
pub(super) fn automatic(fields: Fields<'_>) -> Result<Option<SecretRotationInterval>, ApiError> {
    if fields.flag("EnableAutomaticRotation", false)? {
        fields.required("RotationInterval").map(Some)
    } else {
        Ok(None)
    }
}
