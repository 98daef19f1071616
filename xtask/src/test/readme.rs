//! README's commands, as they are written there: in the project's folder, on the default
//! ports. So that neither a developer's own server nor another run is in the way, they have a
//! network and a `.kms-dev` of their own (namespaces of Linux).
//!
//! `--release` is compiled without optimisation here. Whether a command does what README says does
//! not depend on it, and to optimise the whole server takes longer than all that is run. What is
//! shipped is optimised in the part `build`, and measured by `cargo xtask bench`.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use kms_types::{Clock, SystemClock};
use rustix::process::{Pid, Signal, getuid, kill_process};
use serde_json::{Map, Value};

use super::{Stage, clients, stage::pause};
use crate::tools;

pub(super) mod blocks;

use blocks::{Block, blocks};

/// The server of the first command, in its namespaces; ended when dropped.
struct Dev {
    child: Child,
    /// `.kms-dev` was not there before and goes again.
    made: Option<PathBuf>,
}

const STATE: &str = ".kms-dev";

/// For each command that compiles, and so for all that README shows.
const NOT_OPTIMISED: (&str, &str) = ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");

/// From the start of a built program to `ready`.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let root = stage.project.root.clone();
    let page = fs::read_to_string(root.join("README.md")).context("reading README.md")?;
    let blocks = blocks(&page);
    for (program, package) in [
        ("curl", "curl"),
        ("ip", "iproute2"),
        ("nsenter", "util-linux"),
    ] {
        tools::program(program, package)?;
    }
    let [start, rest @ ..] = blocks.as_slice() else {
        bail!("README.md shows no command");
    };
    ensure!(
        start.is("sh") && start.text == "cargo run --release -- dev",
        "README.md begins with another command"
    );
    ensure!(
        rest.iter().any(|block| block.text == "cargo xtask test"),
        "README.md does not say how to test"
    );
    let sdk = clients::sdk_python(stage.project)?;
    // Cargo fetches and builds here, for there is no way out from the network below.
    let (name, value) = NOT_OPTIMISED;
    stage.succeed(
        tools::cargo(&root, "build")
            .arg("--release")
            .env(name, value),
    )?;
    let dev = Dev::start(stage, &start.text)?;
    stage.check("dev-says-ready", Ok(()));
    for block in rest.iter().filter(|block| block.is("sh")) {
        // This very suite.
        if block.text != "cargo xtask test" {
            let result = if block.text.contains(" ctl ") {
                watch(stage, &dev, block)
            } else {
                ask(stage, &dev, block, rest)
            };
            stage.check(&block.text, result);
        }
    }
    for block in rest.iter().filter(|block| block.is("python")) {
        let result = store(stage, &dev, &sdk, &block.text);
        stage.check("python", result);
    }
    let stopped = dev.stop();
    stage.check("dev-ends-on-ctrl-c", stopped);
    Ok(())
}

