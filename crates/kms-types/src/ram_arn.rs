use std::{fmt, str::FromStr};

use thiserror::Error;

use crate::{AccountId, OidcProviderName, RoleName};

/// Text that is no ARN of the wanted kind.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("not of the form acs:ram::<account>:{kind}/<name>")]
pub struct ParseRamArnError {
    kind: &'static str,
}

macro_rules! ram_arn {
    ($(#[$doc:meta])* $arn:ident, $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        pub struct $arn {
            /// Who owns it.
            pub account: AccountId,
            /// Its name there.
            pub name: $name,
        }

        impl FromStr for $arn {
            type Err = ParseRamArnError;

            fn from_str(text: &str) -> Result<Self, ParseRamArnError> {
                let parse = || {
                    let (account, resource) = text.strip_prefix("acs:ram::")?.split_once(':')?;
                    Some(Self {
                        account: account.parse().ok()?,
                        name: resource.strip_prefix($kind)?.strip_prefix('/')?.parse().ok()?,
                    })
                };
                parse().ok_or(ParseRamArnError { kind: $kind })
            }
        }

        impl fmt::Display for $arn {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "acs:ram::{}:{}/{}", self.account, $kind, self.name)
            }
        }
    };
}

ram_arn! {
    /// A RAM role's full name: `acs:ram::<account>:role/<name>`.
    RoleArn, RoleName, "role"
}

ram_arn! {
    /// The full name of an OIDC identity provider in RAM:
    /// `acs:ram::<account>:oidc-provider/<name>`.
    OidcProviderArn, OidcProviderName, "oidc-provider"
}

#[cfg(test)]
mod tests;
