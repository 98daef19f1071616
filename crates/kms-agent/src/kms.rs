//! KMS itself as the [`Upstream`]: kms-client with the credentials of the default chain.

use std::sync::Arc;

use async_trait::async_trait;
use kms_types::{Clock, Env};
use kms_wire::response::GetSecretValue;
use thiserror::Error;

use crate::{KmsSettings, SecretRequest, Upstream, UpstreamError};

/// Why the way to KMS cannot be set up.
#[derive(Debug, Error)]
pub enum KmsError {
    /// Not built yet.
    #[error("not built yet")]
    Pending,
}

/// The upstream that these settings name.
///
/// # Errors
/// [`KmsError`].
#[expect(clippy::unnecessary_wraps, reason = "the client's set-up can fail")]
pub(crate) fn upstream(
    _settings: &KmsSettings,
    _env: &Env,
    _clock: Arc<dyn Clock>,
) -> Result<Arc<dyn Upstream>, KmsError> {
    Ok(Arc::new(Pending))
}

struct Pending;

#[async_trait]
impl Upstream for Pending {
    async fn fetch(&self, _request: &SecretRequest) -> Result<GetSecretValue, UpstreamError> {
        Err(UpstreamError::Timeout)
    }
}
