//! `kms-server dev` as a developer starts it, in a folder of its own and on free ports.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use kms_testkit::{LeakCheck, agent::AgentSetup};
use tempfile::TempDir;

use super::{Stage, deployment::Sandbox, life, moved_clock::MovedClock};
use crate::ports;

/// A server that runs; killed when dropped.
pub(crate) struct Server {
    child: Child,
    program: PathBuf,
    folder: TempDir,
    ports: [u16; 3],
    /// The variables of DIR/env, by name.
    env: BTreeMap<String, String>,
    surroundings: Surroundings,
}

/// Where a server runs, and by which clock.
#[derive(Clone, Default)]
struct Surroundings {
    /// The network that it listens in, if not the machine's.
    network: Option<PathBuf>,
    /// The variables that move its time, and that of its clients.
    clock: Vec<(&'static str, String)>,
    /// What else `dev` is told.
    arguments: Vec<String>,
}

// === impl Server ===

impl Server {
    /// Starts one and waits until it says that it is ready.
    pub(crate) fn start(stage: &mut Stage<'_>) -> Result<Self> {
        Self::start_with(stage, Surroundings::default())
    }

    /// Like [`Server::start`], in the network of a sandbox.
    pub(crate) fn start_in(stage: &mut Stage<'_>, sandbox: &Sandbox) -> Result<Self> {
        let network = Some(sandbox.network());
        Self::start_with(
            stage,
            Surroundings {
                network,
                ..Surroundings::default()
            },
        )
    }

    /// Like [`Server::start`], by a clock that the suite moves; its clients and agents go by
    /// the same.
    pub(crate) fn start_by(stage: &mut Stage<'_>, clock: &MovedClock) -> Result<Self> {
        let clock = clock.variables().into();
        Self::start_with(
            stage,
            Surroundings {
                clock,
                ..Surroundings::default()
            },
        )
    }

    /// Like [`Server::start`]; it accepts intervals of rotations from this one on (`10s`).
    pub(crate) fn start_rotating(stage: &mut Stage<'_>, least: &str) -> Result<Self> {
        let arguments = vec!["--min-rotation".to_owned(), least.to_owned()];
        Self::start_with(
            stage,
            Surroundings {
                arguments,
                ..Surroundings::default()
            },
        )
    }

    /// Like [`Server::start`]; accounts of databases are rotated by this program.
    pub(crate) fn start_with_webhook(stage: &mut Stage<'_>, at: SocketAddr) -> Result<Self> {
        let arguments = vec!["--webhook".to_owned(), format!("http://{at}/")];
        Self::start_with(
            stage,
            Surroundings {
                arguments,
                ..Surroundings::default()
            },
        )
    }

    fn start_with(stage: &mut Stage<'_>, surroundings: Surroundings) -> Result<Self> {
        let program = stage.project.program(stage, "kms-server")?;
        let folder = tempfile::tempdir().context("making a folder for kms-server")?;
        let ports = ports::free().context("finding free ports")?;
        let child = spawn(&program, &surroundings, folder.path(), ports)?;
        let mut server = Self {
            child,
            program,
            folder,
            ports,
            env: BTreeMap::new(),
            surroundings,
        };
        server.wait_until_ready()?;
        server.env = server.sourced()?;
        Ok(server)
    }

    /// What a variable of DIR/env says.
    pub(crate) fn env(&self, name: &str) -> Result<&str> {
        self.env
            .get(name)
            .map(String::as_str)
            .with_context(|| format!("DIR/env has no {name}"))
    }

    /// A command of a client, beside the server: the variables of DIR/env and nothing else of
    /// ours.
    pub(crate) fn client(&self, program: &Path) -> Command {
        let mut command = self.surroundings.command(program);
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.folder.path())
            .env("LANG", "C.UTF-8")
            .envs(self.surroundings.clock.iter().cloned())
            .envs(&self.env);
        command
    }

    /// A step of its administrator, by this `kms-server`; what it printed.
    pub(crate) fn ctl(&self, program: &Path, words: &[&str], input: &str) -> Result<String> {
        let mut child = self
            .client(program)
            .arg("ctl")
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("starting kms-server ctl")?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(input.as_bytes())
                .context("telling kms-server ctl a value")?;
        }
        let output = child
            .wait_with_output()
            .context("waiting for kms-server ctl")?;
        ensure!(
            output.status.success(),
            "{words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).context("what kms-server ctl printed")
    }

