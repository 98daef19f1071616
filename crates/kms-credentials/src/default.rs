use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    Credentials, CredentialsError, ProvideCredentials, Surroundings, cache::Cached, chain::Chain,
};

/// The default credential chain: found, kept, renewed before their end.
///
/// In the official order (reference kms-api §6.1): environment, OIDC (RRSA), the CLI's
/// configuration, the INI file, the ECS role, the credentials URI. Needs a Tokio runtime.
pub struct DefaultCredentials(Cached);

// === impl DefaultCredentials ===

impl DefaultCredentials {
    /// The chain in these surroundings. Nothing is read before the first call.
    pub fn new(around: Surroundings) -> Self {
        let clock = Arc::clone(&around.clock);
        Self(Cached::new(Chain::new(around), clock))
    }
}

#[async_trait]
impl ProvideCredentials for DefaultCredentials {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        self.0.credentials().await
    }

    async fn refused(&self, credentials: &Credentials) -> bool {
        self.0.refused(credentials).await
    }
}
