//! `managed_credentials_providers.properties`: what its keys say (reference accesskey §3.2).

use std::{path::PathBuf, time::Duration};

use kms_types::{ParseNameError, RegionId, Secret, SecretRef};
use thiserror::Error;

use super::{Pace, ParsePropertiesError, Properties};
use crate::{Endpoint, Source};

mod credentials;
mod gateways;

/// What the properties file of the official plug-ins says, checked, with nothing of it
/// opened yet.
#[derive(Clone, Debug)]
pub struct ManagedConfig {
    /// Where the secret is read, the nearest first.
    pub(super) gateways: Vec<Gateway>,
    /// The pace, as far as the file says something about it.
    pub(super) pace: Pace,
    /// Secrets that are read at the start.
    pub(super) secret_names: Vec<SecretRef>,
    /// What is passed over.
    pub(super) warnings: Vec<String>,
}

/// One region's gateway, and who calls there.
#[derive(Clone, Debug)]
pub(super) struct Gateway {
    pub(super) region: RegionId,
    pub(super) endpoint: Endpoint,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) caller: Caller,
}

/// Who calls.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    Source(Source),
    ClientKey { key: KeyText, password: Password },
}

/// Where a ClientKey is.
#[derive(Clone, Debug)]
pub(super) enum KeyText {
    File(PathBuf),
    Content(Secret<String>),
}

/// Where its password is.
#[derive(Clone, Debug)]
pub(super) enum Password {
    File(PathBuf),
    /// In the file whose path this variable holds.
    FileNamedBy(String),
    /// In the variable of this name.
    Variable(String),
    /// In the variable whose name this one holds, else in this one.
    VariableNamedBy(String),
    Value(Secret<String>),
}

/// What is wrong in a properties file. Names keys, never values.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum ManagedConfigError {
    /// The text.
    #[error(transparent)]
    Text(#[from] ParsePropertiesError),
    /// A key that has to be there.
    #[error("{key} is missing: {hint}")]
    Missing {
        /// Which one.
        key: String,
        /// What it is for.
        hint: &'static str,
    },
    /// A value that cannot be used.
    #[error("{key} {reason}")]
    Wrong {
        /// Of which key.
        key: String,
        /// Why not.
        reason: String,
    },
}

/// Keys that say something here.
const KNOWN: [&str; 22] = [
    "cache_client_dkms_config_info",
    "cache_client_region_id",
    "client_key_password",
    "client_key_password_from_env_variable",
    "client_key_password_from_file_path",
    "client_key_private_key_path",
    "credentials_access_key_id",
    "credentials_access_secret",
    "credentials_duration_seconds",
    "credentials_oidc_provider_arn",
    "credentials_oidc_token_file_path",
    "credentials_policy",
    "credentials_role_arn",
    "credentials_role_name",
    "credentials_role_session_name",
    "credentials_sts_endpoint",
    "credentials_type",
    "delay_interval",
    "monitor_customer_milliseconds",
    "monitor_period_milliseconds",
    "refresh_secret_ttl",
    "rotation_interval",
];

/// The longest interval that is taken: a year.
const LONGEST_MS: u64 = 366 * 24 * 60 * 60 * 1000;

// === impl ManagedConfig ===

impl ManagedConfig {
    /// Reads the bytes of a properties file. Nothing that it names is opened.
    ///
    /// # Errors
    /// [`ManagedConfigError`] for the first thing that is wrong.
    pub fn parse(bytes: &Secret<Vec<u8>>) -> Result<Self, ManagedConfigError> {
        let properties = Properties::parse(bytes)?;
        let mut warnings: Vec<_> = properties
            .keys()
            .filter(|key| *key != "secret_names" && !KNOWN.contains(key))
            .map(|key| format!("the key {} is not known here and passed over", shown(key)))
            .collect();
        let gateways = gateways::read(&properties, &mut warnings)?;
        let mut pace = Pace::default();
        // The older name of the plug-in for Python.
        for key in ["refresh_secret_ttl", "rotation_interval"] {
            if let Some(interval) = milliseconds(&properties, key)? {
                pace.interval = interval;
            }
        }
        if let Some(delay) = milliseconds(&properties, "delay_interval")? {
            pace.delay = delay;
        }
        Ok(Self {
            gateways,
            pace,
            secret_names: secret_names(&properties)?,
            warnings,
        })
    }

    /// What the file says that is passed over, for people.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

fn milliseconds(
    properties: &Properties,
    key: &str,
) -> Result<Option<Duration>, ManagedConfigError> {
    let Some(text) = properties.get(key) else {
        return Ok(None);
    };
    let number = text.parse().ok();
    match number.filter(|ms| (1..=LONGEST_MS).contains(ms)) {
        Some(ms) => Ok(Some(Duration::from_millis(ms))),
        None => Err(wrong(
            key,
            format!("is no number of milliseconds from 1 to {LONGEST_MS}"),
        )),
    }
}

fn secret_names(properties: &Properties) -> Result<Vec<SecretRef>, ManagedConfigError> {
    let names = properties.get("secret_names").unwrap_or_default();
    names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| {
            name.parse().map_err(|why: ParseNameError| {
                wrong("secret_names", format!("holds a name that is none: {why}"))
            })
        })
        .collect()
}

fn required<'a>(
    properties: &'a Properties,
    key: &str,
    hint: &'static str,
) -> Result<&'a str, ManagedConfigError> {
    properties.get(key).ok_or_else(|| missing(key, hint))
}

/// The beginning of a name that a stranger wrote, in one line.
fn shown(name: &str) -> String {
    let begin: String = name.chars().take(64).collect();
    begin.escape_debug().to_string()
}

fn missing(key: impl Into<String>, hint: &'static str) -> ManagedConfigError {
    ManagedConfigError::Missing {
        key: key.into(),
        hint,
    }
}

fn wrong(key: impl Into<String>, reason: impl Into<String>) -> ManagedConfigError {
    ManagedConfigError::Wrong {
        key: key.into(),
        reason: reason.into(),
    }
}

#[cfg(test)]
mod tests;
