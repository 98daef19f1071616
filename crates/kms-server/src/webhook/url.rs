use std::{fmt, str::FromStr};

use http::Uri;
use kms_credentials::is_loopback;
use thiserror::Error;

/// Where a webhook is: `https://…`, or `http://…` on this machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WebhookUrl(Uri);

/// Text that is none.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("must be https://…, or http:// and a loopback address, without a user")]
pub struct ParseWebhookUrlError;

impl WebhookUrl {
    /// Whether calls go over TLS.
    pub fn is_tls(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    /// Without the brackets of an IPv6 address.
    pub(super) fn host(&self) -> &str {
        let host = self.0.host().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']')
    }

    pub(super) fn port(&self) -> u16 {
        let usual = if self.is_tls() { 443 } else { 80 };
        self.0.port_u16().unwrap_or(usual)
    }

    pub(super) fn authority(&self) -> &str {
        self.0
            .authority()
            .map_or("", |authority| authority.as_str())
    }

    pub(super) fn path(&self) -> &str {
        self.0.path_and_query().map_or("/", |path| path.as_str())
    }
}

impl FromStr for WebhookUrl {
    type Err = ParseWebhookUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_no_uri| ParseWebhookUrlError)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(ParseWebhookUrlError);
        };
        let host = authority.host();
        let is_fine = !host.is_empty()
            && !authority.as_str().contains('@')
            && match scheme {
                "https" => true,
                "http" => is_loopback(host),
                _ => false,
            };
        if is_fine {
            Ok(Self(uri))
        } else {
            Err(ParseWebhookUrlError)
        }
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
