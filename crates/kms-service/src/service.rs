use std::sync::Arc;

use jiff::Timestamp;
use kms_crypto::Keyring;
use kms_store::{Mode, Scope, Store, Work, run_tx};
use kms_types::{Clock, RegionId};
use kms_wire::{ApiError, Request, Response};

use crate::{Caller, NonceHistory, authenticate::Nonces, failure::Failure};

/// What a service stands on.
#[derive(Clone)]
pub struct Parts {
    /// Where records lie.
    pub store: Arc<dyn Store>,
    /// What seals them; see [`crate::unlock()`].
    pub keyring: Keyring,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The region that this server answers as.
    pub region: RegionId,
}

/// The KMS behind every gateway. Cheap to clone.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    parts: Parts,
    nonces: Nonces,
}

/// How many nonces are remembered unless told otherwise: 4,400 calls a second, all the
/// time, in about 80 MB; a quiet server needs a few kilobytes.
const NONCES: usize = 4_000_000;

impl Service {
    /// Puts a service on its parts.
    pub fn new(parts: Parts) -> Self {
        Self::with_nonce_limit(parts, NONCES)
    }

    /// As [`Service::new`], with another bound for remembered nonces. When it is
    /// reached, calls are throttled; no nonce is forgotten early.
    pub fn with_nonce_limit(parts: Parts, nonces: usize) -> Self {
        Self::with_nonces(parts, Nonces::new(nonces))
    }

    /// As [`Service::new`], and no call of the runs before can be played again either.
    pub fn with_nonce_history(parts: Parts, history: NonceHistory) -> Self {
        Self::with_nonces(parts, Nonces::with_history(NONCES, history))
    }

    fn with_nonces(parts: Parts, nonces: Nonces) -> Self {
        Self(Arc::new(Inner { parts, nonces }))
    }

    /// Does what is asked, if the caller may.
    ///
    /// # Errors
    /// The codes of the action (reference kms-api §1.8, §2).
    pub async fn call(&self, caller: &Caller, request: Request) -> Result<Response, ApiError> {
        self.run(caller, request)
            .await
            .map_err(Failure::into_api_error)
    }

    async fn run(&self, caller: &Caller, request: Request) -> Result<Response, Failure> {
        use Response as R;
        Self::check_gateway(caller, request.action())?;
        Ok(match request {
            Request::CreateOIDCProvider(call) => {
                R::OidcProviderAnswer(self.create_oidc_provider(caller, call).await?)
            }
            Request::CreateRole(call) => R::RoleAnswer(self.create_role(caller, call).await?),
            Request::CreateSecret(call) => R::CreateSecret(self.create_secret(caller, call).await?),
            Request::DeleteOIDCProvider(call) => {
                R::Empty(self.delete_oidc_provider(caller, call).await?)
            }
            Request::DeleteRole(call) => R::Empty(self.delete_role(caller, call).await?),
            Request::DeleteSecret(call) => R::DeleteSecret(self.delete_secret(caller, call).await?),
            Request::DescribeSecret(call) => {
                R::DescribeSecret(self.describe_secret(caller, call).await?)
            }
            Request::GetCallerIdentity(_) => R::GetCallerIdentity(self.caller_identity(caller)?),
            Request::GetKmsInstance(call) => {
                R::GetKmsInstance(self.get_instance(caller, call).await?)
            }
            Request::GetOIDCProvider(call) => {
                R::OidcProviderAnswer(self.get_oidc_provider(caller, call).await?)
            }
            Request::GetRandomPassword(call) => {
                R::GetRandomPassword(self.random_password(caller, &call)?)
            }
            Request::GetRole(call) => R::RoleAnswer(self.get_role(caller, call).await?),
            Request::GetSecretValue(call) => {
                R::GetSecretValue(self.secret_value(caller, call).await?)
            }
            Request::ListKmsInstances(call) => {
                R::ListKmsInstances(self.list_instances(caller, call).await?)
            }
            Request::ListOIDCProviders(call) => {
                R::ListOidcProviders(self.list_oidc_providers(caller, call).await?)
            }
            Request::ListRoles(call) => R::ListRoles(self.list_roles(caller, call).await?),
            Request::ListSecretVersionIds(call) => {
                R::ListSecretVersionIds(self.list_versions(caller, call).await?)
            }
            Request::ListSecrets(call) => R::ListSecrets(self.list_secrets(caller, call).await?),
            Request::PutSecretValue(call) => {
                R::PutSecretValue(self.put_secret_value(caller, call).await?)
            }
            Request::RestoreSecret(call) => {
                R::SecretNamed(self.restore_secret(caller, call).await?)
            }
            Request::UpdateOIDCProvider(call) => {
                R::OidcProviderAnswer(self.update_oidc_provider(caller, call).await?)
            }
            Request::UpdateRole(call) => R::RoleAnswer(self.update_role(caller, call).await?),
            Request::UpdateSecret(call) => R::SecretNamed(self.update_secret(caller, call).await?),
            Request::UpdateSecretVersionStage(call) => {
                R::SecretNamed(self.update_stage(caller, call).await?)
            }
            // What kms-wire learns before this crate does.
            _ => return Err(unknown_action().into()),
        })
    }

    /// One transaction; see [`run_tx`].
    pub(crate) async fn tx<'env, T, E, F>(&self, mode: Mode, work: F) -> Result<T, E>
    where
        T: Send,
        E: kms_store::TxError + Send,
        F: for<'t> Fn(Scope<'t, 'env>) -> Work<'t, T, E> + Send + Sync,
    {
        run_tx(self.0.parts.store.as_ref(), mode, work).await
    }

    /// The time to the millisecond, which is what the store keeps.
    pub(crate) fn now(&self) -> Timestamp {
        let now = self.0.parts.clock.now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.0.parts.keyring
    }

    pub(crate) fn region(&self) -> &RegionId {
        &self.0.parts.region
    }

    pub(crate) fn nonces(&self) -> &Nonces {
        &self.0.nonces
    }
}

fn unknown_action() -> ApiError {
    ApiError::new(
        kms_types::ErrorCode::UnsupportedOperation,
        "This action is not supported.",
    )
}
