//! Alibaba Cloud's SDKs for Java: those that send no body framing, and read XML.

use anyhow::Result;

use super::{Server, Stage, clients};

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let server = Server::start(stage)?;
    let mut command = clients::java(stage, &server, "sdk", "JavaSdk")?;
    stage.check_program("JavaSdk", &mut command)?;
    let clean = server.stop_clean(clients::canaries());
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}
