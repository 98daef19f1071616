use kms_types::Secret;
use serde::{Deserialize, Serialize};

use super::revealed;

/// Answer of GetCallerIdentity.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetCallerIdentity {
    /// `RAMUser`, `Account` or `AssumedRoleUser`.
    pub identity_type: String,
    /// The account.
    pub account_id: String,
    /// The principal's id.
    pub principal_id: String,
    /// A RAM user's id.
    pub user_id: String,
    /// The id of a session's role; absent for others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role_id: String,
    /// The caller's ARN.
    pub arn: String,
}

/// Answer of AssumeRole.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AssumeRole {
    /// Who one is now.
    #[serde(default)]
    pub assumed_role_user: AssumedRoleUser,
    /// What to sign with.
    pub credentials: Credentials,
}

/// Answer of AssumeRoleWithOIDC.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AssumeRoleWithOidc {
    /// Who one is now.
    #[serde(default)]
    pub assumed_role_user: AssumedRoleUser,
    /// What to sign with.
    pub credentials: Credentials,
    /// What the token said.
    #[serde(default, rename = "OIDCTokenInfo")]
    pub token_info: OidcTokenInfo,
}

/// A session of a role.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AssumedRoleUser {
    /// `acs:ram::<account>:role/<role>/<session>`.
    pub arn: String,
    /// `<role id>:<session>`.
    pub assumed_role_id: String,
}

/// Temporary credentials.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Credentials {
    /// Begins with `STS.`.
    pub access_key_id: String,
    /// Signs.
    #[serde(with = "revealed")]
    pub access_key_secret: Secret<String>,
    /// Goes with every call.
    #[serde(with = "revealed")]
    pub security_token: Secret<String>,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub expiration: String,
}

/// What an OIDC token said about its holder.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OidcTokenInfo {
    /// `sub`.
    pub subject: String,
    /// `iss`.
    pub issuer: String,
    /// `aud`, joined with commas.
    pub client_ids: String,
    /// `exp`, `YYYY-MM-DDThh:mm:ssZ`.
    pub expiration_time: String,
    /// `iat`, `YYYY-MM-DDThh:mm:ssZ`.
    pub issuance_time: String,
    /// How the token was checked.
    pub verification_info: String,
}
