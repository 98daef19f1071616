use kms_types::{SecretRef, VersionId, VersionStage};

use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

/// Moves or removes a stage label.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdateSecretVersionStage {
    /// Which secret.
    pub secret_name: SecretRef,
    /// Which label.
    pub version_stage: VersionStage,
    /// To which version; there for `ACSCurrent` and `ACSPrevious`, which are never removed.
    pub move_to: Option<VersionId>,
    /// From which version; there if `move_to` is not.
    pub remove_from: Option<VersionId>,
}

impl Operation for UpdateSecretVersionStage {
    type Response = response::SecretNamed;

    const ACTION: Action = Action::UpdateSecretVersionStage;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("SecretName", self.secret_name.to_string());
        params.push("VersionStage", self.version_stage.as_str());
        params.push_some(
            "MoveToVersion",
            self.move_to.as_ref().map(VersionId::as_str),
        );
        params.push_some(
            "RemoveFromVersion",
            self.remove_from.as_ref().map(VersionId::as_str),
        );
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let version_stage: VersionStage = fields.required("VersionStage")?;
        let move_to = fields.optional("MoveToVersion")?;
        let remove_from = fields.optional("RemoveFromVersion")?;
        if move_to.is_none() && (remove_from.is_none() || version_stage.is_built_in()) {
            return Err(ApiError::missing_parameter("MoveToVersion"));
        }
        Ok(Self {
            secret_name: fields.required("SecretName")?,
            version_stage,
            move_to,
            remove_from,
        })
    }
}
