use kms_types::{SecretRef, VersionId, VersionStage};
use serde::{Deserialize, Serialize};

use super::GetSecretValue;
use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

/// Reads the values of several secrets in one call.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BatchGetSecretValue {
    /// Which, 1 to 20, each as GetSecretValue reads it.
    pub secrets: Vec<GetSecretValue>,
}

/// An element of `SecretsList`, as the SDKs write it.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Wanted {
    secret_name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    version_id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    version_stage: String,
    #[serde(default, skip_serializing_if = "Flag::is_off")]
    fetch_extended_config: Flag,
}

/// True or false; the SDKs' models have it as text.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Text(String),
}

/// How many secrets one call may name.
const MOST: usize = 20;

const NAME: &str = "SecretsList";

impl Operation for BatchGetSecretValue {
    type Response = response::BatchGetSecretValue;

    const ACTION: Action = Action::BatchGetSecretValue;

    fn to_params(&self) -> Params {
        let list: Vec<Wanted> = self.secrets.iter().map(Wanted::from).collect();
        let mut params = Params::default();
        params.push_some(NAME, serde_json::to_string(&list).ok());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let list: Vec<Wanted> = Fields(params)
            .json(NAME, "a JSON array of objects with SecretName")?
            .ok_or_else(|| ApiError::missing_parameter(NAME))?;
        if !(1..=MOST).contains(&list.len()) {
            return Err(ApiError::invalid_parameter(
                NAME,
                "must name 1 to 20 secrets",
            ));
        }
        Ok(Self {
            secrets: list
                .into_iter()
                .map(Wanted::read)
                .collect::<Result<_, _>>()?,
        })
    }
}

// === impl Wanted ===

impl From<&GetSecretValue> for Wanted {
    fn from(call: &GetSecretValue) -> Self {
        let text = |stage: &VersionStage| stage.to_string();
        Self {
            secret_name: call.secret_name.to_string(),
            version_id: call
                .version_id
                .as_ref()
                .map(VersionId::to_string)
                .unwrap_or_default(),
            version_stage: call.version_stage.as_ref().map(text).unwrap_or_default(),
            fetch_extended_config: Flag::Bool(call.fetch_extended_config),
        }
    }
}

impl Wanted {
    fn read(self) -> Result<GetSecretValue, ApiError> {
        fn optional<T: std::str::FromStr<Err: std::fmt::Display>>(
            text: &str,
        ) -> Result<Option<T>, ApiError> {
            (!text.is_empty())
                .then(|| text.parse())
                .transpose()
                .map_err(|reason| ApiError::invalid_parameter(NAME, reason))
        }
        let secret_name: SecretRef =
            optional(&self.secret_name)?.ok_or_else(|| ApiError::missing_parameter(NAME))?;
        Ok(GetSecretValue {
            version_id: optional(&self.version_id)?,
            version_stage: optional(&self.version_stage)?,
            fetch_extended_config: self.fetch_extended_config.read().ok_or_else(|| {
                ApiError::invalid_parameter(NAME, "needs true or false as FetchExtendedConfig")
            })?,
            ..GetSecretValue::new(secret_name)
        })
    }
}

// === impl Flag ===

impl Default for Flag {
    fn default() -> Self {
        Self::Bool(false)
    }
}

impl Flag {
    fn is_off(&self) -> bool {
        self.read() == Some(false)
    }

    fn read(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            Self::Text(text) if text.is_empty() || text.eq_ignore_ascii_case("false") => {
                Some(false)
            }
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Self::Text(_) => None,
        }
    }
}
