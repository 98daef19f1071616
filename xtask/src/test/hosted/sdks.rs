//! Alibaba Cloud's SDKs, which ask the agent for the AccessKey: by CREDENTIALS_URI, or as the CLI's
//! External process. They know of no rotation.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result};
use kms_testkit::agent::RunningAgent;

use super::{examples::Example, scene::Scene};
use crate::test::{Stage, clients};

/// Their users.
const PYTHON: &str = "uri-python";
const GO: &str = "uri-go";
const NODE: &str = "external-node";

/// An agent that hands out the AccessKeys of these users, and asks KMS each second.
pub(super) fn agent(stage: &mut Stage<'_>, scene: &Scene) -> Result<RunningAgent> {
    clients::agent(stage, scene.server(), |setup| {
        setup
            .config("Cache", "TtlSeconds = 1")
            .config(
                "Server",
                &format!("CredentialsUriSecrets = [\"{USER}{PYTHON}\", \"{USER}{GO}\"]"),
            )
            .config("Server", "CredentialsUriToken = \"query\"")
    })
}

/// All of them, compiled.
pub(super) fn sdks(
    stage: &mut Stage<'_>,
    scene: &Scene,
    agent: &RunningAgent,
) -> Result<Vec<Example>> {
    let python = scene.python(stage.project, "credentials_uri.py");
    let go = clients::go(stage, "hosted")?;
    let go = scene.command(stage.project, &go);
    let modules = clients::node_modules(stage.project)?;
    let mut node = scene.command(stage.project, Path::new("node"));
    node.arg(stage.project.root.join("suite/node/hosted.js"))
        .env("NODE_PATH", modules);
    let agent_program = stage.project.program(stage, "alibabacloud-kms-agent")?;
    external(&mut node, scene, agent, &agent_program)?;
    Ok(vec![
        by_uri(PYTHON, python, agent)?,
        by_uri(GO, go, agent)?,
        without_a_key(NODE, node),
    ])
}

const USER: &str = "acs/ram/user/";

fn by_uri(user: &'static str, mut command: Command, agent: &RunningAgent) -> Result<Example> {
    let token = fs::read_to_string(agent.dir().join("token")).context("reading the token")?;
    let address = agent.address();
    let uri = format!("http://{address}/credentials/{USER}{user}?token={token}");
    command.env("ALIBABA_CLOUD_CREDENTIALS_URI", uri);
    Ok(without_a_key(user, command))
}

/// A home with the CLI's profile.
fn external(
    command: &mut Command,
    scene: &Scene,
    agent: &RunningAgent,
    program: &Path,
) -> Result<()> {
    let home = scene.folder().join(NODE).with_extension("home");
    let profile = serde_json::json!({
        "current": "default",
        "profiles": [{
            "name": "default",
            "mode": "External",
            "process_command": format!("{} credential {USER}{NODE}", program.display()),
        }],
    });
    let folder = home.join(".aliyun");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join("config.json"), profile.to_string()))
        .context("writing a profile")?;
    command.env("HOME", home);
    clients::point_at(command, agent);
    Ok(())
}

/// It has no other way to an AccessKey.
fn without_a_key(user: &'static str, mut command: Command) -> Example {
    command
        .env_remove("ALIBABA_CLOUD_ACCESS_KEY_ID")
        .env_remove("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
        // Python's chain would look there first.
        .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    Example {
        user,
        command,
        looks: true,
    }
}
