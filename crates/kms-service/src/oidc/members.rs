//! What an identity provider has several of: clients and fingerprints, one by one. Adding
//! what is there and taking away what is not changes nothing, as a client that did not
//! hear the answer asks again.

use kms_types::Fingerprint;
use kms_wire::{
    Action, ApiError,
    request::{
        AddClientIdToOIDCProvider, AddFingerprintToOIDCProvider, MOST_CLIENT_IDS,
        MOST_FINGERPRINTS, RemoveClientIdFromOIDCProvider, RemoveFingerprintFromOIDCProvider,
    },
    response,
};

use crate::{Caller, Service, failure::Failure};

impl Service {
    /// AddClientIdToOIDCProvider.
    pub(crate) async fn add_client_id(
        &self,
        caller: &Caller,
        call: AddClientIdToOIDCProvider,
    ) -> Result<response::OidcProviderAnswer, Failure> {
        let (action, name) = (Action::AddClientIdToOIDCProvider, &call.oidc_provider_name);
        let client = call.client_id.as_str();
        self.change_oidc_provider(caller, action, name, |provider| {
            if provider.client_ids.iter().any(|own| own == client) {
                return Ok(());
            }
            if provider.client_ids.len() >= MOST_CLIENT_IDS {
                return Err(ApiError::invalid_parameter(
                    "ClientId",
                    format_args!("the provider has {MOST_CLIENT_IDS} clients already"),
                ));
            }
            provider.client_ids.push(client.to_owned());
            Ok(())
        })
        .await
    }

    /// RemoveClientIdFromOIDCProvider. Without clients no token of the provider is taken.
    pub(crate) async fn remove_client_id(
        &self,
        caller: &Caller,
        call: RemoveClientIdFromOIDCProvider,
    ) -> Result<response::OidcProviderAnswer, Failure> {
        let action = Action::RemoveClientIdFromOIDCProvider;
        let client = call.client_id.as_str();
        self.change_oidc_provider(caller, action, &call.oidc_provider_name, |provider| {
            provider.client_ids.retain(|own| own != client);
            Ok(())
        })
        .await
    }

    /// AddFingerprintToOIDCProvider.
    pub(crate) async fn add_fingerprint(
        &self,
        caller: &Caller,
        call: AddFingerprintToOIDCProvider,
    ) -> Result<response::OidcProviderAnswer, Failure> {
        let action = Action::AddFingerprintToOIDCProvider;
        self.change_oidc_provider(caller, action, &call.oidc_provider_name, |provider| {
            let own = &mut provider.fingerprints;
            if own.iter().any(|own| is_same(own, &call.fingerprint)) {
                return Ok(());
            }
            if own.len() >= MOST_FINGERPRINTS {
                return Err(ApiError::invalid_parameter(
                    "Fingerprint",
                    format_args!("the provider has {MOST_FINGERPRINTS} fingerprints already"),
                ));
            }
            own.push(call.fingerprint.clone());
            Ok(())
        })
        .await
    }

    /// RemoveFingerprintFromOIDCProvider. The last one stays: without any, the roots of
    /// this machine would count, which nobody asked for.
    pub(crate) async fn remove_fingerprint(
        &self,
        caller: &Caller,
        call: RemoveFingerprintFromOIDCProvider,
    ) -> Result<response::OidcProviderAnswer, Failure> {
        let action = Action::RemoveFingerprintFromOIDCProvider;
        self.change_oidc_provider(caller, action, &call.oidc_provider_name, |provider| {
            let own = &mut provider.fingerprints;
            if own.is_empty() {
                return Ok(());
            }
            own.retain(|own| !is_same(own, &call.fingerprint));
            if own.is_empty() {
                return Err(ApiError::invalid_parameter(
                    "Fingerprint",
                    "is the provider's last one; add another before",
                ));
            }
            Ok(())
        })
        .await
    }
}

/// Hexadecimal digits are the same in both cases.
fn is_same(one: &Fingerprint, other: &Fingerprint) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
}

#[cfg(test)]
mod tests;
