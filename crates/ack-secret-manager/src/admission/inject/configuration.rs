//! The agent's `config.toml`, and where it comes from.

use std::fmt::Write as _;

use kms_client::Endpoint;
use kms_types::RegionId;

use super::{
    InjectError, Settings,
    asked::{Annotations, GENERATED, malformed},
    identity::Identity,
    values::ObjectName,
    volumes::{CA_FILE, CLIENT_KEY_FILE, CLIENT_KEY_PASSWORD_FILE},
};

/// Where it comes from.
#[derive(Debug)]
pub(super) enum Configuration {
    /// A ConfigMap of the pod's namespace, from its key `config.toml`.
    Map(ObjectName),
    /// The annotation `config` is its text.
    Written,
    /// Made of other annotations and the cluster's settings.
    Made(Made),
}

/// One that is made.
#[derive(Debug)]
pub(super) struct Made {
    region: RegionId,
    endpoint: Option<Endpoint>,
    has_ca: bool,
    has_client_key: bool,
    port: Option<u32>,
    ttl_seconds: Option<u32>,
    cache_size: Option<u32>,
    log_level: LogLevel,
}

/// Of the agent's log.
#[derive(Clone, Copy, Debug)]
enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

/// Where the agent listens if nothing else is said (seed 002).
const USUAL_PORT: u16 = 2025;

/// What says a line of one that is made; with a whole configuration it would say nothing.
const LINES: [&str; 6] = [
    "region",
    "endpoint",
    "port",
    "cache-ttl-seconds",
    "cache-size",
    "log-level",
];

// === impl Configuration ===

impl Configuration {
    pub(super) fn read(
        annotations: &Annotations<'_>,
        settings: &Settings,
        identity: &Identity,
    ) -> Result<Self, InjectError> {
        let Some(whole) = annotations.one_of(&["config-map", "config"])? else {
            return Made::read(annotations, settings, identity).map(Self::Made);
        };
        for line in LINES {
            annotations.one_of(&[whole, line])?;
        }
        if let Some(map) = annotations.parsed("config-map")? {
            return Ok(Self::Map(map));
        }
        let text = annotations.text("config").unwrap_or_default();
        if text.trim().is_empty() {
            return Err(malformed("config", "write the text of config.toml"));
        }
        if text.lines().any(names_an_access_key) {
            return Err(malformed(
                "config",
                "no AccessKey is read from the configuration, and whoever may see the pod would see it; \
                 name a Secret with credentials-secret",
            ));
        }
        Ok(Self::Written)
    }

    /// The ConfigMap with certificates. The cluster's own is of use only where it is written into the
    /// configuration.
    pub(super) fn ca(
        &self,
        annotations: &Annotations<'_>,
        settings: &Settings,
    ) -> Result<Option<ObjectName>, InjectError> {
        let said = annotations.parsed("ca-config-map")?;
        Ok(match self {
            Self::Made(_) => said.or_else(|| settings.ca_config_map.clone()),
            Self::Map(_) | Self::Written => said,
        })
    }

    /// The annotation that it lies in, if it lies in one.
    pub(super) fn annotation(&self) -> Option<&'static str> {
        match self {
            Self::Map(_) => None,
            Self::Written => Some("config"),
            Self::Made(_) => Some(GENERATED),
        }
    }

    /// Where the agent will listen, if that is known.
    pub(super) fn port(&self) -> Option<u16> {
        match self {
            Self::Map(_) | Self::Written => None,
            Self::Made(made) => match made.port {
                Some(port) => u16::try_from(port).ok(),
                None => Some(USUAL_PORT),
            },
        }
    }

    /// Whether it logs into files, by its own words or by default.
    pub(super) fn has_log_files(&self) -> bool {
        !matches!(self, Self::Made(_))
    }
}

/// The agent would refuse it (seed 002), but only when everybody has seen it.
fn names_an_access_key(line: &str) -> bool {
    let name = line.split('=').next().unwrap_or_default();
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    !line.trim_start().starts_with('#')
        && ["accesskey", "secretkey", "securitytoken"]
            .iter()
            .any(|word| plain.contains(word))
}

// === impl Made ===

impl Made {
    fn read(
        annotations: &Annotations<'_>,
        settings: &Settings,
        identity: &Identity,
    ) -> Result<Self, InjectError> {
        let region = annotations.parsed("region")?;
        let ca: Option<ObjectName> = annotations.parsed("ca-config-map")?;
        let log_level = annotations.text("log-level");
        Ok(Self {
            region: region
                .or_else(|| settings.region.clone())
                .ok_or(InjectError::Unsaid {
                    what: "it is not said in which region KMS is",
                    annotation: "region",
                    flag: "--agent-region",
                })?,
            endpoint: annotations
                .parsed("endpoint")?
                .or_else(|| settings.endpoint.clone()),
            has_ca: ca.is_some() || settings.ca_config_map.is_some(),
            has_client_key: matches!(identity, Identity::ClientKey(_)),
            // The agent is not root.
            port: annotations.number("port", 1024..=65_535)?,
            ttl_seconds: annotations.number("cache-ttl-seconds", 0..=31_536_000)?,
            cache_size: annotations.number("cache-size", 0..=1_000_000)?,
            log_level: log_level.map_or(Ok(LogLevel::Info), LogLevel::read)?,
        })
    }

    /// The text. What is not said is left to the agent's defaults.
    pub(super) fn text(&self) -> String {
        let mut text = "# Made of the pod's annotations and the cluster's settings.\n".to_owned();
        let mut line = |line: std::fmt::Arguments<'_>| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{line}");
        };
        if let Some(port) = self.port {
            line(format_args!("[Server]\nHttpPort = {port}\n"));
        }
        // None of these can hold a quote.
        line(format_args!("[Kms]\nRegion = \"{}\"", self.region));
        if let Some(endpoint) = &self.endpoint {
            line(format_args!("Endpoint = \"{endpoint}\""));
        }
        if self.has_ca {
            line(format_args!("CaFile = \"{CA_FILE}\""));
        }
        if self.has_client_key {
            line(format_args!("ClientKeyFile = \"{CLIENT_KEY_FILE}\""));
            line(format_args!(
                "ClientKeyPasswordFile = \"{CLIENT_KEY_PASSWORD_FILE}\""
            ));
        }
        if self.ttl_seconds.is_some() || self.cache_size.is_some() {
            line(format_args!("\n[Cache]"));
        }
        if let Some(seconds) = self.ttl_seconds {
            line(format_args!("TtlSeconds = {seconds}"));
        }
        if let Some(size) = self.cache_size {
            line(format_args!("CacheSize = {size}"));
        }
        line(format_args!("\n[Log]\nLogLevel = \"{:?}\"", self.log_level));
        line(format_args!("LogPath = \"{STDOUT}\""));
        text
    }
}

/// For `kubectl logs`.
const STDOUT: &str = "/dev/stdout";

// === impl LogLevel ===

impl LogLevel {
    fn read(text: &str) -> Result<Self, InjectError> {
        match text.to_ascii_lowercase().as_str() {
            "debug" => Ok(Self::Debug),
            "info" => Ok(Self::Info),
            "warn" => Ok(Self::Warn),
            "error" => Ok(Self::Error),
            _ => Err(malformed(
                "log-level",
                "the levels are Debug, Info, Warn and Error",
            )),
        }
    }
}
