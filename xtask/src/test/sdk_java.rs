//! Alibaba Cloud's SDKs for Java: those that send no body framing, and read XML. And its secrets client
//! with an AccessKey.

use anyhow::Result;

use super::{Server, Stage, clients, clients_page};

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let server = Server::start(stage)?;
    for (folder, class) in [("sdk", "JavaSdk"), ("secrets-client", "AccessKey")] {
        let mut command = clients::java(stage, &server, folder, class)?;
        stage.check_program(class, &mut command)?;
        clients::finds_the_wrong(stage, &mut command)?;
    }
    clients_page::check(stage)?;
    let clean = server.stop_clean(clients::canaries());
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}
