//! A program written for the AWS Secrets Manager Agent, with ours in its place.

use anyhow::Result;

use super::{Server, Stage, clients};

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let server = Server::start(stage)?;
    clients::store(stage, &server)?;
    let agent = clients::agent(stage, &server, |setup| {
        setup.config("Server", "ResponseType = 1")
    })?;
    // It uses nothing but Python's own library.
    let sdk = clients::sdk_python(stage.project)?;
    let mut command = clients::python(&server, stage.project, &sdk, "aws_get.py");
    clients::point_at(&mut command, &agent);
    stage.check_program("aws_get.py", &mut command)?;
    clients::end(stage, server, agent);
    Ok(())
}
