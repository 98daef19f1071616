//! Alibaba Cloud's own SDKs for Python against `kms-server dev` and its agent, and its secrets
//! clients with an AccessKey.

use anyhow::Result;

use super::{Server, Stage, clients, clients_page};

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let sdk = clients::sdk_python(stage.project)?;
    let cached = [
        (clients::cache_client_python(stage.project)?, "1"),
        (clients::cache_client_v2_python(stage.project)?, "2"),
    ];
    let server = Server::start(stage)?;
    for program in [
        "actions.py",
        "sdk_v3.py",
        "sdk_v1.py",
        "sdk_keys.py",
        "roles.py",
        "ram.py",
    ] {
        let mut command = clients::python(&server, stage.project, &sdk, program);
        stage.check_program(program, &mut command)?;
    }
    for (python, version) in &cached {
        let mut command = clients::python(&server, stage.project, python, "cache_access_key.py");
        stage.check_program("cache_access_key.py", command.arg(version))?;
        clients::finds_the_wrong(stage, &mut command)?;
    }
    clients_page::check(stage)?;
    let clean = server.stop_clean(clients::canaries());
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}
