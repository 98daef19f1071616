//! What stores are opened in: the operator's own settings and its ways out.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use kms_client::Endpoint;
use kms_credentials::{Exchange, Surroundings};
use kms_types::{Clock, Env, Secret};
use tokio::time::timeout;

use super::{ServiceAccount, Ways};
use crate::settings::{OwnIdentity, RemoteSettings};

/// The operator's settings, as far as they say whom to ask, where and as whom.
pub struct Around {
    /// Where secrets are, and who may be asked.
    pub remote: RemoteSettings,
    /// What the operator is without a store.
    pub own: OwnIdentity,
    /// The process's variables. Of them, sources of credentials see where STS and the metadata
    /// service are, and nothing else: the operator's own identity is not the stores'.
    pub env: Env,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who issues tokens for ServiceAccounts.
    pub tokens: Arc<dyn IssueToken>,
    /// The ways out.
    pub ways: Arc<dyn Ways>,
}

/// Issues tokens for ServiceAccounts: TokenRequest of Kubernetes.
#[async_trait]
pub trait IssueToken: Send + Sync {
    /// A token of this ServiceAccount for these audiences.
    ///
    /// # Errors
    /// Why there is none now, in a sentence that holds no token.
    async fn token(
        &self,
        namespace: &str,
        service_account: &str,
        audiences: &[String],
    ) -> Result<Secret<String>, String>;
}

/// Variables that say where STS and the metadata service are.
const SERVICES: [&str; 4] = [
    "KMS_STS_ENDPOINT",
    "KMS_IMDS_ENDPOINT",
    "ALIBABA_CLOUD_ECS_METADATA_DISABLED",
    "ALIBABA_CLOUD_IMDSV1_DISABLED",
];

/// An API server that does not answer must not hold up all who wait for the same credentials.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tokens of one ServiceAccount.
pub(super) struct TokensOf {
    issuer: Arc<dyn IssueToken>,
    account: ServiceAccount,
}

// === impl Around ===

impl Around {
    /// What sources of credentials see.
    pub(super) fn surroundings(&self, http: Arc<dyn Exchange>) -> Surroundings {
        let services = SERVICES
            .into_iter()
            .filter_map(|name| Some((name, self.env.get(name)?)));
        Surroundings::new(services.collect(), http, Arc::clone(&self.clock))
    }

    /// The provider of the cluster's tokens, as ACK names it (reference k8s-sync §1.4).
    pub(super) fn oidc_provider_arn(&self) -> Option<String> {
        let (account, cluster) = (self.remote.account.as_ref()?, self.remote.cluster.as_ref()?);
        Some(format!(
            "acs:ram::{account}:oidc-provider/ack-rrsa-{cluster}"
        ))
    }

    /// STS, if it is not the region's: a cloud of one's own serves it where KMS is.
    pub(super) fn sts_endpoint(&self) -> Option<Endpoint> {
        if self.env.get("KMS_STS_ENDPOINT").is_some() {
            return None;
        }
        let own = self.remote.kms_endpoint.clone();
        own.filter(|own| !own.is_cloud())
    }

    pub(super) fn tokens_of(&self, account: ServiceAccount) -> TokensOf {
        TokensOf {
            issuer: Arc::clone(&self.tokens),
            account,
        }
    }
}

// === impl TokensOf ===

#[async_trait]
impl kms_credentials::IssueToken for TokensOf {
    async fn token(&self) -> Result<Secret<String>, String> {
        let ServiceAccount {
            namespace,
            name,
            audiences,
        } = &self.account;
        timeout(PATIENCE, self.issuer.token(namespace, name, audiences))
            .await
            .unwrap_or_else(|_elapsed| {
                Err(format!(
                    "the API server issues none for the ServiceAccount {namespace}/{name} within \
                     {} s",
                    PATIENCE.as_secs()
                ))
            })
    }
}
