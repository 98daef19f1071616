use std::sync::{Arc, atomic::Ordering};

use http::Method;
use jiff::SignedDuration;
use kms_credentials::{
    ClientKey, ClientKeyFile, Credentials, CredentialsError, HttpRequest, Limits, ProvideClientKey,
    ProvideCredentials,
};
use kms_types::RegionId;
use kms_wire::{
    SignedRequest, instance,
    sign::{self, RsaSignError, Unsigned, sign_acs3, sign_acs4, sign_rpc_rsa},
};

use super::{
    Inner,
    call::{Call, Protocol},
};
use crate::{CallError, Endpoint};

/// Who calls.
#[derive(Clone)]
pub enum Identity {
    /// An AccessKey or an STS token, from a provider such as
    /// [`kms_credentials::DefaultCredentials`].
    Credentials(Arc<dyn ProvideCredentials>),
    /// The ClientKey of an application access point. It reads values of secrets, on the
    /// shared gateway and on that of its instance; other actions are refused. From a
    /// [`kms_credentials::ClientKeyFile`] it is renewed when its file is replaced.
    ClientKey(Arc<dyn ProvideClientKey>),
}

/// How calls are signed with credentials.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Signature {
    /// ACS3-HMAC-SHA256, as the official SDKs do by themselves.
    #[default]
    V3,
    /// ACS4-HMAC-SHA256, as they do on request: with a key for the day and the region.
    V4 {
        /// The region of the endpoint.
        region: RegionId,
    },
}

/// A request that only lacks its way.
pub(super) struct Signed {
    pub(super) protocol: Protocol,
    request: SignedRequest,
}

/// The end of a ClientKey is warned of, once a day, when less than this is left.
const WARN_BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);

const SECONDS_A_DAY: i64 = 86_400;

impl From<Arc<dyn ProvideCredentials>> for Identity {
    fn from(provider: Arc<dyn ProvideCredentials>) -> Self {
        Self::Credentials(provider)
    }
}

impl<P: ProvideCredentials + 'static> From<Arc<P>> for Identity {
    fn from(provider: Arc<P>) -> Self {
        Self::Credentials(provider)
    }
}

impl From<ClientKey> for Identity {
    fn from(key: ClientKey) -> Self {
        Self::ClientKey(Arc::new(key))
    }
}

impl From<ClientKeyFile> for Identity {
    fn from(file: ClientKeyFile) -> Self {
        Self::ClientKey(Arc::new(file))
    }
}

// === impl Signed ===

impl Signed {
    pub(super) fn request(self, endpoint: &Endpoint, limits: Limits) -> HttpRequest {
        HttpRequest {
            method: match self.request.method {
                "GET" => Method::GET,
                _ => Method::POST,
            },
            url: format!("{endpoint}{}", self.request.target),
            headers: self.request.headers,
            body: self.request.body,
            limits,
        }
    }
}

// === impl Inner ===

impl Inner {
    /// A call that brings its own proof.
    pub(super) fn unsigned_request(&self, call: &Call<'_>) -> Signed {
        Signed {
            protocol: Protocol::OpenApi,
            request: self.unsigned(call, "", sign::unsigned),
        }
    }

    pub(super) fn sign_with_credentials(
        &self,
        call: &Call<'_>,
        credentials: &Credentials,
    ) -> Signed {
        let request = self.unsigned(call, &credentials.provider, |unsigned| {
            match &self.signature {
                Signature::V3 => sign_acs3(unsigned, &credentials.key),
                Signature::V4 { region } => {
                    sign_acs4(unsigned, region.as_str(), call.product, &credentials.key)
                }
            }
        });
        Signed {
            protocol: Protocol::OpenApi,
            request,
        }
    }

    pub(super) fn sign_with_client_key(
        &self,
        call: &Call<'_>,
        key: &ClientKey,
    ) -> Result<Signed, CallError> {
        self.check_expiry(key)?;
        let protocol = self.gateway.protocol();
        let signed = match protocol {
            Protocol::OpenApi => {
                self.unsigned(call, "", |unsigned| sign_rpc_rsa(unsigned, key.key()))
            }
            Protocol::Instance => {
                let (api, body) = super::gateway::message(call)?;
                let unsigned = instance::Unsigned {
                    api,
                    host: &call.endpoint.authority(),
                    user_agent: &self.user_agent,
                    now: self.service_time(),
                    body: &body,
                };
                instance::sign(&unsigned, key.key())
            }
        };
        let request = signed.map_err(|error: RsaSignError| broken(error.to_string()))?;
        Ok(Signed { protocol, request })
    }

    fn unsigned<T>(
        &self,
        call: &Call<'_>,
        provider: &str,
        sign: impl FnOnce(&Unsigned<'_>) -> T,
    ) -> T {
        sign(&Unsigned {
            version: call.product.version(),
            action: call.action,
            params: &call.params,
            host: &call.endpoint.authority(),
            user_agent: &self.user_agent,
            provider,
            now: self.service_time(),
            nonce: &self.chance.nonce(),
        })
    }

    fn check_expiry(&self, key: &ClientKey) -> Result<(), CallError> {
        let now = self.service_time();
        let left = key.expires().duration_since(now);
        let key_id = key.key().key_id();
        if left <= SignedDuration::ZERO {
            return Err(broken(format!(
                "the client key {key_id} has expired on {}; create another one",
                key.expires()
            )));
        }
        let today = now.as_second().div_euclid(SECONDS_A_DAY);
        if left < WARN_BEFORE && self.warned.swap(today, Ordering::Relaxed) != today {
            tracing::warn!(
                keyId = key_id.as_str(),
                expires = %key.expires(),
                "the client key will soon expire; create another one"
            );
        }
        Ok(())
    }
}

pub(super) fn broken(reason: String) -> CallError {
    CallError::Credentials(CredentialsError::Broken {
        source_name: "client_key",
        reason,
    })
}
