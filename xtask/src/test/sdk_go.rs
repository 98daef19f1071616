//! Alibaba Cloud's SDKs for Go, and its secrets client with an AccessKey.

use anyhow::Result;

use super::{Server, Stage, clients, clients_page};

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let sdk = clients::go(stage, "sdk")?;
    let secrets = clients::go(stage, "secrets")?;
    let server = Server::start(stage)?;
    for (program, argument) in [(sdk, "secrets"), (secrets, "accesskey")] {
        let mut command = clients::command(&server, stage.project, &program);
        let name = format!("go-{argument}");
        stage.check_program(&name, command.arg(argument))?;
        clients::finds_the_wrong(stage, &mut command)?;
    }
    clients_page::check(stage)?;
    let clean = server.stop_clean(clients::canaries());
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}
