//! Alibaba Cloud's SDKs for Python, and an agent, against `kms-server serve` on PostgreSQL, over
//! TLS alone with the certificate of a private authority.

use anyhow::Result;

use super::{Stage, clients, clients_page, served::Served};

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let sdk = clients::sdk_python(stage.project)?;
    let server = Served::start(stage)?;
    let agent = server.agent(stage)?;
    for file in ["sdk_v3.py", "sdk_v1.py", "sdk_keys.py"] {
        let mut command = clients::python_program(server.client(&sdk), stage.project, file);
        clients::point_at(&mut command, &agent);
        stage.check_program(file, &mut command)?;
        if file != "sdk_keys.py" {
            clients::finds_the_wrong(stage, &mut command)?;
        }
    }
    clients_page::check(stage)?;
    let ended = agent.stop_clean();
    clients::canaries().assert_clean_folder(&ended.dir.path().join("logs"));
    let clean = server.stop_clean(clients::canaries());
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}
