use async_trait::async_trait;
use k8s_openapi::api::{
    authentication::v1::{TokenRequest, TokenRequestSpec},
    core::v1::ServiceAccount,
};
use kms_types::Secret;
use kube::{Api, Client, api::PostParams};

use crate::backend::IssueToken;

/// Tokens of ServiceAccounts, by the API server's TokenRequest.
pub(super) struct ClusterTokens(pub(super) Client);

/// Long enough for STS to look at it, in seconds; the shortest that Kubernetes takes.
const VALIDITY: i64 = 600;

// === impl ClusterTokens ===

#[async_trait]
impl IssueToken for ClusterTokens {
    async fn token(
        &self,
        namespace: &str,
        service_account: &str,
        audiences: &[String],
    ) -> Result<Secret<String>, String> {
        let accounts: Api<ServiceAccount> = Api::namespaced(self.0.clone(), namespace);
        let request = TokenRequest {
            spec: TokenRequestSpec {
                audiences: audiences.to_vec(),
                expiration_seconds: Some(VALIDITY),
                bound_object_ref: None,
            },
            ..TokenRequest::default()
        };
        let issued = accounts
            .create_token_request(service_account, &PostParams::default(), &request)
            .await
            .map_err(|error| {
                format!("no token for ServiceAccount {namespace}/{service_account}: {error}")
            })?;
        let status = issued.status.ok_or("the API server sent no token")?;
        Ok(Secret::new(status.token))
    }
}
