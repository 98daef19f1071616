//! One module per source of credentials. A source is found in two steps: what is
//! configured is read into a [`Recipe`], which needs no network; then the recipe is
//! followed.

use kms_types::{ParseIdError, Secret};
use kms_wire::sign::SigningKey;

use crate::{Credentials, Surroundings};

pub(crate) mod env;

/// How to come by credentials.
#[derive(Clone, Debug)]
pub(crate) enum Recipe {
    /// They are at hand.
    Fixed(SigningKey),
}

/// Why a source has none. The texts name files, keys and variables, never values.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum SourceError {
    /// Not configured: the next one is tried.
    Absent(String),
    /// Configured, but wrong.
    Broken(String),
    /// Configured, but a service does not answer now.
    Unreachable(String),
}

// === impl Recipe ===

impl Recipe {
    /// Comes by them. `label` says where the recipe was found, `default/env`.
    pub(crate) async fn follow(
        &self,
        label: &str,
        _around: &Surroundings,
    ) -> Result<Credentials, SourceError> {
        match self {
            Self::Fixed(key) => Ok(Credentials {
                key: key.clone(),
                expires: None,
                provider: label.to_owned(),
            }),
        }
    }
}

/// A key from its three parts; an empty token counts as none.
pub(crate) fn signing_key(
    id: &str,
    secret: &str,
    token: Option<&str>,
) -> Result<SigningKey, ParseIdError> {
    Ok(SigningKey {
        access_key_id: id.parse()?,
        access_key_secret: Secret::from(secret),
        security_token: token.filter(|token| !token.is_empty()).map(Secret::from),
    })
}
