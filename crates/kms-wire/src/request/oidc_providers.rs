//! OIDC identity providers of RAM (Ims 2019-08-15).

use std::{fmt::Display, str::FromStr};

use kms_types::{Fingerprint, IssuerUrl, OidcProviderName};

use super::{Action, Operation, fields::Fields};
use crate::{ApiError, Params, response};

/// Makes an identity provider: whose tokens may be exchanged for a role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CreateOIDCProvider {
    /// Its name, unique in the account.
    pub oidc_provider_name: OidcProviderName,
    /// What its tokens say in `iss`, and where its keys are; unique in the account.
    pub issuer_url: IssuerUrl,
    /// What its tokens may say in `aud`; none: none does.
    pub client_ids: Vec<ClientId>,
    /// Certificates of which the issuer has to show one, at most 5; none: its chain has to
    /// lead to a root that this server trusts.
    pub fingerprints: Vec<Fingerprint>,
    /// For people; at most 256 characters.
    pub description: Option<String>,
    /// How old a token may be by its `iat`, in hours: 1 to 168, 12 unless given.
    pub issuance_limit_time: Option<u32>,
}

/// Reads an identity provider.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetOIDCProvider {
    /// Which.
    pub oidc_provider_name: OidcProviderName,
}

/// Changes an identity provider; what is absent stays.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdateOIDCProvider {
    /// Which.
    pub oidc_provider_name: OidcProviderName,
    /// What its tokens may say in `aud` from now on.
    pub client_ids: Option<Vec<ClientId>>,
    /// For people; empty: none from now on.
    pub new_description: Option<String>,
    /// How old a token may be from now on, in hours.
    pub issuance_limit_time: Option<u32>,
}

/// Deletes an identity provider. Sessions that its tokens opened go on to their end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeleteOIDCProvider {
    /// Which.
    pub oidc_provider_name: OidcProviderName,
}

/// Lists identity providers by name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListOIDCProviders {
    /// Where the page before ended.
    pub marker: Option<String>,
    /// 1 to 100, 100 unless given.
    pub max_items: u32,
}

/// Adds a client, unless it is there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AddClientIdToOIDCProvider {
    /// To which.
    pub oidc_provider_name: OidcProviderName,
    /// What its tokens may say in `aud` from now on, too.
    pub client_id: ClientId,
}

/// Takes a client away, if it is there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RemoveClientIdFromOIDCProvider {
    /// From which.
    pub oidc_provider_name: OidcProviderName,
    /// What its tokens may not say in `aud` any more.
    pub client_id: ClientId,
}

/// Adds a fingerprint, unless it is there: before an issuer gets another certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AddFingerprintToOIDCProvider {
    /// To which.
    pub oidc_provider_name: OidcProviderName,
    /// A certificate that the issuer may show from now on, too.
    pub fingerprint: Fingerprint,
}

/// Takes a fingerprint away, if it is there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RemoveFingerprintFromOIDCProvider {
    /// From which.
    pub oidc_provider_name: OidcProviderName,
    /// A certificate that does not count any more.
    pub fingerprint: Fingerprint,
}

/// A client of an identity provider: what a token says in `aud`. 1 to 128 visible ASCII
/// characters but the comma, which parts them in lists, the first a letter or digit. RAM
/// documents letters, digits and `.-_:/`; what others need does no harm.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct ClientId(String);

/// Text that is no client's id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("has a client id that is not 1 to 128 visible characters, the first a letter or digit")]
pub struct ParseClientIdError;

/// Fingerprints that a provider may have: RAM's own limit.
pub const MOST_FINGERPRINTS: usize = 5;
/// Clients that a provider may have. RAM's own limit is inferred from its quota page.
pub const MOST_CLIENT_IDS: usize = 50;

impl Operation for CreateOIDCProvider {
    type Response = response::OidcProviderAnswer;

    const ACTION: Action = Action::CreateOIDCProvider;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("OIDCProviderName", self.oidc_provider_name.as_str());
        params.push("IssuerUrl", self.issuer_url.as_str());
        if !self.client_ids.is_empty() {
            params.push("ClientIds", join(&self.client_ids));
        }
        if !self.fingerprints.is_empty() {
            params.push("Fingerprints", join(&self.fingerprints));
        }
        params.push_some("Description", self.description.as_deref());
        params.push_some("IssuanceLimitTime", hours(self.issuance_limit_time));
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            oidc_provider_name: fields.required(NAME)?,
            issuer_url: fields.required("IssuerUrl")?,
            client_ids: client_ids(fields)?.unwrap_or_default(),
            fingerprints: list(fields, "Fingerprints", MOST_FINGERPRINTS)?.unwrap_or_default(),
            description: fields.bounded("Description", 1, 256)?.map(str::to_owned),
            issuance_limit_time: limit(fields)?,
        })
    }
}

