//! Alibaba Cloud's SDKs for Node.js: those that wait three seconds, and send forms.

use anyhow::Result;

use super::{Server, Stage, clients, clients_page};

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let modules = clients::node_modules(stage.project)?;
    let server = Server::start(stage)?;
    let mut command = clients::node(&server, stage.project, &modules, "sdk.js")?;
    stage.check_program("sdk.js", &mut command)?;
    clients::finds_the_wrong(stage, &mut command)?;
    clients_page::check(stage)?;
    let clean = server.stop_clean(clients::canaries());
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}
