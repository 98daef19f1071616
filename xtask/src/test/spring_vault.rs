//! Spring Vault, with the agent in Vault's place.

use anyhow::Result;

use super::{Server, Stage, clients, hvac};

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let server = Server::start(stage)?;
    clients::store(stage, &server)?;
    let agent = clients::agent(stage, &server, hvac::vault)?;
    let mut command = clients::java(stage, &server, "spring-vault", "SpringVault")?;
    clients::point_at(&mut command, &agent);
    stage.check_program("SpringVault", &mut command)?;
    clients::end(stage, server, agent);
    Ok(())
}
