//! What the operator's environment says of an identity (reference k8s-sync §1.4).

use kms_types::Secret;

use super::{
    StoreError,
    chain::{self, Identity, Names, access_key, filled},
};
use crate::settings::OwnIdentity;

const ACCESS_KEY: &str = "ACCESS_KEY_ID";
const ACCESS_KEY_SECRET: &str = "SECRET_ACCESS_KEY";
const SECONDS: &str = "ALICLOUD_ROLE_SESSION_EXPIRATION";
const PROVIDER: &str = "ALICLOUD_OIDC_PROVIDER_ARN";

/// The identity of the operator itself.
pub(super) fn identity(own: &OwnIdentity) -> Result<Identity, StoreError> {
    let names = Names {
        identity: "the operator's environment".to_owned(),
        provider_arn: PROVIDER.to_owned(),
        access_key: ACCESS_KEY.to_owned(),
        access_key_secret: ACCESS_KEY_SECRET.to_owned(),
        seconds: SECONDS.to_owned(),
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let id = own.access_key_id.as_deref().and_then(filled);
    let secret = own.secret_access_key.as_ref();
    // EXPOSE: white space around it is cut off.
    let secret = secret.and_then(|secret| filled(secret.expose()).map(Secret::from));
    let token_file = own.oidc_token_file.as_ref();
    Ok(Identity {
        service_account: None,
        key: access_key(&names, id.map(Secret::from), secret)?,
        role_arn: text(&own.role_arn),
        session: text(&own.role_session_name),
        seconds: chain::seconds(SECONDS, &text(&own.role_session_expiration))?,
        provider_arn: text(&own.oidc_provider_arn),
        token_file: token_file.map_or_else(String::new, |path| path.display().to_string()),
        remote_role_arn: text(&own.remote_role_arn),
        remote_session: text(&own.remote_role_session_name),
        names,
    })
}
