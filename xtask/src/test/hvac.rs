//! HashiCorp's Python client for Vault, with the agent in Vault's place.

use anyhow::Result;

use super::{Server, Stage, clients};
use crate::tools;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let hvac = tools::python_with(&stage.project.cache, "hvac", &["hvac==2.4.0"])?;
    let server = Server::start(stage)?;
    clients::store(stage, &server)?;
    let agent = clients::agent(stage, &server, vault)?;
    let mut command = clients::python(&server, stage.project, &hvac, "kv_hvac.py");
    clients::point_at(&mut command, &agent);
    stage.check_program("kv_hvac.py", &mut command)?;
    clients::end(stage, server, agent);
    Ok(())
}

/// Answers as Vault does, with one mount of each version.
pub(super) fn vault(setup: kms_testkit::agent::AgentSetup) -> kms_testkit::agent::AgentSetup {
    setup
        .config("Server", "ResponseType = 2")
        .config("Server", "VaultMounts = { secret = 2, legacy = 1 }")
}
