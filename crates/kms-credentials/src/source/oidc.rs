//! A role for a token of an identity provider: RRSA on ACK.

use std::{fmt, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use kms_types::{Env, Secret};

use super::{Recipe, Role, SourceError, file, sts};
use crate::{Credentials, Surroundings};

/// A role that STS gives for a token.
#[derive(Clone, Debug)]
pub struct OidcRole {
    /// Which role, and for how long.
    pub role: Role,
    /// `acs:ram::<account>:oidc-provider/<name>`.
    pub provider_arn: String,
    /// What proves who asks.
    pub token: OidcToken,
}

/// Where the token of an identity provider comes from, each time that one is needed.
#[derive(Clone)]
pub enum OidcToken {
    /// Out of a file, which the kubelet writes anew all the time.
    File(PathBuf),
    /// From somebody who issues one.
    Issued(Arc<dyn IssueToken>),
}

/// Issues tokens of an identity provider, as Kubernetes does for a ServiceAccount.
#[async_trait]
pub trait IssueToken: Send + Sync {
    /// A token that is good now.
    ///
    /// # Errors
    /// Why there is none now, in a sentence that holds no token.
    async fn token(&self) -> Result<Secret<String>, String>;
}

const TOKEN_FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";
const PROVIDER: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
const ROLE: &str = "ALIBABA_CLOUD_ROLE_ARN";

/// By the variables that ACK's webhook sets, all three of them.
pub(crate) fn find(env: &Env) -> Result<Recipe, SourceError> {
    let (Some(token_file), Some(provider_arn), Some(arn)) =
        (env.get(TOKEN_FILE), env.get(PROVIDER), env.get(ROLE))
    else {
        let missing: Vec<&str> = [TOKEN_FILE, PROVIDER, ROLE]
            .into_iter()
            .filter(|name| env.get(name).is_none())
            .collect();
        let verb = if missing.len() == 1 { "is" } else { "are" };
        return Err(SourceError::Absent(format!(
            "{} {verb} not set",
            missing.join(" and ")
        )));
    };
    Ok(Recipe::Oidc(OidcRole {
        role: Role {
            arn: arn.to_owned(),
            ..Role::default()
        },
        provider_arn: provider_arn.to_owned(),
        token: OidcToken::File(PathBuf::from(token_file)),
    }))
}

// === impl OidcRole ===

impl OidcRole {
    pub(super) async fn load(&self, around: &Surroundings) -> Result<Credentials, SourceError> {
        let token = self.token.read(around).await?;
        // EXPOSE: into the body of the call that trades it for credentials.
        let token = token.expose().trim();
        if token.is_empty() || !token.bytes().all(is_token_byte) {
            return Err(SourceError::Broken(self.token.none()));
        }
        let mut params = self.role.params(around)?;
        params.push("OIDCProviderArn", &*self.provider_arn);
        params.push("OIDCToken", token);
        sts::assume_role_with_token(&params, &self.role, around).await
    }
}

// === impl OidcToken ===

impl OidcToken {
    async fn read(&self, around: &Surroundings) -> Result<Secret<String>, SourceError> {
        match self {
            Self::File(path) => file::text(path, around)
                .await
                .map_err(|(_, why)| SourceError::Broken(format!("the OIDC token: {why}"))),
            Self::Issued(issuer) => issuer
                .token()
                .await
                .map_err(|why| SourceError::Unreachable(format!("the OIDC token: {why}"))),
        }
    }

    fn none(&self) -> String {
        match self {
            Self::File(path) => format!("{} holds no token", path.display()),
            Self::Issued(_) => "the OIDC token that was issued is none".to_owned(),
        }
    }
}

impl fmt::Debug for OidcToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Issued(_) => f.write_str("Issued"),
        }
    }
}

/// A JWT is base64url in three parts (RFC 7519).
fn is_token_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'=')
}
