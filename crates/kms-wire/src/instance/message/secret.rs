use super::secretive;

/// Asks for a secret's value.
#[derive(Clone, Eq, Hash, PartialEq, prost::Message)]
pub struct GetSecretValueRequest {
    /// Which secret.
    #[prost(string, tag = "1")]
    pub secret_name: String,
    /// Which stage.
    #[prost(string, tag = "2")]
    pub version_stage: String,
    /// Which version.
    #[prost(string, tag = "3")]
    pub version_id: String,
    /// With ExtendedConfig; the cache clients always ask for it.
    #[prost(bool, tag = "4")]
    pub fetch_extended_config: bool,
}

/// A secret's value.
#[derive(Clone, Eq, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct GetSecretValueResponse {
    /// Its name.
    #[prost(string, tag = "1")]
    pub secret_name: String,
    /// `Generic` and others.
    #[prost(string, tag = "2")]
    pub secret_type: String,
    /// The value; base64 for `binary`.
    #[prost(string, tag = "3")]
    pub secret_data: String,
    /// `text` or `binary`.
    #[prost(string, tag = "4")]
    pub secret_data_type: String,
    /// Its stages.
    #[prost(string, repeated, tag = "5")]
    pub version_stages: Vec<String>,
    /// The version.
    #[prost(string, tag = "6")]
    pub version_id: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    #[prost(string, tag = "7")]
    pub create_time: String,
    /// The request's id.
    #[prost(string, tag = "8")]
    pub request_id: String,
    /// Managed types only.
    #[prost(string, tag = "9")]
    pub last_rotation_date: String,
    /// Managed types only.
    #[prost(string, tag = "10")]
    pub next_rotation_date: String,
    /// Only if asked for.
    #[prost(string, tag = "11")]
    pub extended_config: String,
    /// Managed types only.
    #[prost(string, tag = "12")]
    pub automatic_rotation: String,
    /// Managed types only: `<n>s`.
    #[prost(string, tag = "13")]
    pub rotation_interval: String,
}

secretive!(GetSecretValueResponse.secret_data);
