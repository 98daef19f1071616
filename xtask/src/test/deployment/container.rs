//! Containers as an engine would run them, by crun: what a compose file or a pod says, in the
//! terms of the OCI runtime. All containers of one sandbox share its network, as those of a
//! pod and of `network_mode: service:` do.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
};

use anyhow::{Context as _, Result};
use rustix::process::{Resource, getrlimit};
use serde_json::{Value, json};

use super::{Beside, Image, Sandbox};
use crate::{test::Stage, tools};

/// What is run, after everything that overrides the image.
pub(crate) struct Run<'a> {
    pub(crate) name: &'a str,
    pub(crate) image: &'a Image,
    /// In place of the image's entry point, if there is one; its command is then not used either.
    pub(crate) command: Vec<String>,
    /// In place of the image's command, if there are any.
    pub(crate) arguments: Vec<String>,
    /// Over the image's variables.
    pub(crate) env: Vec<(String, String)>,
    /// In place of the image's user.
    pub(crate) user: Option<(u32, u32)>,
    /// Beside the user's own group.
    pub(crate) groups: Vec<u32>,
    pub(crate) mounts: Vec<Mount>,
    pub(crate) read_only: bool,
    pub(crate) no_new_privileges: bool,
    /// Locked memory without bound, as far as this machine lets root give it.
    pub(crate) lock_memory: bool,
}

/// A folder or file of the machine in a container.
#[derive(Clone, Debug)]
pub(crate) struct Mount {
    pub(crate) from: PathBuf,
    pub(crate) to: String,
    pub(crate) read_only: bool,
}

/// A container that runs; ends with its sandbox.
pub(crate) struct Container<'a> {
    sandbox: &'a Sandbox,
    name: String,
    folder: PathBuf,
    process: Value,
    main: Beside,
}

// === impl Container ===

impl<'a> Container<'a> {
    /// Starts it. Its bundle and its output lie in this folder.
    pub(crate) fn start(sandbox: &'a Sandbox, folder: &Path, run: &Run<'_>) -> Result<Self> {
        tools::program("crun", "crun")?;
        let folder = folder.join(run.name);
        fs::create_dir_all(&folder).context("making a folder for a container")?;
        let hosts = folder.join("hosts");
        fs::write(&hosts, "127.0.0.1 localhost\n::1 localhost\n").context("writing hosts")?;
        let process = run.process()?;
        let bundle = run.bundle(&process, &hosts);
        fs::write(folder.join("config.json"), bundle.to_string()).context("writing a bundle")?;
        let output = folder.join("output.log");
        let mut command = crun(sandbox, &folder, "run");
        command.arg("--bundle").arg(&folder).arg(run.name);
        Ok(Self {
            sandbox,
            name: run.name.to_owned(),
            main: Beside::start(&mut command, &output)?,
            folder,
            process,
        })
    }

    /// A command in it, as the container's user, like a health check or a probe.
    pub(crate) fn exec(&self, command: &[String]) -> Result<Command> {
        let mut process = self.process.clone();
        if let Some(arguments) = process.get_mut("args") {
            *arguments = json!(command);
        }
        self.exec_process(&process)
    }

    /// A command in it as another user, without groups.
    pub(crate) fn exec_as(&self, command: &[String], (uid, gid): (u32, u32)) -> Result<Command> {
        let mut process = self.process.clone();
        if let Some(process) = process.as_object_mut() {
            process.insert("args".to_owned(), json!(command));
            process.insert("user".to_owned(), json!({ "uid": uid, "gid": gid }));
        }
        self.exec_process(&process)
    }

    fn exec_process(&self, process: &Value) -> Result<Command> {
        let file = self.folder.join("exec.json");
        fs::write(&file, process.to_string()).context("writing a process")?;
        let mut crun = crun(self.sandbox, &self.folder, "exec");
        crun.arg("--process").arg(file).arg(&self.name);
        Ok(crun)
    }

    /// Runs a health check until it succeeds.
    pub(crate) fn wait_until_healthy(
        &mut self,
        stage: &mut Stage<'_>,
        check: &[String],
    ) -> Result<()> {
        let mut command = self.exec(check)?;
        self.main
            .wait_until("healthy", |_| Ok(stage.attempt(&mut command)?.0.success()))
    }

    /// Waits until it has printed such a line.
    pub(crate) fn wait_until_printed(&mut self, line: &str) -> Result<()> {
        self.main
            .wait_until(&format!("seen to print {line:?}"), |main| {
                Ok(main
                    .printed()
                    .lines()
                    .any(|printed| printed.starts_with(line)))
            })
    }

    /// What it has printed so far.
    pub(crate) fn printed(&self) -> String {
        self.main.printed()
    }

    /// Waits until this is so; fails when the container ends, or in the end with what it lacked.
    pub(crate) fn wait_until_it(
        &mut self,
        what: &str,
        mut is_so: impl FnMut() -> Result<()>,
    ) -> Result<()> {
        let mut lacked = String::new();
        let waited = self.main.wait_until(what, |_| {
            let so = is_so();
            lacked = so
                .as_ref()
                .err()
                .map_or_else(String::new, |lack| format!("{lack:#}"));
            Ok(so.is_ok())
        });
        waited.with_context(|| lacked)
    }

