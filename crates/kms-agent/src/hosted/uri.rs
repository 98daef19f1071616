//! The route of CredentialsURI: `/credentials/<secret>`.

use std::borrow::Cow;

use kms_types::{SecretName, SecretRef};

use crate::{ServerSettings, UriToken, http::decode};

/// The route, if there is one.
#[derive(Debug)]
pub(crate) struct CredentialsUri {
    secrets: Vec<SecretName>,
    token: UriToken,
}

/// A token in the request's target.
pub(crate) struct Carried<'a> {
    /// The word for its place, for the log.
    pub(crate) place: &'static str,
    /// How many there are; none: the header counts.
    pub(crate) count: usize,
    /// The first of them. What cannot be decoded is a token that opens nothing.
    pub(crate) token: Cow<'a, str>,
}

/// Where the route begins.
pub(crate) const PREFIX: &str = "/credentials/";

/// The query's parameter.
const PARAMETER: &str = "token";

// === impl CredentialsUri ===

impl CredentialsUri {
    pub(crate) fn of(server: &ServerSettings) -> Option<Self> {
        let secrets = server.credentials_uri_secrets.clone();
        (!secrets.is_empty()).then_some(Self {
            secrets,
            token: server.credentials_uri_token,
        })
    }

    /// The token that a target carries in itself: on this route alone, and as configured. For
    /// SDKs that are given a URL and send no header of ours.
    pub(crate) fn carried<'a>(&self, path: &'a str, query: &'a str) -> Option<Carried<'a>> {
        let rest = path.strip_prefix(PREFIX)?;
        match self.token {
            UriToken::Header => None,
            UriToken::Path => Some(Carried {
                place: "path",
                count: 1,
                token: decoded(rest.split('/').next().unwrap_or_default()),
            }),
            UriToken::Query => {
                let mut tokens = query.split('&').filter_map(|pair| {
                    let (name, value) = pair.split_once('=')?;
                    (decoded(name) == PARAMETER).then_some(value)
                });
                let first = tokens.next();
                Some(Carried {
                    place: "query",
                    count: usize::from(first.is_some()) + tokens.count(),
                    token: decoded(first.unwrap_or_default()),
                })
            }
        }
    }

    /// The name in a path of this route, undecoded.
    pub(crate) fn name<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(PREFIX)?;
        match self.token {
            UriToken::Header | UriToken::Query => Some(rest),
            UriToken::Path => Some(rest.split_once('/').map_or("", |(_token, name)| name)),
        }
    }

    pub(crate) fn offers(&self, secret: &SecretRef) -> bool {
        matches!(secret, SecretRef::Name(name) if self.secrets.contains(name))
    }
}

fn decoded(raw: &str) -> Cow<'_, str> {
    decode(raw).unwrap_or_default()
}

#[cfg(test)]
mod tests;