impl Operation for UpdateOIDCProvider {
    type Response = response::OidcProviderAnswer;

    const ACTION: Action = Action::UpdateOIDCProvider;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("OIDCProviderName", self.oidc_provider_name.as_str());
        params.push_some("ClientIds", self.client_ids.as_deref().map(join));
        params.push_some("NewDescription", self.new_description.as_deref());
        params.push_some("IssuanceLimitTime", hours(self.issuance_limit_time));
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        fields.bounded("NewDescription", 1, 256)?;
        Ok(Self {
            oidc_provider_name: fields.required(NAME)?,
            client_ids: client_ids(fields)?,
            new_description: params.get("NewDescription").map(str::to_owned),
            issuance_limit_time: limit(fields)?,
        })
    }
}

impl Operation for ListOIDCProviders {
    type Response = response::ListOidcProviders;

    const ACTION: Action = Action::ListOIDCProviders;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push_some("Marker", self.marker.as_deref());
        params.push("MaxItems", self.max_items.to_string());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            marker: fields.owned("Marker"),
            max_items: fields.number("MaxItems", 1..=100)?.unwrap_or(100),
        })
    }
}

const NAME: &str = "OIDCProviderName";

macro_rules! by_name {
    ($($name:ident -> $response:ident;)*) => { $(
        impl Operation for $name {
            type Response = response::$response;

            const ACTION: Action = Action::$name;

            fn to_params(&self) -> Params {
                let mut params = Params::default();
                params.push(NAME, self.oidc_provider_name.as_str());
                params
            }

            fn from_params(params: &Params) -> Result<Self, ApiError> {
                Ok(Self { oidc_provider_name: Fields(params).required(NAME)? })
            }
        }
    )* };
}

by_name! {
    DeleteOIDCProvider -> Empty;
    GetOIDCProvider -> OidcProviderAnswer;
}

macro_rules! one_member {
    ($($name:ident, $field:ident, $param:literal;)*) => { $(
        impl Operation for $name {
            type Response = response::OidcProviderAnswer;

            const ACTION: Action = Action::$name;

            fn to_params(&self) -> Params {
                let mut params = Params::default();
                params.push(NAME, self.oidc_provider_name.as_str());
                params.push($param, self.$field.as_str());
                params
            }

            fn from_params(params: &Params) -> Result<Self, ApiError> {
                let fields = Fields(params);
                Ok(Self {
                    oidc_provider_name: fields.required(NAME)?,
                    $field: fields.required($param)?,
                })
            }
        }
    )* };
}

one_member! {
    AddClientIdToOIDCProvider, client_id, "ClientId";
    AddFingerprintToOIDCProvider, fingerprint, "Fingerprint";
    RemoveClientIdFromOIDCProvider, client_id, "ClientId";
    RemoveFingerprintFromOIDCProvider, fingerprint, "Fingerprint";
}

// === impl ClientId ===

impl ClientId {
    /// As it travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClientId {
    type Err = ParseClientIdError;

    fn from_str(text: &str) -> Result<Self, ParseClientIdError> {
        let is_visible = |b: u8| b.is_ascii_graphic() && b != b',';
        let is_good = (1..=128).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.bytes().all(is_visible);
        if is_good {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseClientIdError)
        }
    }
}

impl Display for ClientId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn client_ids(fields: Fields<'_>) -> Result<Option<Vec<ClientId>>, ApiError> {
    list(fields, "ClientIds", MOST_CLIENT_IDS)
}

fn limit(fields: Fields<'_>) -> Result<Option<u32>, ApiError> {
    fields.number("IssuanceLimitTime", 1..=168)
}

/// Parts with commas between them.
fn list<T: FromStr>(fields: Fields<'_>, name: &str, most: usize) -> Result<Option<Vec<T>>, ApiError>
where
    T::Err: Display,
{
    let Some(text) = fields.text(name) else {
        return Ok(None);
    };
    if text.split(',').count() > most {
        return Err(ApiError::invalid_parameter(
            name,
            format_args!("has more than {most} parts"),
        ));
    }
    let parts: Result<Vec<T>, T::Err> = text.split(',').map(|part| part.trim().parse()).collect();
    parts
        .map(Some)
        .map_err(|reason| ApiError::invalid_parameter(name, reason))
}

fn join<T: Display>(parts: &[T]) -> String {
    let parts: Vec<String> = parts.iter().map(T::to_string).collect();
    parts.join(",")
}

fn hours(number: Option<u32>) -> Option<String> {
    number.map(|number| number.to_string())
}
