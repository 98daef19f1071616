//! KMS itself as the [`Upstream`]: kms-client with the credentials of the default chain.

use std::sync::Arc;

use async_trait::async_trait;
use kms_client::{CallError, Client, Endpoint, ParseEndpointError, Transport, TransportError};
use kms_credentials::{CredentialsError, DefaultCredentials, Surroundings};
use kms_types::{Clock, Env};
use kms_wire::{request, response::GetSecretValue};
use thiserror::Error;

use crate::{KmsSettings, SecretRequest, Upstream, UpstreamError};

/// Why the way to KMS cannot be set up.
#[derive(Debug, Error)]
pub enum KmsError {
    /// The endpoint is none.
    #[error("Endpoint {0}")]
    Endpoint(#[from] ParseEndpointError),
    /// CA files, proxy variables, TLS.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// The upstream that these settings name, with the identity that `env` and this machine
/// give.
///
/// # Errors
/// [`KmsError`].
pub(crate) fn upstream(
    settings: &KmsSettings,
    env: &Env,
    clock: Arc<dyn Clock>,
) -> Result<Arc<dyn Upstream>, KmsError> {
    let endpoint: Endpoint = settings.endpoint.parse()?;
    let transport = Arc::new(Transport::new(env, settings.ca_file.as_deref())?);
    let around = Surroundings::new(env.clone(), transport.clone(), Arc::clone(&clock));
    let credentials = Arc::new(DefaultCredentials::new(around));
    let client = Client::builder(endpoint, credentials, transport)
        .clock(clock)
        .user_agent(concat!(
            "alibabacloud-kms-agent/",
            env!("CARGO_PKG_VERSION")
        ))
        .build();
    Ok(Arc::new(Kms { client }))
}

struct Kms {
    client: Client,
}

// === impl Kms ===

#[async_trait]
impl Upstream for Kms {
    async fn fetch(&self, request: &SecretRequest) -> Result<GetSecretValue, UpstreamError> {
        let operation = request::GetSecretValue {
            secret_name: request.secret.clone(),
            version_id: request.version_id.clone(),
            version_stage: request.version_stage.clone(),
            fetch_extended_config: false,
            dry_run: false,
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
