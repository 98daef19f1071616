//! `ready`: for health checks in containers that have no other program to ask with.

use std::{path::Path, time::Duration};

use anyhow::anyhow;
use kms_agent::loopback::AgentUrl;
use kms_telemetry::{Exit, Failure};
use kms_types::Env;

use super::{load, small_runtime};

/// Below the three seconds that probes wait as a rule.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where the agent's own image and service have it.
const USUAL: &str = "config.toml";

pub(super) fn run(config: Option<&Path>, env: &Env) -> Result<(), Failure> {
    let url = if let Some(url) = env.get("KMS_AGENT") {
        url.parse()
            .map_err(|error| Failure::new(Exit::Usage, anyhow!("KMS_AGENT: {error}")))?
    } else {
        let usual = Some(Path::new(USUAL)).filter(|path| path.exists());
        AgentUrl::at_port(load(config.or(usual))?.settings.server.http_port)
    };
    let answer = small_runtime()?
        .block_on(url.get("/ready", None, PATIENCE))
        .map_err(|error| Failure::new(Exit::Unavailable, error))?;
    if answer.status == 200 {
        return Ok(());
    }
    let error = anyhow!(
        "the agent at {url} is not ready (HTTP {})",
        answer.status.as_u16()
    );
    Err(Failure::new(Exit::Unavailable, error))
}
