use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use kms_testkit::LeakCheck;
use kms_types::{Clock as _, SystemClock};

use super::{HOME, PATIENCE, objects::CANARY};
use crate::{
    ports,
    test::{life, stage::pause},
};

/// A process of `ack-secret-manager webhook`; killed when dropped.
pub(super) struct Program {
    child: Child,
    log: PathBuf,
    /// Where it answers the API server.
    pub(super) port: u16,
    health: u16,
}

// === impl Program ===

impl Program {
    /// Starts one as the chart does, at ports of its own.
    pub(super) fn start(
        program: &Path,
        arguments: &[String],
        kubeconfig: &Path,
        log: PathBuf,
    ) -> Result<Self> {
        let [port, health] = ports::free().context("finding free ports")?;
        let is_elsewhere = |argument: &&String| {
            !["--listen=", "--health-addr=", "--metrics-addr="]
                .iter()
                .any(|flag| argument.starts_with(flag))
        };
        let file = File::create(&log).with_context(|| format!("making {}", log.display()))?;
        let child = Command::new(program)
            .args(arguments.iter().filter(is_elsewhere))
            .arg(format!("--listen=127.0.0.1:{port}"))
            .arg(format!("--health-addr=127.0.0.1:{health}"))
            // In a cluster the Service's name is enough.
            .arg("--host=127.0.0.1")
            .arg("--kubeconfig")
            .arg(kubeconfig)
            .env_clear()
            .env("POD_NAMESPACE", HOME)
            .stdin(Stdio::null())
            .stdout(file.try_clone().context("sharing a log")?)
            .stderr(file)
            .spawn()
            .context("starting the webhook")?;
        Ok(Self {
            child,
            log,
            port,
            health,
        })
    }

    /// Waits until it says that it is ready.
    pub(super) fn ready(&mut self) -> Result<()> {
        let end = SystemClock.monotonic() + PATIENCE;
        loop {
            let said = self.get("/readyz");
            if said.as_ref().is_ok_and(|said| said.contains(" 200 ")) {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait().context("waiting for the webhook")? {
                bail!("the webhook ended with {status}");
            }
            ensure!(
                SystemClock.monotonic() < end,
                "the webhook is not ready: {said:?}"
            );
            pause(Duration::from_millis(50));
        }
    }

    /// Kills it, as a crash would.
    pub(super) fn kill(&mut self) -> Result<()> {
        self.child.kill().context("killing the webhook")?;
        self.child.wait().context("waiting for the webhook")?;
        Ok(())
    }

    /// Orders it to end; it must do so well, and have logged nothing that is secret.
    pub(super) fn end_clean(&mut self) -> Result<()> {
        life::end_well(&mut self.child)?;
        let text = fs::read(&self.log).context("reading a log")?;
        let canaries = LeakCheck::default().with("the value of a variable", CANARY.as_bytes());
        let found = canaries.find(&text);
        ensure!(found.is_empty(), "its log holds {}", found.join(", "));
        let text = String::from_utf8_lossy(&text);
        ensure!(!text.contains("PRIVATE KEY"), "its log holds a key");
        ensure!(text.contains("answered"), "it logged no answer");
        Ok(())
    }

    fn get(&self, path: &str) -> Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.health))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // After `end_clean` there is nobody left to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
