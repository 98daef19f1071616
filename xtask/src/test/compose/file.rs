//! docker-compose.yml: every key that it uses, and no other. A key that nothing here carries
//! out would be untested, so it is refused.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use crate::test::deployment::Mount;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComposeFile {
    pub(super) services: BTreeMap<String, Service>,
    pub(super) volumes: BTreeMap<String, Option<Volume>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    pub(super) build: Build,
    #[serde(default)]
    pub(super) environment: Vec<String>,
    #[serde(default)]
    pub(super) volumes: Vec<String>,
    pub(super) healthcheck: Option<HealthCheck>,
    pub(super) network_mode: Option<String>,
    #[serde(default)]
    pub(super) group_add: Vec<String>,
    #[serde(default)]
    pub(super) depends_on: BTreeMap<String, DependsOn>,
    #[expect(dead_code, reason = "an engine's: the suite kills nothing here")]
    restart: String,
    #[serde(default)]
    pub(super) read_only: bool,
    #[serde(default)]
    pub(super) cap_drop: Vec<String>,
    #[serde(default)]
    pub(super) security_opt: Vec<String>,
    #[serde(default)]
    pub(super) ulimits: BTreeMap<String, i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Build {
    pub(super) context: String,
    pub(super) dockerfile: String,
    #[serde(default)]
    pub(super) args: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "an engine's pace; the suite asks without pause")]
pub(super) struct HealthCheck {
    test: Vec<String>,
    interval: String,
    timeout: String,
    retries: u32,
    start_period: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DependsOn {
    pub(super) condition: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Volume {
    #[expect(dead_code, reason = "local, the only one without a plugin")]
    driver: String,
    pub(super) driver_opts: Option<DriverOptions>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DriverOptions {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) device: String,
    pub(super) o: String,
}

/// A volume in a container, from `NAME:PLACE` or `NAME:PLACE:ro`.
pub(super) fn mount(line: &str, volumes: &BTreeMap<String, PathBuf>) -> Result<Mount> {
    let mut parts = line.split(':');
    let (name, place) = (parts.next().unwrap_or_default(), parts.next());
    Ok(Mount {
        from: volumes
            .get(name)
            .with_context(|| format!("there is no volume {name:?}"))?
            .clone(),
        to: place
            .with_context(|| format!("{line:?} has no place"))?
            .to_owned(),
        read_only: parts.next() == Some("ro"),
    })
}

// === impl ComposeFile ===

impl ComposeFile {
    /// Reads it, with these variables in the shell.
    pub(super) fn read(mut file: Value, shell: &BTreeMap<&str, &str>) -> Result<Self> {
        interpolate(&mut file, shell)?;
        serde_json::from_value(file).context("docker-compose.yml")
    }

    /// A service by its name.
    pub(super) fn service(&self, name: &str) -> Result<&Service> {
        self.services
            .get(name)
            .with_context(|| format!("there is no service {name}"))
    }
}

// === impl Service ===

impl Service {
    /// Where it has a volume.
    pub(super) fn place_of(&self, volume: &str) -> Result<&str> {
        self.volumes
            .iter()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| *name == volume)
            .and_then(|(_, place)| place.split(':').next())
            .with_context(|| format!("the volume {volume} has no place"))
    }
}

// === impl HealthCheck ===

impl HealthCheck {
    /// Its command; without a shell, for the agent's image has none.
    pub(super) fn command(&self) -> Result<&[String]> {
        match self.test.split_first() {
            Some((kind, command)) if kind == "CMD" => Ok(command),
            _ => bail!("the health check is {:?}", self.test),
        }
    }
}

/// `${NAME:-otherwise}` and `${NAME:?message}`, where a text is or begins or ends with one.
fn interpolate(value: &mut Value, shell: &BTreeMap<&str, &str>) -> Result<()> {
    match value {
        Value::String(text) => {
            while let Some((before, rest)) = text.split_once("${") {
                let (expression, after) = rest
                    .split_once('}')
                    .with_context(|| format!("{text:?} has no end"))?;
                let value = expand(expression, shell)?;
                *text = format!("{before}{value}{after}");
            }
        }
        Value::Array(values) => {
            for value in values {
                interpolate(value, shell)?;
            }
        }
        Value::Object(values) => {
            for value in values.values_mut() {
                interpolate(value, shell)?;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

fn expand(expression: &str, shell: &BTreeMap<&str, &str>) -> Result<String> {
    let (name, otherwise) = expression
        .split_once(':')
        .with_context(|| format!("${{{expression}}} says nothing about its absence"))?;
    match (shell.get(name), otherwise.strip_prefix('-')) {
        (Some(value), _) => Ok((*value).to_owned()),
        (None, Some(otherwise)) => Ok(otherwise.to_owned()),
        (None, None) => bail!("{name} is not set"),
    }
}
