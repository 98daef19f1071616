use std::sync::Arc;

use async_trait::async_trait;
use kms_wire::sign::SigningKey;

use crate::{
    Credentials, CredentialsError, OidcRole, ProvideCredentials, Role, Surroundings,
    cache::{Cached, Search},
    source::{self, EcsRole, Reached, Recipe, SourceError, cli, ini, uri},
};

/// Where credentials come from when a program says so itself and nothing is searched for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Source {
    /// A fixed AccessKey, or temporary credentials that somebody else renews.
    AccessKey(SigningKey),
    /// A profile of the `aliyun` CLI's configuration, whatever its mode.
    CliProfile(String),
    /// A section of the INI file that the SDKs share.
    IniSection(String),
    /// The role of the ECS machine; which one, the metadata service is asked if absent.
    EcsRole(Option<String>),
    /// A role for a token of an identity provider: RRSA on ACK.
    OidcRole(OidcRole),
    /// The first of several that has credentials.
    FirstOf(FirstOf),
    /// A URL that answers with credentials, as a sidecar does.
    Uri(String),
    /// A role that another source may take.
    Role {
        /// Who asks for it.
        source: Box<Self>,
        /// For which role.
        role: Role,
    },
}

/// Sources in an order, of which the first that has credentials counts.
///
/// One that is missing or broken, or is refused a role, passes to the next; one whose service
/// does not answer now is waited for. Once a source had credentials those after it are asked
/// no more: that it fails later does not turn the program into somebody else.
#[derive(Clone, Debug)]
pub struct FirstOf {
    sources: Vec<Source>,
    reached: Reached,
}

/// Credentials of one [`Source`]: kept, and renewed before their end as those of
/// [`DefaultCredentials`](crate::DefaultCredentials) are. Needs a Tokio runtime.
pub struct NamedCredentials(Cached);

struct Named {
    source: Source,
    around: Surroundings,
}

// === impl Source ===

impl Source {
    /// The credentials of this source in these surroundings. Nothing is read before the
    /// first call; what is missing is an error then.
    pub fn credentials(self, around: Surroundings) -> NamedCredentials {
        let clock = Arc::clone(&around.clock);
        NamedCredentials(Cached::new(
            Named {
                source: self,
                around,
            },
            clock,
        ))
    }

    /// As the official SDKs call it.
    fn name(&self) -> &'static str {
        match self {
            Self::AccessKey(key) if key.security_token.is_some() => "static_sts",
            Self::AccessKey(_) => "static_ak",
            Self::CliProfile(_) => "cli_profile",
            Self::IniSection(_) => "profile",
            Self::EcsRole(_) => "ecs_ram_role",
            Self::OidcRole(_) => "oidc_role_arn",
            Self::FirstOf(_) => "first_of",
            Self::Uri(_) => "credential_uri",
            Self::Role { .. } => "ram_role_arn",
        }
    }

    /// What those put behind the name: what was found there.
    fn label(&self, recipe: &Recipe) -> String {
        match self {
            Self::CliProfile(_) | Self::IniSection(_) => {
                format!("{}/{}", self.name(), recipe.label())
            }
            _ => recipe.label(),
        }
    }

    async fn recipe(&self, around: &Surroundings) -> Result<Recipe, SourceError> {
        Ok(match self {
            Self::AccessKey(key) => Recipe::Fixed(key.clone()),
            Self::CliProfile(name) => cli::named(name, around).await?,
            Self::IniSection(name) => ini::named(name, around).await?,
            Self::EcsRole(name) => Recipe::Ecs(EcsRole {
                name: name.clone(),
                expected: true,
            }),
            Self::OidcRole(role) => Recipe::Oidc(role.clone()),
            Self::FirstOf(first) => Recipe::FirstOf(first.recipes(around).await),
            Self::Uri(url) => {
                uri::check("the credentials URI", url)?;
                Recipe::Uri(url.clone())
            }
            Self::Role { source, role } => Recipe::Role {
                // Boxed, for a source within a source has no size of its own.
                source: Box::new(Box::pin(source.recipe(around)).await?),
                role: role.clone(),
            },
        })
    }

    async fn load(&self, around: &Surroundings) -> Result<Credentials, SourceError> {
        let recipe = self.recipe(around).await?;
        recipe.follow(&self.label(&recipe), around).await
    }
}

// === impl FirstOf ===

impl FirstOf {
    /// In this order.
    pub fn new(sources: Vec<Source>) -> Self {
        Self {
            sources,
            reached: Reached::nowhere(),
        }
    }

    async fn recipes(&self, around: &Surroundings) -> source::FirstOf {
        let mut recipes = Vec::with_capacity(self.sources.len());
        for source in &self.sources {
            // Boxed, for a source within a source has no size of its own.
            let recipe = Box::pin(source.recipe(around)).await;
            let label = recipe.as_ref().map_or_else(
                |_none| source.name().to_owned(),
                |recipe| source.label(recipe),
            );
            recipes.push((label, recipe));
        }
        source::FirstOf {
            recipes,
            reached: self.reached.clone(),
        }
    }
}

// === impl Named ===

#[async_trait]
impl Search for Named {
    async fn search(&self) -> Result<Credentials, CredentialsError> {
        let source_name = self.source.name();
        self.source
            .load(&self.around)
            .await
            .map_err(|error| match error {
                // Nothing comes after a source that was named.
                SourceError::Absent(reason) | SourceError::Broken(reason) => {
                    CredentialsError::Broken {
                        source_name,
                        reason,
                    }
                }
                SourceError::Unreachable(reason) => CredentialsError::Unreachable {
                    source_name,
                    reason,
                },
            })
    }
}

// === impl NamedCredentials ===

#[async_trait]
impl ProvideCredentials for NamedCredentials {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        self.0.credentials().await
    }

    async fn refused(&self, credentials: &Credentials) -> bool {
        self.0.refused(credentials).await
    }
}

#[cfg(test)]
mod tests;
