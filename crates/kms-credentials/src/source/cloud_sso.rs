//! The CLI's login at CloudSSO. Its token is used as long as it is good; a new one takes
//! a person at a browser, and `aliyun configure`.

use http::{Method, Uri, uri::Scheme};
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    Hidden, SourceError,
    answer::{self, Temporary},
    sts::LIMITS,
};
use crate::{Credentials, HttpRequest, Surroundings};

/// What the CLI's configuration keeps of a login.
#[derive(Clone, Debug)]
pub(crate) struct CloudSso {
    pub(crate) sign_in_url: String,
    pub(crate) account_id: String,
    pub(crate) access_config: String,
    pub(crate) access_token: Hidden,
    /// In seconds since 1970.
    pub(crate) expires: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Exchanged {
    cloud_credential: Temporary,
}

// === impl CloudSso ===

impl CloudSso {
    /// Whether its token is still good.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), String> {
        if self.expires > now.as_second() {
            return Ok(());
        }
        Err(
            "the login at CloudSSO has expired (cloud_sso_access_token_expire); log in again with \
             the aliyun CLI"
                .to_owned(),
        )
    }

    pub(super) async fn load(&self, around: &Surroundings) -> Result<Credentials, SourceError> {
        let uri: Uri = self.sign_in_url.parse().map_err(|_invalid| bad_url())?;
        let authority = uri.authority().ok_or_else(bad_url)?;
        if uri.scheme() != Some(&Scheme::HTTPS) || authority.as_str().contains('@') {
            return Err(bad_url());
        }
        let who = format!("CloudSSO at {}", authority.host());
        let body = serde_json::json!({
            "AccountId": self.account_id,
            "AccessConfigurationId": self.access_config,
        });
        let request = HttpRequest {
            method: Method::POST,
            url: format!("https://{authority}/cloud-credentials"),
            headers: vec![
                ("accept".to_owned(), "application/json".to_owned()),
                ("content-type".to_owned(), "application/json".to_owned()),
                (
                    "authorization".to_owned(),
                    // EXPOSE: to the service that gave it.
                    format!("Bearer {}", self.access_token.0.expose()),
                ),
            ],
            body: body.to_string().into_bytes(),
            limits: LIMITS,
        };
        let response = answer::ask(&who, request, around).await?;
        let exchanged: Exchanged = answer::read(&who, &response)?;
        exchanged.cloud_credential.credentials(&who)
    }
}

fn bad_url() -> SourceError {
    SourceError::Broken("cloud_sso_sign_in_url is no https:// URL".to_owned())
}
