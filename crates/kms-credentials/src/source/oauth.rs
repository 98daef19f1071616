//! The CLI's login by OAuth. What it keeps is used as long as it is good: the credentials
//! that it exchanged last, then its access token. A new access token takes the refresh
//! token, which is good for one use, so only who writes the file may use it: the CLI.

use http::Method;
use jiff::{SignedDuration, Timestamp};
use kms_wire::sign::SigningKey;

use super::{
    Hidden, SourceError,
    answer::{self, Temporary},
    sts::LIMITS,
};
use crate::{Credentials, HttpRequest, Surroundings};

/// What the CLI's configuration keeps of a login.
#[derive(Clone, Debug)]
pub(crate) struct OAuth {
    pub(crate) site: Site,
    /// Credentials that were exchanged already, and their end.
    pub(crate) exchanged: Option<(SigningKey, Timestamp)>,
    /// The access token, and its end.
    pub(crate) access_token: Option<(Hidden, Timestamp)>,
}

/// Where accounts are of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Site {
    /// aliyun.com.
    China,
    /// alibabacloud.com.
    International,
}

/// Credentials that end sooner are exchanged anew if that can be done.
const FRESH: SignedDuration = SignedDuration::from_mins(20);

// === impl OAuth ===

impl OAuth {
    /// Whether there is anything good left.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), String> {
        let exchanged = self.exchanged.as_ref().map(|(_, end)| *end);
        let access_token = self.access_token.as_ref().map(|(_, end)| *end);
        if exchanged.max(access_token).is_some_and(|end| end > now) {
            return Ok(());
        }
        Err(
            "the login by OAuth has expired (sts_expiration, oauth_access_token_expire); use the \
             aliyun CLI once, which renews it, or log in again with it"
                .to_owned(),
        )
    }

    pub(super) async fn load(&self, around: &Surroundings) -> Result<Credentials, SourceError> {
        let now = around.clock.now();
        self.check(now).map_err(SourceError::Broken)?;
        let token = self.access_token.as_ref().filter(|(_, end)| *end > now);
        let good_for_long = |end: Timestamp| end.duration_since(now) > FRESH;
        match (&self.exchanged, token) {
            (Some((_, end)), Some((token, _))) if !good_for_long(*end) => {
                self.exchange(token, around).await
            }
            (Some((key, end)), _) => Ok(Credentials {
                key: key.clone(),
                expires: Some(*end),
                provider: String::new(),
            }),
            (None, Some((token, _))) => self.exchange(token, around).await,
            (None, None) => Err(SourceError::Broken("there is no login by OAuth".to_owned())),
        }
    }

    async fn exchange(
        &self,
        token: &Hidden,
        around: &Surroundings,
    ) -> Result<Credentials, SourceError> {
        let host = self.site.host();
        let who = format!("OAuth at {host}");
        let request = HttpRequest {
            method: Method::POST,
            url: format!("https://{host}/v1/exchange"),
            headers: vec![
                ("accept".to_owned(), "application/json".to_owned()),
                ("content-type".to_owned(), "application/json".to_owned()),
                (
                    "authorization".to_owned(),
                    // EXPOSE: to the service that gave it.
                    format!("Bearer {}", token.0.expose()),
                ),
            ],
            body: Vec::new(),
            limits: LIMITS,
        };
        let response = answer::ask(&who, request, around).await?;
        answer::read::<Temporary>(&who, &response)?.credentials(&who)
    }
}

// === impl Site ===

impl Site {
    /// `CN` unless said otherwise, in any case.
    pub(crate) fn parse(text: Option<&str>) -> Result<Self, String> {
        match text.map(str::to_ascii_uppercase).as_deref() {
            None | Some("CN") => Ok(Self::China),
            Some("INTL") => Ok(Self::International),
            Some(_) => Err("oauth_site_type is neither CN nor INTL".to_owned()),
        }
    }

    fn host(self) -> &'static str {
        match self {
            Self::China => "oauth.aliyun.com",
            Self::International => "oauth.alibabacloud.com",
        }
    }
}
