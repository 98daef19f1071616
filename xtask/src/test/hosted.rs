//! Programs that use a hosted AccessKey without a pause: the examples. None of their calls may fail.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, ensure};
use kms_types::{Clock as _, SystemClock};

use super::{
    Server, Stage, clients,
    deployment::{KUBERNETES, validate, yaml_python},
    stage::pause,
};

mod profile;
mod program;
mod scene;

use program::Program;
use scene::{Gateway, Scene};

/// A program that runs, and whose AccessKey it has.
struct Caller {
    user: &'static str,
    program: Program,
}

/// The users, one of each program.
const USERS: [&str; 4] = ["python", "python-cloud", "java", "go"];

/// So many calls in a row count as working.
const CALLS: usize = 5;

/// For a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let server = Server::start_rotating(stage, "10s")?;
    let scene = Scene::set(stage, server)?;
    in_a_pod(stage, &scene)?;
    let mut command = scene.python(stage.project, "business.py");
    stage.check_program("business.py", &mut command)?;

    let first = scene.host(stage, "never", &USERS)?;
    let mut callers = start(stage, &scene)?;
    for caller in &mut callers {
        let key = first.get(caller.user).context("no AccessKey")?;
        let works = until(caller, || scene.business().calls(key).answered >= CALLS);
        stage.check(&format!("{}-calls", caller.user), works);
    }
    for caller in callers {
        let ended = caller.program.end();
        let name = format!("{}-never-failed", caller.user);
        let ended = ended.map(|calls| stage.note(&format!("{name}: {calls} calls")));
        stage.check(&name, ended);
    }
    let clean = scene.stop(clients::canaries());
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}

/// deploy/kubernetes: its YAML, and the volume that a pod gets by it.
fn in_a_pod(stage: &mut Stage<'_>, scene: &Scene) -> Result<()> {
    let yaml = stage
        .project
        .root
        .join("deploy/kubernetes/kms-client-key.yaml");
    let valid = KUBERNETES
        .iter()
        .try_for_each(|version| validate(stage, &yaml, version));
    stage.check("kms-client-key-is-valid-kubernetes", valid);
    let python = yaml_python(stage)?;
    let mut command = clients::python_program(
        scene.command(stage.project, &python),
        stage.project,
        "kms_client_key.py",
    );
    command
        .arg(&yaml)
        .arg(scene.client_key())
        .arg(scene.volume());
    stage.check_program("kms_client_key.py", &mut command)
}

/// All examples, each with a user of its own.
fn start(stage: &mut Stage<'_>, scene: &Scene) -> Result<Vec<Caller>> {
    let mut callers = Vec::new();
    let python = clients::managed_python(stage.project)?;
    for (user, gateway) in [
        ("python", Gateway::Shared),
        ("python-cloud", Gateway::Instance),
    ] {
        let profile = scene.profile(stage, "python", gateway, user, &[])?;
        let mut command = python_example(stage, scene, &python, "example.py");
        command.arg(profile);
        callers.push(Caller::start(user, scene, &mut command)?);
    }

    let profile = scene.profile(stage, "java", Gateway::Instance, "java", &[])?;
    let command = scene.command(stage.project, Path::new("java"));
    let mut command = clients::java_example(stage, command, &profile)?;
    callers.push(Caller::start("java", scene, &mut command)?);

    let refresh = [("refresh_milliseconds=300000", "refresh_milliseconds=1000")];
    let profile = scene.profile(stage, "go", Gateway::Shared, "go", &refresh)?;
    let program = clients::go_example(stage)?;
    let mut command = scene.command(stage.project, &program);
    command.arg(profile);
    callers.push(Caller::start("go", scene, &mut command)?);
    Ok(callers)
}

/// A program that runs examples/python.
fn python_example(
    stage: &Stage<'_>,
    scene: &Scene,
    python: &Path,
    file: &str,
) -> std::process::Command {
    let project = stage.project;
    let mut command = clients::python_program(scene.command(project, python), project, file);
    command.env("EXAMPLE", project.root.join("examples/python"));
    command
}

// === impl Caller ===

impl Caller {
    fn start(
        user: &'static str,
        scene: &Scene,
        command: &mut std::process::Command,
    ) -> Result<Self> {
        let program = Program::start(user, scene.folder(), command)?;
        Ok(Self { user, program })
    }
}

/// Waits until it is so, as long as the program runs.
fn until(caller: &mut Caller, is_so: impl Fn() -> bool) -> Result<()> {
    let end = SystemClock.monotonic() + PATIENCE;
    while !is_so() {
        caller.program.still_runs()?;
        ensure!(
            SystemClock.monotonic() < end,
            "not for a long time: {}",
            caller.program.printed()
        );
        pause(Duration::from_millis(20));
    }
    Ok(())
}