    /// An agent of its own against this server, to be configured further; its upstream may be
    /// another endpoint that leads here.
    pub(crate) fn agent(&self, program: &Path, endpoint: &str) -> Result<AgentSetup> {
        let program = program.to_str().context("the target folder's name")?;
        let setup = AgentSetup::new(program, &format!("http://{endpoint}"));
        Ok([
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        ]
        .into_iter()
        .fold(setup, |setup, name| {
            setup.env(name, self.env.get(name).map(String::as_str))
        }))
    }

    /// Where it keeps its state.
    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Kills it, as a crash would.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill().context("killing kms-server")?;
        self.child.wait().context("waiting for kms-server")?;
        Ok(())
    }

    /// Starts it again where it was.
    pub(crate) fn restart(&mut self) -> Result<()> {
        self.child = spawn(
            &self.program,
            &self.surroundings,
            self.folder.path(),
            self.ports,
        )?;
        self.wait_until_ready()
    }

    /// Orders it to end; it must do so well, and nothing that it wrote for people to read may
    /// hold a secret.
    pub(crate) fn stop_clean(mut self, canaries: LeakCheck) -> Result<()> {
        life::end_well(&mut self.child)?;
        let canaries = canaries
            .with(
                "the AccessKey secret",
                self.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?.as_bytes(),
            )
            .with("the token", &fs::read(self.dir().join("kmstoken"))?);
        let mut read = 0;
        for path in logs(self.folder.path())? {
            let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            read += bytes.len();
            let found = canaries.find(&bytes);
            ensure!(
                found.is_empty(),
                "{} holds {}",
                path.display(),
                found.join(", ")
            );
        }
        ensure!(read > 0, "kms-server and its agent logged nothing");
        Ok(())
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        life::until_ready(&mut self.child, self.folder.path()).map(drop)
    }

    /// The file is made for `source`, so a shell reads it.
    fn sourced(&self) -> Result<BTreeMap<String, String>> {
        let output = Command::new("sh")
            .args(["-c", ". \"$1\" && env -0", "sh"])
            .arg(self.dir().join("env"))
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .output()
            .context("sourcing DIR/env")?;
        ensure!(
            output.status.success(),
            "sourcing DIR/env: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8(output.stdout).context("DIR/env")?;
        Ok(text
            .split_terminator('\0')
            .filter_map(|line| line.split_once('='))
            .filter(|(name, _)| !matches!(*name, "PATH" | "PWD" | "_" | "SHLVL"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `stop_clean` there is nobody left to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

// === impl Surroundings ===

impl Surroundings {
    /// A program there.
    fn command(&self, program: &Path) -> Command {
        match &self.network {
            None => Command::new(program),
            Some(network) => {
                // It becomes the program, so that the child is the program all the same.
                let mut command = Command::new("nsenter");
                command
                    .arg(format!("--net={}", network.display()))
                    .arg("--")
                    .arg(program);
                command
            }
        }
    }
}

fn spawn(
    program: &Path,
    surroundings: &Surroundings,
    folder: &Path,
    [http, tls, agent]: [u16; 3],
) -> Result<Child> {
    let stream = |name: &str| {
        File::create(folder.join(name)).with_context(|| format!("making {name} in a folder"))
    };
    let mut command = surroundings.command(program);
    command
        .arg("dev")
        .arg("--dir")
        .arg(folder.join("state"))
        .args(["--port", &http.to_string()])
        .args(["--tls-port", &tls.to_string()])
        .args(["--agent-port", &agent.to_string()])
        .args(&surroundings.arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", folder)
        .envs(surroundings.clock.iter().cloned())
        .stdin(Stdio::null())
        .stdout(stream("stdout.log")?)
        .stderr(stream("stderr.log")?)
        .spawn()
        .context("starting kms-server")
}

/// All files that end in `.log`, in this folder or below it.
fn logs(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let path = entry.context("reading a folder")?.path();
        if path.is_dir() {
            found.extend(logs(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "log") {
            found.push(path);
        }
    }
    Ok(found)
}