    /// Orders it to end, as the kubelet does, and waits until it has: how.
    pub(crate) fn stop(&mut self, stage: &mut Stage<'_>) -> Result<ExitStatus> {
        stage.succeed(crun(self.sandbox, &self.folder, "kill").args([&self.name, "TERM"]))?;
        self.ended()
    }

    /// Waits until it has ended by itself: how.
    pub(crate) fn ended(&mut self) -> Result<ExitStatus> {
        self.main.ended()
    }

    /// What the kernel tells of its first process: a file of /proc/PID.
    pub(crate) fn kernel_tells(&self, stage: &mut Stage<'_>, file: &str) -> Result<String> {
        let told = stage.succeed(crun(self.sandbox, &self.folder, "state").arg(&self.name))?;
        let told: Value = serde_json::from_str(&told).context("the state of a container")?;
        let pid = told.get("pid").and_then(Value::as_u64);
        let pid = pid.with_context(|| format!("{told} has no process"))?;
        let mut cat = self.sandbox.command("cat");
        stage.succeed(cat.arg(format!("/proc/{pid}/{file}")))
    }
}

fn crun(sandbox: &Sandbox, folder: &Path, subcommand: &str) -> Command {
    let mut command = sandbox.command("crun");
    command
        .arg("--root")
        .arg(folder.join("state"))
        .args(["--cgroup-manager=disabled", subcommand]);
    command
}

// === impl Run ===

impl Run<'_> {
    fn process(&self) -> Result<Value> {
        let image = &self.image.config;
        let (user, group) = self.user.map_or_else(|| image.ids(), Ok)?;
        let command = if self.arguments.is_empty() && self.command.is_empty() {
            &image.cmd
        } else {
            &self.arguments
        };
        let entry_point = if self.command.is_empty() {
            &image.entrypoint
        } else {
            &self.command
        };
        let arguments: Vec<&String> = entry_point.iter().chain(command).collect();
        let overridden = |variable: &str| {
            self.env
                .iter()
                .any(|(name, _)| variable.split_once('=').is_some_and(|(had, _)| had == name))
        };
        let env: Vec<String> = image
            .env
            .iter()
            .filter(|variable| !overridden(variable))
            .cloned()
            .chain(
                self.env
                    .iter()
                    .map(|(name, value)| format!("{name}={value}")),
            )
            .collect();
        let folder = if image.working_dir.is_empty() {
            "/"
        } else {
            &image.working_dir
        };
        Ok(json!({
            "terminal": false,
            "user": { "uid": user, "gid": group, "additionalGids": self.groups },
            "args": arguments,
            "env": env,
            "cwd": folder,
            // `drop: [ALL]`, of which both the compose file and the pod make use.
            "capabilities": { "bounding": [], "effective": [], "permitted": [] },
            "noNewPrivileges": self.no_new_privileges,
            "rlimits": self.limits(),
        }))
    }

    fn limits(&self) -> Vec<Value> {
        let mut limits = vec![json!({ "type": "RLIMIT_CORE", "hard": 0, "soft": 0 })];
        if self.lock_memory {
            let most = getrlimit(Resource::Memlock).maximum.unwrap_or(u64::MAX);
            limits.push(json!({ "type": "RLIMIT_MEMLOCK", "hard": most, "soft": most }));
        }
        limits
    }

    fn bundle(&self, process: &Value, hosts: &Path) -> Value {
        let mut mounts = vec![
            json!({ "destination": "/proc", "type": "proc", "source": "proc" }),
            json!({
                "destination": "/dev", "type": "tmpfs", "source": "tmpfs",
                "options": ["nosuid", "mode=755", "size=65536k"],
            }),
            bind(hosts, "/etc/hosts", false),
        ];
        // The outer ones first: a volume at /var/run holds another at /var/run/secrets.
        let mut volumes: Vec<&Mount> = self.mounts.iter().collect();
        volumes.sort_by_key(|volume| volume.to.len());
        mounts.extend(
            volumes
                .into_iter()
                .map(|volume| bind(&volume.from, &volume.to, volume.read_only)),
        );
        json!({
            "ociVersion": "1.0.0",
            "process": process,
            "root": { "path": self.image.rootfs, "readonly": self.read_only },
            "hostname": self.name,
            "mounts": mounts,
            // No network of its own: the sandbox's.
            "linux": { "namespaces": [
                { "type": "pid" }, { "type": "mount" }, { "type": "ipc" }, { "type": "uts" },
            ]},
        })
    }
}

fn bind(from: &Path, to: &str, read_only: bool) -> Value {
    json!({
        "destination": to, "type": "bind", "source": from,
        "options": ["rbind", if read_only { "ro" } else { "rw" }],
    })
}
