use std::collections::BTreeMap;

use super::{RouteError, decode::decode, query::Query};
use crate::{
    ResponseType, Rule, SecretRequest, Settings,
    hosted::{Carried, CredentialsUri},
    vault,
};

/// Where a request goes.
#[derive(Debug)]
pub(crate) enum Route {
    /// A secret is read.
    Secret(Read),
    /// A route of Vault's that is answered without KMS.
    Vault(vault::Local),
}

/// One read of a secret.
#[derive(Debug)]
pub(crate) struct Read {
    /// What is asked for.
    pub(crate) request: SecretRequest,
    /// Which of the rendered answers is wanted.
    pub(crate) shape: Shape,
    /// How many parameters of the request nobody knows.
    pub(crate) unknown_parameters: u64,
}

/// Which form of the answer is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shape {
    /// KV 1, and the one form that KMS's and AWS's answers have.
    Plain,
    /// KV 2.
    Kv2,
    /// The AccessKey in it, as CredentialsURI has it.
    AccessKey,
}

/// Turns request targets into [`Route`]s, as the configuration says.
#[derive(Debug)]
pub(crate) struct Router {
    prefix: String,
    vault: bool,
    mounts: BTreeMap<String, u8>,
    lenient: bool,
    credentials_uri: Option<CredentialsUri>,
}

// === impl SecretRequest ===

impl SecretRequest {
    /// What a request target (path and query, as sent) asks for under these settings;
    /// `None` if it is a route of Vault's that is answered without KMS.
    ///
    /// # Errors
    /// [`RouteError`].
    pub fn from_target(settings: &Settings, target: &str) -> Result<Option<Self>, RouteError> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Ok(match Router::new(settings, &[]).route(path, query)? {
            Route::Secret(read) => Some(read.request),
            Route::Vault(_) => None,
        })
    }
}

// === impl Router ===

impl Router {
    pub(crate) fn new(settings: &Settings, relaxed: &[Rule]) -> Self {
        let server = &settings.server;
        Self {
            prefix: server.path_prefix.clone(),
            vault: server.response_type == ResponseType::Vault,
            mounts: server.vault_mounts.clone(),
            lenient: relaxed.contains(&Rule::RepeatedParameter),
            credentials_uri: CredentialsUri::of(server),
        }
    }

    /// What this target carries as a token in itself; see [`CredentialsUri::carried`].
    pub(crate) fn carried<'a>(&self, path: &'a str, query: &'a str) -> Option<Carried<'a>> {
        self.credentials_uri.as_ref()?.carried(path, query)
    }

    /// Path and query as they came, undecoded. The one place where a target is read.
    pub(crate) fn route(&self, path: &str, query: &str) -> Result<Route, RouteError> {
        if path == "/secretsmanager/get" {
            let query = Query::parse(query, self.lenient)?;
            let secret = query.secret_id.as_deref().ok_or(RouteError::Missing)?;
            return read(secret, &query, Shape::Plain, query.version_id.as_deref());
        }
        if let Some(uri) = &self.credentials_uri
            && let Some(raw) = uri.name(path)
        {
            let secret = decode(raw)?.parse()?;
            if !uri.offers(&secret) {
                return Err(RouteError::NotOffered);
            }
            return Ok(Route::Secret(Read {
                request: SecretRequest {
                    secret,
                    version_id: None,
                    version_stage: None,
                },
                shape: Shape::AccessKey,
                unknown_parameters: 0,
            }));
        }
        let raw = path
            .strip_prefix(&self.prefix)
            .ok_or(RouteError::NotFound)?;
        if raw.is_empty() {
            return Err(RouteError::Missing);
        }
        let name = decode(raw)?;
        let query = Query::parse(query, self.lenient)?;
        if self.vault {
            return self.vault(&name, &query);
        }
        read(&name, &query, Shape::Plain, query.version_id.as_deref())
    }

    fn vault(&self, path: &str, query: &Query<'_>) -> Result<Route, RouteError> {
        if let Some(local) = vault::Local::at(path, &self.mounts) {
            return Ok(Route::Vault(local));
        }
        if query.list.as_deref().is_some_and(|list| list == "true") {
            return Err(RouteError::List);
        }
        let Some((mount, version)) = vault::mount_of(path, &self.mounts) else {
            return read(path, query, Shape::Plain, query.version_id.as_deref());
        };
        let name = path
            .get(mount.len()..)
            .map(|rest| rest.trim_start_matches('/'))
            .unwrap_or_default();
        match (version, name.strip_prefix("data/")) {
            (2, Some(name)) => {
                let asked = query.version.as_deref().map(vault_version).transpose()?;
                let version_id = query.version_id.as_deref().or(asked
                    .as_ref()
                    .and_then(|version: &Option<String>| version.as_deref()));
                read(name, query, Shape::Kv2, version_id)
            }
            _ => read(name, query, Shape::Plain, query.version_id.as_deref()),
        }
    }
}

fn read(
    secret: &str,
    query: &Query<'_>,
    shape: Shape,
    version_id: Option<&str>,
) -> Result<Route, RouteError> {
    let request = SecretRequest {
        secret: secret.parse()?,
        version_id: version_id.map(str::parse).transpose()?,
        version_stage: query.version_stage.as_deref().map(str::parse).transpose()?,
    };
    Ok(Route::Secret(Read {
        request,
        shape,
        unknown_parameters: query.unknown,
    }))
}

/// Vault counts versions, KMS names them: 0 is the current one, `N` is `vN`
/// (security reference §4.3).
fn vault_version(text: &str) -> Result<Option<String>, RouteError> {
    match text.parse::<u64>() {
        Ok(0) => Ok(None),
        Ok(version) => Ok(Some(format!("v{version}"))),
        Err(_) => Err(RouteError::Version),
    }
}

#[cfg(test)]
mod tests;
