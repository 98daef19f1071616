//! Asks KMS once before the agent serves: a wrong identity or endpoint shows at the
//! start and not at the first secret (seed 002).

use std::{fmt, time::Duration};

use kms_types::{ParseNameError, SecretRef};
use thiserror::Error;
use tokio::time::{sleep, timeout};

use crate::{SecretRequest, Upstream, UpstreamError};

/// What proves identity and connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Proof {
    /// What KMS answered: `Forbidden.ResourceNotFound` as a rule.
    pub answer: String,
}

/// Why the agent must not start.
#[derive(Debug, Error)]
pub enum SelfCheckError {
    /// No credentials, or KMS does not know them.
    #[error("{0}")]
    Identity(UpstreamError),
    /// KMS does not answer, or only with errors of its own.
    #[error("{0}")]
    Unreachable(UpstreamError),
    /// KMS does not answer, and does not refuse either.
    #[error("KMS did not answer within {} s", .0.as_secs())]
    Timeout(Duration),
    /// Never: the name is ours.
    #[error("the name asked for is no name")]
    Name(#[from] ParseNameError),
}

/// A name that need not exist: that it is not found, or not allowed, is proof enough, for
/// seed 000's policy allows one secret only.
const NAME: &str = "alibabacloud-kms-agent/self-check";

/// Pauses between attempts, beside the client's own retries.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];

/// For all attempts together: well within systemd's 90 s to start.
const LIMIT: Duration = Duration::from_secs(45);

/// Calls KMS until it has an opinion on this machine's identity.
///
/// # Errors
/// [`SelfCheckError`].
pub async fn run(upstream: &dyn Upstream) -> Result<Proof, SelfCheckError> {
    limited(upstream, &PAUSES).await
}

/// The same, without trying again.
///
/// # Errors
/// [`SelfCheckError`].
pub async fn once(upstream: &dyn Upstream) -> Result<Proof, SelfCheckError> {
    limited(upstream, &[]).await
}

async fn limited(upstream: &dyn Upstream, pauses: &[Duration]) -> Result<Proof, SelfCheckError> {
    let request = SecretRequest {
        secret: NAME.parse::<SecretRef>()?,
        version_id: None,
        version_stage: None,
    };
    timeout(LIMIT, attempts(upstream, &request, pauses))
        .await
        .unwrap_or(Err(SelfCheckError::Timeout(LIMIT)))
}

async fn attempts(
    upstream: &dyn Upstream,
    request: &SecretRequest,
    pauses: &[Duration],
) -> Result<Proof, SelfCheckError> {
    let mut pauses = pauses.iter().copied();
    loop {
        let reason = match upstream.fetch(request).await {
            Ok(_value) => return Ok(Proof::new("a value")),
            Err(reason) => reason,
        };
        if reason.is_transient() {
            let Some(pause) = pauses.next() else {
                return Err(SelfCheckError::Unreachable(reason));
            };
            tracing::warn!(error = %reason, retryInSeconds = pause.as_secs(), "KMS cannot be reached yet");
            sleep(pause).await;
            continue;
        }
        return match &reason {
            UpstreamError::Refused { code, .. } if proves_identity(code) => Ok(Proof::new(code)),
            _ => Err(SelfCheckError::Identity(reason)),
        };
    }
}

/// KMS looks for the secret, and for the right to it, only after the signature was right.
fn proves_identity(code: &str) -> bool {
    code.starts_with("Forbidden.") || code.starts_with("Rejected.") || code == "Forbidden"
}

impl Proof {
    fn new(answer: &str) -> Self {
        Self {
            answer: answer.to_owned(),
        }
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.answer)
    }
}

#[cfg(test)]
mod tests;
