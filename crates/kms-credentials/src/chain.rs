use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::{
    Credentials, CredentialsError, Surroundings,
    cache::Search,
    source::{Recipe, SourceError, cli, ecs, env, ini, oidc, uri},
};

/// The search through all sources in the official order (reference kms-api §6.1).
///
/// The source that had credentials once is asked first from then on, so that a failure
/// of its own does not turn the program into somebody else.
pub(crate) struct Chain {
    around: Surroundings,
    last: Mutex<Option<Place>>,
}

/// A place in the order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    Env,
    Oidc,
    Cli,
    Ini,
    Ecs,
    Uri,
}

// === impl Place ===

impl Place {
    const ORDER: [Self; 6] = [
        Self::Env,
        Self::Oidc,
        Self::Cli,
        Self::Ini,
        Self::Ecs,
        Self::Uri,
    ];

    /// As the official SDKs call it.
    fn name(self) -> &'static str {
        match self {
            Self::Env => "env",
            Self::Oidc => "oidc_role_arn",
            Self::Cli => "cli_profile",
            Self::Ini => "profile",
            Self::Ecs => "ecs_ram_role",
            Self::Uri => "credential_uri",
        }
    }

    async fn find(self, around: &Surroundings) -> Result<Recipe, SourceError> {
        match self {
            Self::Env => env::find(&around.env),
            Self::Oidc => oidc::find(&around.env),
            Self::Cli => cli::find(around).await,
            Self::Ini => ini::find(around).await,
            Self::Ecs => ecs::find(&around.env),
            Self::Uri => uri::find(&around.env),
        }
    }

    async fn load(self, around: &Surroundings) -> Result<Credentials, SourceError> {
        let recipe = self.find(around).await?;
        let name = self.name();
        let label = match self {
            // These two say what they found; the others are what they found.
            Self::Cli | Self::Ini => format!("default/{name}/{}", recipe.label()),
            _ => format!("default/{name}"),
        };
        recipe.follow(&label, around).await
    }
}

// === impl Chain ===

impl Chain {
    pub(crate) fn new(around: Surroundings) -> Self {
        Self {
            around,
            last: Mutex::new(None),
        }
    }

    fn last(&self) -> Option<Place> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, place: Place) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
    }
}

#[async_trait]
impl Search for Chain {
    async fn search(&self) -> Result<Credentials, CredentialsError> {
        let last = self.last();
        let order = last.into_iter().chain(
            Place::ORDER
                .into_iter()
                .filter(|place| Some(*place) != last),
        );
        let mut attempts = Vec::new();
        for place in order {
            let source_name = place.name();
            match place.load(&self.around).await {
                Ok(credentials) => {
                    self.remember(place);
                    return Ok(credentials);
                }
                Err(SourceError::Absent(why)) => attempts.push(format!("{source_name}: {why}")),
                Err(SourceError::Broken(reason)) => {
                    return Err(CredentialsError::Broken {
                        source_name,
                        reason,
                    });
                }
                Err(SourceError::Unreachable(reason)) => {
                    return Err(CredentialsError::Unreachable {
                        source_name,
                        reason,
                    });
                }
            }
        }
        let attempts = attempts.join("; ");
        match last {
            // It was there a while ago, so it may come back.
            Some(place) => Err(CredentialsError::Unreachable {
                source_name: place.name(),
                reason: attempts,
            }),
            None => Err(CredentialsError::NotFound { attempts }),
        }
    }
}