/// Runs a command that shows the demo secret; its answer is the one that the page shows.
fn ask(stage: &mut Stage<'_>, dev: &Dev, block: &Block<'_>, rest: &[Block<'_>]) -> Result<()> {
    let shown = rest
        .iter()
        .find(|block| block.is("json"))
        .context("README.md shows no answer")?;
    let text = stage.succeed(dev.inside("bash").args(["-eu", "-c", &block.text]))?;
    // Where curl writes to a file, it reports its progress in front.
    let answer = text.find('{').and_then(|begin| text.get(begin..));
    let found = constant(answer.context("there is no answer")?)?;
    let expected = constant(&shown.text)?;
    ensure!(found == expected, "it answers {found:?}, not {expected:?}");
    Ok(())
}

/// Runs a command that shows the AccessKey that `dev` hosts, or replaces it.
fn watch(stage: &mut Stage<'_>, dev: &Dev, block: &Block<'_>) -> Result<()> {
    let text = stage.succeed(dev.inside("bash").args(["-eu", "-c", &block.text]))?;
    let shown = if block.text.contains(" ctl rotate ") {
        ": is current"
    } else {
        "LTAI"
    };
    ensure!(text.contains(shown), "it prints {text}");
    Ok(())
}

/// The answer without what differs each time; both must be there.
fn constant(text: &str) -> Result<Map<String, Value>> {
    let mut fields: Map<String, Value> =
        serde_json::from_str(text).with_context(|| format!("it is no JSON object: {text}"))?;
    for name in ["CreateTime", "RequestId"] {
        ensure!(fields.remove(name).is_some(), "it has no {name}");
    }
    Ok(fields)
}

/// Runs the program with the SDK, and reads through the agent what it stored.
fn store(stage: &mut Stage<'_>, dev: &Dev, sdk: &Path, program: &str) -> Result<()> {
    const RUN: &str = "source .kms-dev/env; exec \"$0\" -c \"$1\"";
    const READ: &str =
        "curl -sH \"X-KMS-Token:$(<.kms-dev/kmstoken)\" http://localhost:2025/v1/app/db";
    stage.succeed(
        dev.inside("bash")
            .args(["-eu", "-c", RUN])
            .arg(sdk)
            .arg(program),
    )?;
    let answer = stage.succeed(dev.inside("bash").args(["-eu", "-c", READ]))?;
    let fields: Map<String, Value> = serde_json::from_str(&answer).context("it is no JSON")?;
    let value = fields.get("SecretData").and_then(Value::as_str);
    ensure!(
        value == Some(r#"{"password":"hunter2"}"#),
        "the agent answers {answer}"
    );
    Ok(())
}

// === impl Dev ===

impl Dev {
    fn start(stage: &Stage<'_>, command: &str) -> Result<Self> {
        const PREPARE: &str = "ip link set lo up && mount -t tmpfs -o mode=700 none .kms-dev \
                               && exec bash -eu -c \"$0\"";
        let root = &stage.project.root;
        let folder = root.join(STATE);
        let made = !folder.exists();
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let said = stage.project.target.join("suite/readme-dev.log");
        let log = File::create(&said).with_context(|| format!("making {}", said.display()))?;
        let mut unshare = Command::new("unshare");
        if !getuid().is_root() {
            unshare.arg("--map-root-user");
        }
        let child = unshare
            .args(["--net", "--mount", "sh", "-c", PREPARE, command])
            .current_dir(root)
            .env(NOT_OPTIMISED.0, NOT_OPTIMISED.1)
            .stdin(Stdio::null())
            .stderr(log.try_clone().context("sharing a log")?)
            .stdout(log)
            .spawn()
            .context("starting unshare")?;
        let mut dev = Self {
            child,
            made: made.then_some(folder),
        };
        dev.wait_until_ready(&said)?;
        Ok(dev)
    }

    fn wait_until_ready(&mut self, said: &Path) -> Result<()> {
        let end = SystemClock.monotonic() + PATIENCE;
        loop {
            let text = fs::read_to_string(said).unwrap_or_default();
            if text.lines().last() == Some("ready") {
                return Ok(());
            }
            let ended = self.child.try_wait().context("waiting for the command")?;
            if ended.is_some() || SystemClock.monotonic() > end {
                bail!("it is not ready ({ended:?}): {text}");
            }
            pause(Duration::from_millis(50));
        }
    }

    /// A command beside the server.
    fn inside(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.child.id().to_string()]);
        if !getuid().is_root() {
            command.args(["--user", "--preserve-credentials"]);
        }
        command
            .args(["--net", "--mount", "--wd", program])
            .env(NOT_OPTIMISED.0, NOT_OPTIMISED.1);
        command
    }

    fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::INT).context("interrupting it")?;
        let end = SystemClock.monotonic() + PATIENCE;
        while SystemClock.monotonic() < end {
            if let Some(status) = self.child.try_wait().context("waiting for its end")? {
                ensure!(status.success(), "it ended with {status}");
                return Ok(());
            }
            pause(Duration::from_millis(50));
        }
        bail!("it goes on");
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        // After `stop` there is nobody left to kill.
        drop(self.child.kill());
        drop(self.child.wait());
        if let Some(folder) = &self.made {
            // Not if something is in it: then it is not ours.
            drop(fs::remove_dir(folder));
        }
    }
}
