use kms_types::{DataType, Secret, SecretRef, VersionId, VersionStage};

use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

/// Reads a secret's value.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct GetSecretValue {
    /// Which secret.
    pub secret_name: SecretRef,
    /// Which version.
    pub version_id: Option<VersionId>,
    /// Which stage; `ACSCurrent` if neither is given.
    pub version_stage: Option<VersionStage>,
    /// With ExtendedConfig.
    pub fetch_extended_config: bool,
    /// Only check.
    pub dry_run: bool,
}

/// Adds a version.
#[derive(Clone, Debug)]
pub struct PutSecretValue {
    /// Which secret.
    pub secret_name: SecretRef,
    /// The value, at most 30,720 bytes.
    pub secret_data: Secret<String>,
    /// The version's id; the same id with the same value succeeds again.
    pub version_id: VersionId,
    /// Text unless given.
    pub data_type: DataType,
    /// The stages to move to it, 1 to 8; `ACSCurrent` unless given.
    pub version_stages: Option<Vec<VersionStage>>,
}

impl GetSecretValue {
    /// Of the version that stands at `ACSCurrent`, and nothing beside it.
    pub fn new(secret_name: SecretRef) -> Self {
        Self {
            secret_name,
            version_id: None,
            version_stage: None,
            fetch_extended_config: false,
            dry_run: false,
        }
    }
}

impl Operation for GetSecretValue {
    type Response = response::GetSecretValue;

    const ACTION: Action = Action::GetSecretValue;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("SecretName", self.secret_name.to_string());
        params.push_some("VersionId", self.version_id.as_ref().map(VersionId::as_str));
        params.push_some(
            "VersionStage",
            self.version_stage.as_ref().map(VersionStage::as_str),
        );
        params.push_some(
            "FetchExtendedConfig",
            self.fetch_extended_config.then_some("true"),
        );
        params.push_some("DryRun", self.dry_run.then_some("true"));
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            secret_name: fields.required("SecretName")?,
            version_id: fields.optional("VersionId")?,
            version_stage: fields.optional("VersionStage")?,
            fetch_extended_config: fields.flag("FetchExtendedConfig", false)?,
            dry_run: fields.flag("DryRun", false)?,
        })
    }
}

impl Operation for PutSecretValue {
    type Response = response::PutSecretValue;

    const ACTION: Action = Action::PutSecretValue;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("SecretName", self.secret_name.to_string());
        // EXPOSE: into the request that stores it; `Params` wipes it.
        params.push("SecretData", self.secret_data.expose().as_str());
        params.push("VersionId", self.version_id.as_str());
        params.push("SecretDataType", self.data_type.as_str());
        let stages = self.version_stages.as_ref();
        params.push_some(
            "VersionStages",
            stages.and_then(|stages| serde_json::to_string(stages).ok()),
        );
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let (secret_data, data_type) = fields.secret_data()?;
        Ok(Self {
            secret_name: fields.required("SecretName")?,
            secret_data,
            version_id: fields.required("VersionId")?,
            data_type,
            version_stages: version_stages(fields)?,
        })
    }
}

/// 1 to 8 different labels: a secret has no more than 8 in all (reference kms-api §2.1).
fn version_stages(fields: Fields<'_>) -> Result<Option<Vec<VersionStage>>, ApiError> {
    const NAME: &str = "VersionStages";
    let Some(stages) = fields.json::<Vec<VersionStage>>(NAME, "a JSON array of stage labels")?
    else {
        return Ok(None);
    };
    if !(1..=8).contains(&stages.len()) {
        return Err(ApiError::invalid_parameter(NAME, "must hold 1 to 8 labels"));
    }
    let mut sorted: Vec<&VersionStage> = stages.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() != stages.len() {
        return Err(ApiError::invalid_parameter(NAME, "has one label twice"));
    }
    Ok(Some(stages))
}
