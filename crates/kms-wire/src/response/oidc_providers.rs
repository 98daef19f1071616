use serde::{Deserialize, Serialize};

/// Answer of CreateOIDCProvider, GetOIDCProvider and UpdateOIDCProvider.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct OidcProviderAnswer {
    /// The provider.
    #[serde(rename = "OIDCProvider")]
    pub oidc_provider: OidcProvider,
}

/// An OIDC identity provider.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OidcProvider {
    /// `acs:ram::<account>:oidc-provider/<name>`.
    pub arn: String,
    /// Its name.
    #[serde(rename = "OIDCProviderName")]
    pub oidc_provider_name: String,
    /// What its tokens say in `iss`.
    pub issuer_url: String,
    /// What its tokens may say in `aud`, with commas between.
    pub client_ids: String,
    /// Certificates that it is pinned to, with commas between.
    pub fingerprints: String,
    /// For people.
    pub description: String,
    /// Hours that a token may be old.
    pub issuance_limit_time: u32,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_date: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub update_date: String,
    /// Milliseconds since 1970, digits.
    pub gmt_create: String,
    /// Milliseconds since 1970, digits.
    pub gmt_modified: String,
}

/// Answer of ListOIDCProviders.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListOidcProviders {
    /// Whether there are more.
    pub is_truncated: bool,
    /// Where the next page begins; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// The page.
    #[serde(rename = "OIDCProviders")]
    pub oidc_providers: OidcProviders,
}

/// Providers, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct OidcProviders {
    /// The providers.
    #[serde(rename = "OIDCProvider")]
    pub oidc_provider: Vec<OidcProvider>,
}
