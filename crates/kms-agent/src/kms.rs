//! KMS itself as the [`Upstream`]: kms-client with the credentials of the default chain, or
//! with a ClientKey.

use std::sync::Arc;

use async_trait::async_trait;
use kms_client::{
    CallError, Client, Endpoint, Identity, ParseEndpointError, Transport, TransportError,
};
use kms_credentials::{
    ClientKey, ClientKeyError, ClientKeyPassword, CredentialsError, DefaultCredentials,
    Surroundings,
};
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

/// The upstream that these settings name, with the identity that they, `env` and this
/// machine give.
///
/// # Errors
/// [`KmsError`].
pub(crate) fn upstream(
    settings: &KmsSettings,
    env: &Env,
    clock: Arc<dyn Clock>,
) -> Result<Arc<dyn Upstream>, KmsError> {
    let endpoint: Endpoint = settings.endpoint.parse()?;
    let ca_file = settings.ca_file.as_deref();
    let to_kms = Arc::new(if endpoint.is_instance() {
        Transport::for_instances(env, &settings.region.parse()?, ca_file)?
    } else {
        Transport::new(env, ca_file)?
    });
    let identity = if let Some(key) = client_key(settings, env)? {
        Identity::from(key)
    } else {
        // STS and the rest show certificates of the public CAs, also to those who read
        // from an instance.
        let to_sts = if endpoint.is_instance() {
            Arc::new(Transport::new(env, ca_file)?)
        } else {
            Arc::clone(&to_kms)
        };
        let around = Surroundings::new(env.clone(), to_sts, Arc::clone(&clock));
        Identity::from(Arc::new(DefaultCredentials::new(around)))
    };
    let client = Client::builder(endpoint, identity, to_kms)
        .clock(clock)
        .user_agent(concat!(
            "alibabacloud-kms-agent/",
            env!("CARGO_PKG_VERSION")
        ))
        .build();
    Ok(Arc::new(Kms { client }))
}

fn client_key(settings: &KmsSettings, env: &Env) -> Result<Option<ClientKey>, KmsError> {
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
    Ok(Some(ClientKey::read(file, &password)?))
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

#[cfg(test)]
mod tests;
