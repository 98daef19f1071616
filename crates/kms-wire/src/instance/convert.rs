//! The same request and answer on both gateways.

use kms_types::{DataType, Secret};
use zeroize::Zeroize;

use super::message;
use crate::{ApiError, Operation, Params, request, response};

impl From<&request::GetSecretValue> for message::GetSecretValueRequest {
    fn from(request: &request::GetSecretValue) -> Self {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Self {
            secret_name: request.secret_name.to_string(),
            version_stage: text(
                request
                    .version_stage
                    .as_ref()
                    .map(kms_types::VersionStage::as_str),
            ),
            version_id: text(
                request
                    .version_id
                    .as_ref()
                    .map(kms_types::VersionId::as_str),
            ),
            fetch_extended_config: request.fetch_extended_config,
        }
    }
}

/// Under the same rules as on the OpenAPI gateway.
impl TryFrom<&message::GetSecretValueRequest> for request::GetSecretValue {
    type Error = ApiError;

    fn try_from(message: &message::GetSecretValueRequest) -> Result<Self, ApiError> {
        let mut params = Params::default();
        params.push("SecretName", message.secret_name.as_str());
        params.push("VersionStage", message.version_stage.as_str());
        params.push("VersionId", message.version_id.as_str());
        params.push(
            "FetchExtendedConfig",
            message.fetch_extended_config.to_string(),
        );
        Self::from_params(&params)
    }
}

impl From<&response::GetSecretValue> for message::GetSecretValueResponse {
    fn from(answer: &response::GetSecretValue) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            secret_name: answer.secret_name.clone(),
            secret_type: answer.secret_type.clone(),
            // EXPOSE: into the answer to a caller who was allowed to read it.
            secret_data: answer.secret_data.expose().clone(),
            secret_data_type: answer.secret_data_type.as_str().to_owned(),
            version_stages: answer.version_stages.version_stage.clone(),
            version_id: answer.version_id.clone(),
            create_time: answer.create_time.clone(),
            request_id: answer.request_id.clone(),
            last_rotation_date: text(&answer.last_rotation_date),
            next_rotation_date: text(&answer.next_rotation_date),
            extended_config: text(&answer.extended_config),
            automatic_rotation: text(&answer.automatic_rotation),
            rotation_interval: text(&answer.rotation_interval),
        }
    }
}

impl From<message::GetSecretValueResponse> for response::GetSecretValue {
    fn from(mut message: message::GetSecretValueResponse) -> Self {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let secret_data = Secret::from(message.secret_data.as_str());
        message.secret_data.zeroize();
        Self {
            secret_name: message.secret_name.clone(),
            secret_type: message.secret_type.clone(),
            secret_data,
            secret_data_type: match message.secret_data_type.as_str() {
                "binary" => DataType::Binary,
                _ => DataType::Text,
            },
            version_id: message.version_id.clone(),
            version_stages: response::VersionStages {
                version_stage: message.version_stages.clone(),
            },
            create_time: message.create_time.clone(),
            automatic_rotation: some(&message.automatic_rotation),
            rotation_interval: some(&message.rotation_interval),
            next_rotation_date: some(&message.next_rotation_date),
            last_rotation_date: some(&message.last_rotation_date),
            extended_config: some(&message.extended_config),
            request_id: message.request_id.clone(),
        }
    }
}
