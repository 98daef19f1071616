//! KMS itself as the [`Upstream`]: kms-client with the credentials of the default chain, or
//! with a ClientKey.

use std::sync::Arc;

use async_trait::async_trait;
use kms_client::{
    CallError, Client, ClientKeyError, ClientKeyFile, ClientKeyPassword, Connection,
    ParseEndpointError, TransportError,
};
use kms_credentials::CredentialsError;
use kms_types::{Clock, Env, ParseIdError, Secret};
use kms_wire::{request, response::GetSecretValue};
use thiserror::Error;

use crate::{KmsSettings, SecretRequest, Upstream, UpstreamError};

/// Why the way to KMS cannot be set up.
#[derive(Debug, Error)]
pub enum KmsError {
    /// The endpoint is none.
    #[error("Endpoint {0}")]
    Endpoint(#[from] ParseEndpointError),
    /// The region is none.
    #[error("Region is {0}")]
    Region(#[from] ParseIdError),
    /// CA files, proxy variables, TLS.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The ClientKey's file or its password's.
    #[error("ClientKeyFile or ClientKeyPasswordFile: {0}")]
    ClientKey(#[from] ClientKeyError),
    /// A ClientKey without a password.
    #[error("ClientKeyFile needs a password: set ClientKeyPasswordFile or {PASSWORD}")]
    NoPassword,
    /// A password without a ClientKey.
    #[error("ClientKeyPasswordFile is set, but ClientKeyFile is not")]
    NoKey,
}

/// The password of the ClientKey, if no file has it.
const PASSWORD: &str = "KMS_CLIENT_KEY_PASSWORD";

/// The client that these settings name, with the identity that they, `env` and this machine
/// give.
///
/// # Errors
/// [`KmsError`].
pub(crate) fn client(
    settings: &KmsSettings,
    env: &Env,
    clock: Arc<dyn Clock>,
) -> Result<Client, KmsError> {
    let mut connection = Connection::new(env.clone(), settings.region.parse()?)
        .endpoint(settings.endpoint.parse()?)
        .client_key(client_key(settings, env, &clock)?)
        .clock(clock);
    if let Some(path) = &settings.ca_file {
        connection = connection.ca_file(path);
    }
    Ok(connection
        .builder()?
        .user_agent(concat!(
            "alibabacloud-kms-agent/",
            env!("CARGO_PKG_VERSION")
        ))
        .build())
}

/// As the agent asks it.
pub(crate) fn upstream(client: Client) -> Arc<dyn Upstream> {
    Arc::new(Kms { client })
}

fn client_key(
    settings: &KmsSettings,
    env: &Env,
    clock: &Arc<dyn Clock>,
) -> Result<Option<ClientKeyFile>, KmsError> {
    let password_file = settings.client_key_password_file.as_ref();
    let Some(file) = &settings.client_key_file else {
        return match password_file {
            Some(_) => Err(KmsError::NoKey),
            None => Ok(None),
        };
    };
    let password = match (password_file, env.get(PASSWORD)) {
        (Some(path), _) => ClientKeyPassword::File(path.clone()),
        (None, Some(password)) => ClientKeyPassword::Value(Secret::from(password)),
        (None, None) => return Err(KmsError::NoPassword),
    };
    Ok(Some(ClientKeyFile::open(
        file,
        password,
        Arc::clone(clock),
    )?))
}

struct Kms {
    client: Client,
}

// === impl Kms ===

#[async_trait]
impl Upstream for Kms {
    async fn fetch(&self, request: &SecretRequest) -> Result<GetSecretValue, UpstreamError> {
        let operation = request::GetSecretValue {
            version_id: request.version_id.clone(),
            version_stage: request.version_stage.clone(),
            ..request::GetSecretValue::new(request.secret.clone())
        };
        Ok(self.client.call(&operation).await?)
    }
}

// === impl UpstreamError ===

impl From<CallError> for UpstreamError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Service {
                status,
                code,
                message,
                request_id,
            } => Self::Refused {
                status,
                code,
                message,
                request_id,
            },
            CallError::Timeout { .. } => Self::Timeout,
            CallError::Credentials(reason) => Self::Credentials {
                transient: matches!(reason, CredentialsError::Unreachable { .. }),
                reason: reason.to_string(),
            },
            other => Self::Unreachable {
                reason: other.to_string(),
            },
        }
    }
}

#[cfg(test)]
mod tests;
