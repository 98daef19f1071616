use std::{fmt, path::PathBuf};

use kms_types::{Env, Secret};

/// What the operator is where an entry names no store, by the original's variables (reference
/// k8s-sync §1.4). What is half said is said by who uses it, with the names of the variables.
#[derive(Clone, Default)]
pub struct OwnIdentity {
    /// ACCESS_KEY_ID.
    pub access_key_id: Option<String>,
    /// SECRET_ACCESS_KEY.
    pub secret_access_key: Option<Secret<String>>,
    /// ALICLOUD_ROLE_ARN.
    pub role_arn: Option<String>,
    /// ALICLOUD_ROLE_SESSION_NAME.
    pub role_session_name: Option<String>,
    /// ALICLOUD_ROLE_SESSION_EXPIRATION, in seconds.
    pub role_session_expiration: Option<String>,
    /// ALICLOUD_OIDC_PROVIDER_ARN.
    pub oidc_provider_arn: Option<String>,
    /// ALICLOUD_OIDC_TOKEN_FILE, which the original documents and does not read.
    pub oidc_token_file: Option<PathBuf>,
    /// ALICLOUD_REMOTE_ROLE_ARN.
    pub remote_role_arn: Option<String>,
    /// ALICLOUD_REMOTE_ROLE_SESSION_NAME.
    pub remote_role_session_name: Option<String>,
}

impl OwnIdentity {
    /// As the variables say.
    pub fn from_env(env: &Env) -> Self {
        let text = |name| env.get(name).map(str::to_owned);
        Self {
            access_key_id: text("ACCESS_KEY_ID"),
            secret_access_key: env.get("SECRET_ACCESS_KEY").map(Secret::from),
            role_arn: text("ALICLOUD_ROLE_ARN"),
            role_session_name: text("ALICLOUD_ROLE_SESSION_NAME"),
            role_session_expiration: text("ALICLOUD_ROLE_SESSION_EXPIRATION"),
            oidc_provider_arn: text("ALICLOUD_OIDC_PROVIDER_ARN"),
            oidc_token_file: env.get("ALICLOUD_OIDC_TOKEN_FILE").map(PathBuf::from),
            remote_role_arn: text("ALICLOUD_REMOTE_ROLE_ARN"),
            remote_role_session_name: text("ALICLOUD_REMOTE_ROLE_SESSION_NAME"),
        }
    }
}

/// Without the AccessKey: a key's id is not for a log either.
impl fmt::Debug for OwnIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnIdentity")
            .field("access_key", &self.access_key_id.is_some())
            .field("role_arn", &self.role_arn)
            .field("oidc_provider_arn", &self.oidc_provider_arn)
            .field("remote_role_arn", &self.remote_role_arn)
            .finish_non_exhaustive()
    }
}
