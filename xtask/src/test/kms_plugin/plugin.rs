use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use kms_testkit::LeakCheck;
use kms_types::{Clock as _, SystemClock};
use serde_json::Value;

use super::{VALUE, scene::Scene};
use crate::test::{Stage, life, stage::pause};

/// A process of `ack-secret-manager kms-plugin`; killed when dropped.
pub(super) struct Plugin {
    child: Child,
    port: u16,
    log: PathBuf,
    socket: PathBuf,
}

/// It looks each second, and believes for three.
const PATIENCE: Duration = Duration::from_secs(30);

// === impl Plugin ===

impl Plugin {
    /// The command of the pod that is shipped, to be completed.
    pub(super) fn command(stage: &mut Stage<'_>, scene: &Scene, port: u16) -> Result<Command> {
        let program = stage.project.program(stage, "ack-secret-manager")?;
        let mut command = scene.server.client(&program);
        command
            .args(shipped(stage, scene, port)?)
            .arg(format!(
                "--kms-endpoint=http://{}",
                scene.server.env("KMS_ENDPOINT")?
            ))
            .args(["--probe-interval=1s", "--unhealthy-after=3s"]);
        Ok(command)
    }

    /// Starts one and waits until it says that KMS works.
    pub(super) fn start(stage: &mut Stage<'_>, scene: &Scene) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.local_addr())
            .context("finding a free port")?
            .port();
        let log = stage.project.target.join("suite");
        let log = log.join(format!("{}-plugin.log", stage.name()));
        let file = File::options().create(true).append(true).open(&log);
        let file = file.with_context(|| format!("making {}", log.display()))?;
        let child = Self::command(stage, scene, port)?
            .stdin(Stdio::null())
            .stdout(file.try_clone().context("sharing a log")?)
            .stderr(file)
            .spawn()
            .context("starting kms-plugin")?;
        let mut plugin = Self {
            child,
            port,
            log,
            socket: scene.socket(),
        };
        plugin.healthy()?;
        Ok(plugin)
    }

    /// Waits until Status names such a key.
    pub(super) fn key_until(&mut self, is_so: impl Fn(&str) -> bool) -> Result<String> {
        self.until("key_id", |status| {
            let key = status.get("keyId").and_then(Value::as_str)?;
            is_so(key).then(|| key.to_owned())
        })
    }

    /// Waits until Status says that all is well.
    pub(super) fn healthy(&mut self) -> Result<()> {
        self.until("healthz", |status| {
            (status.get("healthz")? == "ok").then_some(())
        })
    }

    /// Waits until Status says what is wrong, and so does `/readyz`; it lives all the same.
    pub(super) fn unhealthy(&mut self) -> Result<()> {
        let why = self.until("healthz", |status| {
            let healthz = status.get("healthz")?.as_str()?;
            (healthz != "ok").then(|| healthz.to_owned())
        })?;
        ensure!(why.starts_with("KMS last worked "), "it says {why}");
        let (head, _) = self.get("/readyz")?;
        ensure!(head.contains(" 503 "), "/readyz says {head}");
        let (head, _) = self.get("/healthz")?;
        ensure!(head.contains(" 200 "), "/healthz says {head}");
        Ok(())
    }

    /// Orders it to end; it must do so well, take its socket away, and have logged nothing that is
    /// secret.
    pub(super) fn end_clean(&mut self, scene: &Scene) -> Result<()> {
        life::end_well(&mut self.child)?;
        ensure!(!self.socket.exists(), "it left its socket");
        let text = fs::read(&self.log).context("reading a log")?;
        let key = scene.server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?;
        let canaries = LeakCheck::default()
            .with("the value of a Secret", VALUE.as_bytes())
            .with("the AccessKey secret", key.as_bytes());
        let found = canaries.find(&text);
        ensure!(found.is_empty(), "its log holds {}", found.join(", "));
        ensure!(!text.is_empty(), "it logged nothing");
        Ok(())
    }

    fn until<T>(&mut self, what: &str, mut found: impl FnMut(&Value) -> Option<T>) -> Result<T> {
        let end = SystemClock.monotonic() + PATIENCE;
        loop {
            let status = self.get("/status").and_then(|(_, body)| {
                serde_json::from_str::<Value>(&body).context("the answer of /status")
            });
            if let Some(found) = status.as_ref().ok().and_then(&mut found) {
                return Ok(found);
            }
            if let Some(status) = self.child.try_wait().context("waiting for kms-plugin")? {
                bail!("kms-plugin ended with {status}");
            }
            ensure!(
                SystemClock.monotonic() < end,
                "Status has no such {what}: {status:?}"
            );
            pause(Duration::from_millis(50));
        }
    }

    /// Head and body.
    fn get(&self, path: &str) -> Result<(String, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
        Ok((head.to_owned(), body.to_owned()))
    }
}

/// Where the plugin's pod is told what it is.
pub(super) const POD: &str = "deploy/kubernetes-encryption/kms-plugin.yaml";

/// The arguments of the pod that is shipped, for this place.
fn shipped(stage: &Stage<'_>, scene: &Scene, port: u16) -> Result<Vec<String>> {
    let arguments = pod(stage)?;
    let arguments = arguments.pointer("/spec/containers/0/args");
    let arguments = arguments.and_then(Value::as_array);
    let arguments = arguments.with_context(|| format!("{POD} has no arguments"))?;
    let socket = scene.socket().display().to_string();
    let told = |argument: &Value| {
        let argument = argument.as_str().unwrap_or_default();
        argument
            .replace("<REGION_ID>", "cn-hangzhou")
            .replace("/run/kms-plugin/kms.sock", &socket)
            .replace("127.0.0.1:8084", &format!("127.0.0.1:{port}"))
    };
    Ok(arguments.iter().map(told).collect())
}

/// The pod that is shipped.
pub(super) fn pod(stage: &Stage<'_>) -> Result<Value> {
    let text = fs::read_to_string(stage.project.root.join(POD));
    let text = text.with_context(|| format!("reading {POD}"))?;
    serde_saphyr::from_str(&text).with_context(|| format!("{POD} is no YAML"))
}

impl Drop for Plugin {
    fn drop(&mut self) {
        // After `end_clean` there is nobody left to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
