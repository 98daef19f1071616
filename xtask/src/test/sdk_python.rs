//! Alibaba Cloud's own SDKs for Python against `kms-server dev` and its agent.

use anyhow::Result;

use super::{Server, Stage, clients};

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let sdk = clients::sdk_python(stage.project)?;
    let server = Server::start(stage)?;
    for program in ["sdk_v3.py", "sdk_v1.py", "roles.py", "ram.py"] {
        let mut command = clients::python(&server, stage.project, &sdk, program);
        stage.check_program(program, &mut command)?;
    }
    let clean = server.stop_clean(clients::canaries());
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}
