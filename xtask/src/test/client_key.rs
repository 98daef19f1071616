//! ClientKeys that kms-server made, in the hands of Alibaba Cloud's own clients and of ours, on
//! both gateways.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};

use super::{Server, Stage, clients};

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let project = stage.project;
    let programs = [
        (clients::sdk_python(project)?, "access_points.py"),
        (clients::instance_sdk_python(project)?, "dkms_gcs.py"),
        (clients::cache_client_python(project)?, "cache_client.py"),
    ];
    let go = clients::go(stage, "secrets")?;
    let [ours] = project.examples(stage, ["our_client"])?;
    let server = Server::start(stage)?;
    // Keys and passwords of the suite's, and what the SDKs read.
    let folder = tempfile::tempdir().context("making a folder")?;
    for (python, program) in &programs {
        let mut command = clients::python(&server, project, python, program);
        command.env("SUITE_FOLDER", folder.path());
        stage.check_program(program, &mut command)?;
    }
    let mut command = clients::java(stage, &server, "secrets-client", "ClientKeys")?;
    command.env("SUITE_FOLDER", folder.path());
    stage.check_program("ClientKeys", &mut command)?;
    for argument in ["client-keys", "without-our-ca"] {
        let mut command = clients::command(&server, project, &go);
        command.arg(argument).env("SUITE_FOLDER", folder.path());
        stage.check_program(argument, &mut command)?;
    }
    let mut command = server.client(&ours);
    command.env("SUITE_FOLDER", folder.path());
    stage.check_program("our_client", &mut command)?;
    let examples = examples(stage, &server, folder.path());
    stage.check("examples-of-kms-client", examples);

    let mut canaries = clients::canaries();
    for file in ["own_Password.txt", "own.json"] {
        let content = fs::read(folder.path().join(file)).context("reading a made key")?;
        canaries = canaries.with(file, &content);
    }
    let password = fs::read(server.env("KMS_CLIENT_KEY_PASSWORD_FILE")?)
        .context("reading the password of dev's key")?;
    canaries = canaries.with("the password of dev's ClientKey", &password);
    let clean = server.stop_clean(canaries);
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}

/// The examples that the crate's readers will begin with, each told where the server is.
fn examples(stage: &mut Stage<'_>, server: &Server, folder: &Path) -> Result<()> {
    let names = ["client_key", "instance", "default_chain"];
    let [client_key, instance, chain] = stage.project.examples(stage, names)?;
    let at = |variable: &str| Ok::<_, anyhow::Error>(format!("https://{}", server.env(variable)?));
    let (shared, private) = (at("KMS_TLS_ENDPOINT")?, at("KMS_INSTANCE_ENDPOINT")?);
    let ca = server.env("KMS_CA_FILE")?;
    let key = folder.join("own.json").display().to_string();
    let password = folder.join("own_Password.txt").display().to_string();
    let http = format!("http://{}", server.env("KMS_ENDPOINT")?);
    let (name, region) = ("suite/instance/plain", "cn-hangzhou");
    for (program, arguments) in [
        (
            &client_key,
            vec![name, &key, &password, region, &private, ca],
        ),
        (
            &client_key,
            vec![name, &key, &password, region, &shared, ca],
        ),
        (&instance, vec![name, region, &private, ca]),
        (&chain, vec![name, region, &http]),
    ] {
        let said = stage.succeed(server.client(program).args(&arguments))?;
        // `hunter2`
        ensure!(
            said.contains(&format!("{name}, version v1: 7 bytes")),
            "{} {}: {said}",
            program.display(),
            arguments.join(" ")
        );
    }
    Ok(())
}
