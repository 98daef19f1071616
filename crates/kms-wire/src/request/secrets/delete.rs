use kms_types::SecretRef;

use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

/// Plans a secret's deletion, or deletes it at once.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeleteSecret {
    /// Which secret.
    pub secret_name: SecretRef,
    /// At once, no way back.
    pub force: bool,
    /// 7 to 30 days, 30 unless given; none with `force` (Terraform may send both, and
    /// force wins).
    pub recovery_window_days: Option<u32>,
}

/// Takes a secret back from deletion.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RestoreSecret {
    /// Which secret.
    pub secret_name: SecretRef,
}

impl Operation for DeleteSecret {
    type Response = response::DeleteSecret;

    const ACTION: Action = Action::DeleteSecret;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("SecretName", self.secret_name.to_string());
        if self.force {
            params.push("ForceDeleteWithoutRecovery", "true");
        } else {
            let days = self.recovery_window_days.map(|days| days.to_string());
            params.push_some("RecoveryWindowInDays", days);
        }
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let secret_name = fields.required("SecretName")?;
        let force = fields.flag("ForceDeleteWithoutRecovery", false)?;
        let recovery_window_days = if force {
            None
        } else {
            fields.number("RecoveryWindowInDays", 7..=30)?
        };
        Ok(Self {
            secret_name,
            force,
            recovery_window_days,
        })
    }
}

impl Operation for RestoreSecret {
    type Response = response::SecretNamed;

    const ACTION: Action = Action::RestoreSecret;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("SecretName", self.secret_name.to_string());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        Ok(Self {
            secret_name: Fields(params).required("SecretName")?,
        })
    }
}
