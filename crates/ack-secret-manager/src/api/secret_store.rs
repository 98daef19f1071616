//! What a SecretStore and a ClusterSecretStore say (reference k8s-sync §1.2).

use serde::{Deserialize, Deserializer, Serialize};

use super::{Condition, NamespaceCondition};

/// As whom KMS and OOS are asked. Each reads the values of one of the two.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct SecretStoreSpec {
    /// At KMS.
    #[serde(rename = "KMS", skip_serializing_if = "Option::is_none")]
    pub kms: Option<Kms>,
    /// At OOS.
    #[serde(rename = "OOS", skip_serializing_if = "Option::is_none")]
    pub oos: Option<Oos>,
    /// From which namespaces a ClusterSecretStore may be used: from all if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<NamespaceCondition>,
}

/// One of the two ways into KMS.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Kms {
    /// With credentials of RAM.
    #[serde(
        rename = "KMSAuth",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "auth"
    )]
    pub auth: Option<Auth>,
    /// With the ClientKey of an application access point, at a KMS instance. Of version 0.5.
    #[serde(rename = "dedicatedKMSAuth", skip_serializing_if = "Option::is_none")]
    pub dedicated: Option<DedicatedAuth>,
}

/// The way into OOS.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Oos {
    /// With credentials of RAM.
    #[serde(
        rename = "OOSAuth",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "auth"
    )]
    pub auth: Option<Auth>,
}

/// Credentials of RAM: an AccessKey, a role for a token, or what the operator has itself; and roles
/// that these may take.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Auth {
    /// Where the AccessKey's id is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key: Option<SecretRef>,
    /// Where its secret is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key_secret: Option<SecretRef>,
    /// The role that is taken.
    #[serde(rename = "ramRoleARN", skip_serializing_if = "String::is_empty")]
    pub ram_role_arn: String,
    /// The name of the session then.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ram_role_session_name: String,
    /// Who vouches for the token.
    #[serde(rename = "oidcProviderARN", skip_serializing_if = "String::is_empty")]
    pub oidc_provider_arn: String,
    /// Where the token is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub oidc_token_file_path: String,
    /// How long a session lasts, in seconds.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role_session_expiration: String,
    /// The role of another account that is taken then.
    #[serde(rename = "remoteRamRoleARN", skip_serializing_if = "String::is_empty")]
    pub remote_ram_role_arn: String,
    /// The same as the original's documentation misspells it; read into the field above, where that is
    /// empty, and never written.
    #[serde(rename = "remoteRamRoleArn", skip_serializing)]
    misspelt_remote_ram_role_arn: String,
    /// The name of the session then.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub remote_ram_role_session_name: String,
    /// Whose token, in place of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_ref: Option<ServiceAccountRef>,
}

/// A ClientKey and the instance that it is for.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DedicatedAuth {
    /// Without meaning; always TLS.
    pub protocol: String,
    /// The instance's id, or its host.
    pub endpoint: String,
    /// The CA of the instance, PEM in base64. Without it, the region's own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ca: String,
    /// Refused: whoever answers would be believed.
    #[serde(rename = "ignoreSSL", skip_serializing_if = "Option::is_none")]
    pub ignore_ssl: Option<bool>,
    /// Where the content of the ClientKey's file is.
    pub client_key_content: SecretRef,
    /// Where its password is.
    pub password: SecretRef,
}

/// A key of a Secret.
#[derive(Clone, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecretRef {
    /// The Secret's name.
    pub name: String,
    /// Its namespace; the store's own if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// The key.
    pub key: String,
}

/// A ServiceAccount whose token a role is taken for.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceAccountRef {
    /// Its name.
    pub name: String,
    /// Its namespace; the store's own if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// For whom the token is; STS if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<String>,
}

/// What became of a store.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecretStoreStatus {
    /// `Ready`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// What it is good for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub capabilities: String,
    /// How often its client was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_generation: Option<i64>,
}

/// Reads [`Auth`] with the misspelt name in its place. Were it an alias, an object with both names could
/// not be read.
fn auth<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Auth>, D::Error> {
    let mut auth = Option::<Auth>::deserialize(from)?;
    if let Some(auth) = &mut auth {
        let misspelt = std::mem::take(&mut auth.misspelt_remote_ram_role_arn);
        if auth.remote_ram_role_arn.is_empty() {
            auth.remote_ram_role_arn = misspelt;
        }
    }
    Ok(auth)
}

#[cfg(test)]
mod tests;
