//! One module per source of credentials. A source is found in two steps: what is
//! configured is read into a [`Recipe`], which needs no network; then the recipe is
//! followed.

use jiff::Timestamp;
use kms_types::Secret;
use kms_wire::sign::SigningKey;

use crate::{Credentials, Surroundings};

pub(crate) mod cli;
pub(crate) mod ecs;
pub(crate) mod env;
pub(crate) mod ini;
pub(crate) mod oidc;
pub(crate) mod uri;

mod answer;
mod cloud_sso;
mod external;
mod file;
mod first_of;
mod oauth;
mod role;
mod sts;

pub(crate) use answer::Hidden;
pub(crate) use cloud_sso::CloudSso;
pub(crate) use ecs::EcsRole;
pub(crate) use first_of::{FirstOf, Reached};
pub(crate) use oauth::{OAuth, Site};
pub use oidc::{IssueToken, OidcRole, OidcToken};
pub use role::Role;

/// How to come by credentials.
#[derive(Clone, Debug)]
pub(crate) enum Recipe {
    /// The CLI's login at CloudSSO, as long as its token is good.
    CloudSso(CloudSso),
    /// From the metadata service.
    Ecs(EcsRole),
    /// A program prints them.
    External(String),
    /// The first of several that brings some.
    FirstOf(FirstOf),
    /// They are at hand.
    Fixed(SigningKey),
    /// The CLI's login by OAuth, as long as what it keeps is good.
    OAuth(OAuth),
    /// STS gives them for a token of an identity provider.
    Oidc(OidcRole),
    /// STS gives them to other credentials.
    Role {
        /// Who asks.
        source: Box<Recipe>,
        /// For which role.
        role: Role,
    },
    /// A URL answers with them.
    Uri(String),
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
    /// What the official SDKs call the provider, `ram_role_arn/static_ak`.
    pub(crate) fn label(&self) -> String {
        match self {
            Self::CloudSso(_) => "cloud_sso".to_owned(),
            Self::Ecs(_) => "ecs_ram_role".to_owned(),
            Self::External(_) => "external".to_owned(),
            Self::FirstOf(_) => "first_of".to_owned(),
            Self::Fixed(key) if key.security_token.is_some() => "static_sts".to_owned(),
            Self::Fixed(_) => "static_ak".to_owned(),
            Self::OAuth(_) => "oauth".to_owned(),
            Self::Oidc(_) => "oidc_role_arn".to_owned(),
            Self::Role { source, .. } => format!("ram_role_arn/{}", source.label()),
            Self::Uri(_) => "credential_uri".to_owned(),
        }
    }

    /// What can be said to be wrong with it before anybody is asked.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), String> {
        match self {
            Self::CloudSso(login) => login.check(now),
            Self::OAuth(login) => login.check(now),
            Self::Role { source, .. } => source.check(now),
            _ => Ok(()),
        }
    }

    /// Comes by them. `label` says where the recipe was found, `default/env`.
    pub(crate) async fn follow(
        &self,
        label: &str,
        around: &Surroundings,
    ) -> Result<Credentials, SourceError> {
        let mut credentials = match self {
            Self::CloudSso(login) => login.load(around).await?,
            Self::Ecs(role) => role.load(around).await?,
            Self::External(line) => external::load(line, around).await?,
            // Which it was, its credentials say.
            Self::FirstOf(recipes) => return recipes.load(label, around).await,
            Self::Fixed(key) => Credentials {
                key: key.clone(),
                expires: None,
                provider: String::new(),
            },
            Self::OAuth(login) => login.load(around).await?,
            Self::Oidc(role) => role.load(around).await?,
            Self::Role { source, role } => {
                // Boxed, for a recipe within a recipe has no size of its own.
                let source = Box::pin(source.follow(label, around)).await?;
                sts::assume_role(&source, role, around).await?
            }
            Self::Uri(url) => uri::load(url, around).await?,
        };
        label.clone_into(&mut credentials.provider);
        Ok(credentials)
    }
}

// === impl SourceError ===

impl SourceError {
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Absent(text) | Self::Broken(text) | Self::Unreachable(text) => text,
        }
    }
}

/// A key from its three parts, of which `names` are the names where they were found; an
/// empty token counts as none. What cannot travel in a request is refused here, where it
/// can be said what to mend.
pub(crate) fn signing_key(
    names: [&str; 3],
    id: &str,
    secret: Secret<String>,
    token: Option<Secret<String>>,
) -> Result<SigningKey, String> {
    let [id_name, secret_name, token_name] = names;
    let access_key_id = id.parse().map_err(|why| format!("{id_name} is {why}"))?;
    // EXPOSE: looked at for what no AccessKey has.
    if secret.expose().contains(char::is_control) {
        return Err(format!(
            "{secret_name} holds a line feed or another control character"
        ));
    }
    // EXPOSE: looked at for its length.
    let token = token.filter(|token| !token.expose().is_empty());
    if token.as_ref().is_some_and(|token| !is_token(token)) {
        return Err(format!(
            "{token_name} holds characters that no token has: blanks, line feeds or others"
        ));
    }
    Ok(SigningKey {
        access_key_id,
        access_key_secret: secret,
        security_token: token,
    })
}

/// Whether it can travel in a header.
pub(crate) fn is_token(token: &Secret<String>) -> bool {
    // EXPOSE: looked at for characters that cannot be sent.
    token.expose().bytes().all(|byte| byte.is_ascii_graphic())
}
