use kms_types::SecretRef;
use serde_json::{Map, Value};

use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

const CUSTOM_DATA: &str = "ExtendedConfig.CustomData";

/// Changes a secret's metadata.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdateSecret {
    /// Which secret.
    pub secret_name: SecretRef,
    /// For people; empty: none from now on.
    pub description: Option<String>,
    /// The pairs of `ExtendedConfig.CustomData`, at most 10.
    pub custom_data: Option<Map<String, Value>>,
}

impl Operation for UpdateSecret {
    type Response = response::SecretNamed;

    const ACTION: Action = Action::UpdateSecret;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("SecretName", self.secret_name.to_string());
        params.push_some("Description", self.description.as_deref());
        let custom_data = self.custom_data.as_ref();
        params.push_some(
            CUSTOM_DATA,
            custom_data.and_then(|pairs| serde_json::to_string(pairs).ok()),
        );
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let custom_data = custom_data(fields)?;
        if let Some(pairs) = &custom_data {
            check_custom_data(CUSTOM_DATA, pairs)?;
        }
        Ok(Self {
            secret_name: fields.required("SecretName")?,
            description: params.get("Description").map(str::to_owned),
            custom_data,
        })
    }
}

/// At most 10 pairs (reference kms-api §2.1).
pub(super) fn check_custom_data(name: &str, pairs: &Map<String, Value>) -> Result<(), ApiError> {
    if pairs.len() > 10 {
        return Err(ApiError::invalid_parameter(
            name,
            "holds more than 10 pairs of CustomData",
        ));
    }
    Ok(())
}

/// CustomData in its three spellings: as the documentation has it, inside a whole
/// ExtendedConfig, and flattened into one parameter per pair by the current SDKs
/// (reference kms-api §2).
fn custom_data(fields: Fields<'_>) -> Result<Option<Map<String, Value>>, ApiError> {
    if let Some(pairs) = fields.json(CUSTOM_DATA, "a JSON object")? {
        return Ok(Some(pairs));
    }
    let whole: Option<Map<String, Value>> = fields.json("ExtendedConfig", "a JSON object")?;
    match whole.and_then(|mut config| config.remove("CustomData")) {
        None => {}
        Some(Value::Object(pairs)) => return Ok(Some(pairs)),
        Some(_) => {
            return Err(ApiError::invalid_parameter(
                "ExtendedConfig",
                "needs a JSON object as CustomData",
            ));
        }
    }
    let pairs: Map<String, Value> = fields
        .0
        .iter()
        .filter_map(|(name, value)| {
            let key = name.strip_prefix(CUSTOM_DATA)?.strip_prefix('.')?;
            Some((key.to_owned(), Value::String(value.to_owned())))
        })
        .collect();
    Ok(if pairs.is_empty() { None } else { Some(pairs) })
}
