//! Hosted AccessKeys as the properties file of the official plug-ins configures them.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use kms_credentials::{ClientKey, ClientKeyContentError, ClientKeyError, read_file};
use kms_types::{Clock, Env, Secret, SecretRef, SystemClock};
use thiserror::Error;

use super::{
    ManagedAccessKey, ManagedConfig, ManagedConfigError, Pace, ReadSecret, Regions,
    config::{Caller, Gateway, KeyText, Password},
};
use crate::{Client, ClientKeyFile, ClientKeyPassword, Connection, TransportError};

/// Hosted AccessKeys by name, read where and as `managed_credentials_providers.properties`
/// says. One handle for each name, however often it is asked for. Needs a Tokio runtime.
pub struct ManagedAccessKeys {
    source: Arc<dyn ReadSecret>,
    pace: Pace,
    clock: Arc<dyn Clock>,
    keys: Mutex<HashMap<SecretRef, ManagedAccessKey>>,
}

/// Why a properties file cannot be used. Names files, keys and variables, never values.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenManagedError {
    /// It cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{}: {reason}", path.display())]
    Config {
        /// Which file.
        path: PathBuf,
        /// What.
        #[source]
        reason: ManagedConfigError,
    },
    /// The ClientKey's file or its password's.
    #[error(transparent)]
    ClientKey(#[from] ClientKeyError),
    /// A ClientKey that stands in the file itself.
    #[error("clientKeyContent {0}")]
    ClientKeyContent(#[from] ClientKeyContentError),
    /// The variable that holds the password, or the name of what does.
    #[error("the variable {variable}, which the password of the ClientKey hangs on, is not set")]
    NoPassword {
        /// Which one.
        variable: String,
    },
    /// CA files, proxy variables, TLS.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// What a configuration is connected with.
struct Around<'a> {
    env: &'a Env,
    /// Where files lie that are not in the working directory.
    folder: PathBuf,
    clock: Arc<dyn Clock>,
}

/// A file has some hundred bytes, with ClientKeys in it some thousand.
const LARGEST: usize = 1 << 20;

// === impl ManagedAccessKeys ===

impl ManagedAccessKeys {
    /// Reads a properties file as it is, and begins to read the keys of its `secret_names`.
    /// What it says and nothing here needs is told in the log. Paths in it are looked for in
    /// the working directory, then beside the file.
    ///
    /// # Errors
    /// [`OpenManagedError`], for the first thing that is wrong. No secret is asked for.
    pub fn from_properties(path: &Path, env: &Env) -> Result<Self, OpenManagedError> {
        Self::from_properties_at(path, env, Arc::new(SystemClock))
    }

    /// The same by another clock.
    ///
    /// # Errors
    /// As there.
    pub fn from_properties_at(
        path: &Path,
        env: &Env,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenManagedError> {
        let bytes = read_file(path, LARGEST).map_err(|source| OpenManagedError::Read {
            path: path.to_owned(),
            source,
        })?;
        let config = ManagedConfig::parse(&bytes).map_err(|reason| OpenManagedError::Config {
            path: path.to_owned(),
            reason,
        })?;
        for warning in config.warnings() {
            tracing::warn!(file = %path.display(), "{warning}");
        }
        let around = Around {
            env,
            folder: path.parent().map(Path::to_owned).unwrap_or_default(),
            clock: Arc::clone(&clock),
        };
        let mut clients = Vec::new();
        for gateway in &config.gateways {
            clients.push(gateway.open(&around)?);
        }
        let mut clients = clients.into_iter();
        let Some(first) = clients.next() else {
            return Err(OpenManagedError::Config {
                path: path.to_owned(),
                reason: ManagedConfigError::Missing {
                    key: "cache_client_region_id".to_owned(),
                    hint: "where secrets are read",
                },
            });
        };
        let keys = Self {
            source: Arc::new(Regions::new(first, clients)),
            pace: config.pace,
            clock,
            keys: Mutex::default(),
        };
        for name in config.secret_names {
            drop(keys.key(&name));
        }
        Ok(keys)
    }

    /// The key hosted under this name: the handle that there is, else a new one.
    pub fn key(&self, secret: &SecretRef) -> ManagedAccessKey {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let key = keys.entry(secret.clone()).or_insert_with(|| {
            ManagedAccessKey::builder(secret.clone(), Arc::clone(&self.source))
                .pace(self.pace)
                .clock(Arc::clone(&self.clock))
                .open()
        });
        key.clone()
    }
}

// === impl Gateway ===

impl Gateway {
    fn open(&self, around: &Around<'_>) -> Result<Client, OpenManagedError> {
        let mut connection = Connection::new(around.env.clone(), self.region.clone())
            .endpoint(self.endpoint.clone())
            .clock(Arc::clone(&around.clock));
        if let Some(path) = &self.ca_file {
            connection = connection.ca_file(around.file(path));
        }
        let connection = match &self.caller {
            Caller::Source(source) => connection.source(source.clone()),
            Caller::ClientKey { key, password } => {
                let password = password.find(around)?;
                match key {
                    KeyText::File(path) => connection.identity(ClientKeyFile::open(
                        around.file(path),
                        password,
                        Arc::clone(&around.clock),
                    )?),
                    KeyText::Content(content) => {
                        // EXPOSE: as the bytes that a file would have.
                        let content = Secret::new(content.expose().clone().into_bytes());
                        connection.identity(ClientKey::parse(&content, &password.read()?)?)
                    }
                }
            }
        };
        Ok(connection.open()?)
    }
}

// === impl Password ===

impl Password {
    fn find(&self, around: &Around<'_>) -> Result<ClientKeyPassword, OpenManagedError> {
        let variable = |name: &str| {
            let value = around.env.get(name);
            value.ok_or_else(|| OpenManagedError::NoPassword {
                variable: name.to_owned(),
            })
        };
        let value = |text: &str| ClientKeyPassword::Value(Secret::from(text));
        Ok(match self {
            Self::File(path) => ClientKeyPassword::File(around.file(path)),
            Self::FileNamedBy(name) => {
                ClientKeyPassword::File(around.file(Path::new(variable(name)?)))
            }
            Self::Variable(name) => value(variable(name)?),
            Self::VariableNamedBy(name) => {
                let named = variable(name)?;
                value(around.env.get(named).unwrap_or(named))
            }
            Self::Value(password) => ClientKeyPassword::Value(password.clone()),
        })
    }
}

// === impl Around ===

impl Around<'_> {
    /// As given, if that is there; else beside the properties file.
    fn file(&self, path: &Path) -> PathBuf {
        let beside = self.folder.join(path);
        if path.is_relative() && fs::metadata(path).is_err() && fs::metadata(&beside).is_ok() {
            beside
        } else {
            path.to_owned()
        }
    }
}

#[cfg(test)]
mod tests;
