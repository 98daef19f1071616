//! The example applications, each with a user of its own.

use std::{path::Path, process::Command};

use anyhow::Result;

use super::scene::{Gateway, Scene};
use crate::test::{Stage, clients};

/// A program that is ready to run.
pub(super) struct Example {
    /// Whose AccessKey it has.
    pub(super) user: &'static str,
    pub(super) command: Command,
    /// Whether it looks for another AccessKey each second; else a refused call tells it.
    pub(super) looks: bool,
}

/// All of them, compiled, with their profiles filled in.
pub(super) fn examples(stage: &mut Stage<'_>, scene: &Scene) -> Result<Vec<Example>> {
    let mut examples = Vec::new();
    let python = clients::managed_python(stage.project)?;
    for (user, gateway) in [
        ("python", Gateway::Shared),
        ("python-cloud", Gateway::Instance),
    ] {
        let profile = scene.profile(stage, "python", gateway, user, &[])?;
        let mut command = python_example(stage, scene, &python, "example.py");
        command.arg(profile);
        examples.push(Example {
            user,
            command,
            looks: false,
        });
    }
    for (user, gateway) in [("java", Gateway::Shared), ("java-cloud", Gateway::Instance)] {
        let profile = scene.profile(stage, "java", gateway, user, &[])?;
        let command = scene.command(stage.project, Path::new("java"));
        examples.push(Example {
            user,
            command: clients::java_example(stage, command, &profile)?,
            looks: true,
        });
    }
    let program = clients::go_example(stage)?;
    for (user, gateway) in [("go", Gateway::Shared), ("go-cloud", Gateway::Instance)] {
        let refresh = [("refresh_milliseconds=300000", "refresh_milliseconds=1000")];
        let profile = scene.profile(stage, "go", gateway, user, &refresh)?;
        let mut command = scene.command(stage.project, &program);
        command.arg(profile);
        examples.push(Example {
            user,
            command,
            looks: true,
        });
    }
    examples.push(rust_example(stage, scene)?);
    Ok(examples)
}

/// A program that runs examples/python.
pub(in crate::test) fn python_example(
    stage: &Stage<'_>,
    scene: &Scene,
    python: &Path,
    file: &str,
) -> Command {
    let project = stage.project;
    let mut command = clients::python_program(scene.command(project, python), project, file);
    command.env("EXAMPLE", project.root.join("examples/python"));
    command
}

/// That of kms-client.
fn rust_example(stage: &mut Stage<'_>, scene: &Scene) -> Result<Example> {
    let project = stage.project;
    let [program] = project.examples(stage, ["hosted_access_key"])?;
    let mut command = scene.command(project, &program);
    command
        .arg("acs/ram/user/rust")
        .args(scene.client_key_files())
        .arg(format!("http://{}", scene.business().address()))
        .arg("cn-hangzhou")
        .arg(format!(
            "https://{}",
            scene.server().env("KMS_INSTANCE_ENDPOINT")?
        ))
        .arg(scene.server().env("KMS_CA_FILE")?);
    Ok(Example {
        user: "rust",
        command,
        looks: false,
    })
}
