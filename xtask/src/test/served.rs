//! A server that `kms-server init` and `serve` made, on a PostgreSQL of its own.

use std::{
    collections::BTreeMap,
    fs::{self, File, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use kms_testkit::{
    LOCAL_NAMES, LeakCheck, Postgres, TestCa,
    agent::{AgentSetup, RunningAgent},
};
use tempfile::TempDir;

use super::{Stage, life};
use crate::tools;

/// Killed when dropped, and its database with it.
pub(super) struct Served {
    child: Child,
    folder: TempDir,
    /// What its clients are told, by variable.
    env: BTreeMap<String, String>,
    _postgres: Postgres,
}

// === impl Served ===

impl Served {
    /// Makes one and waits until it says that it is ready.
    pub(super) fn start(stage: &mut Stage<'_>) -> Result<Self> {
        let project = stage.project;
        let programs = if project.has_postgres {
            None
        } else {
            tools::postgres_programs(&project.cache)?
        };
        let program = project.program(stage, "kms-server")?;
        let postgres = Postgres::start_from(programs.as_deref());
        let folder = tempfile::tempdir().context("making a folder for kms-server")?;
        let config = configure(folder.path(), &postgres.url("postgres"))?;
        let made = Command::new(&program)
            .args(["init", "--config"])
            .arg(&config)
            .env_clear()
            .output()
            .context("starting kms-server init")?;
        ensure!(
            made.status.success(),
            "kms-server init: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let env = exported(&String::from_utf8_lossy(&made.stdout));
        let stream = |name: &str| File::create(folder.path().join(name)).context("making a log");
        let child = Command::new(&program)
            .args(["serve", "--config"])
            .arg(&config)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(stream("stdout.log")?)
            .stderr(stream("stderr.log")?)
            .spawn()
            .context("starting kms-server serve")?;
        let mut server = Self {
            child,
            folder,
            env,
            _postgres: postgres,
        };
        let endpoint = server.wait_until_ready()?;
        let ca = server.path("ca.pem").display().to_string();
        for (name, value) in [
            ("KMS_ENDPOINT", endpoint.as_str()),
            ("KMS_TLS_ENDPOINT", &endpoint),
            ("KMS_PROTOCOL", "https"),
            ("KMS_CA_FILE", &ca),
        ] {
            server.env.insert(name.to_owned(), value.to_owned());
        }
        Ok(server)
    }

    /// A command of a client beside it.
    pub(super) fn client(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.folder.path())
            .env("LANG", "C.UTF-8")
            .envs(&self.env);
        command
    }

    /// An agent in front of it, which trusts the private authority.
    pub(super) fn agent(&self, stage: &mut Stage<'_>) -> Result<RunningAgent> {
        let program = stage.project.program(stage, "alibabacloud-kms-agent")?;
        let program = program.to_str().context("the target folder's name")?;
        let endpoint = format!("https://{}", self.env("KMS_ENDPOINT")?);
        let setup = AgentSetup::new(program, &endpoint)
            .config("Kms", &format!("CaFile = '{}'", self.env("KMS_CA_FILE")?));
        Ok(["ALIBABA_CLOUD_ACCESS_KEY_ID", SECRET]
            .into_iter()
            .try_fold(setup, |setup, name| {
                Ok::<_, anyhow::Error>(setup.env(name, Some(self.env(name)?)))
            })?
            .start())
    }

    /// Orders it to end; it must do so well, and neither of its logs may hold a secret.
    pub(super) fn stop_clean(mut self, canaries: LeakCheck) -> Result<()> {
        life::end_well(&mut self.child)?;
        let canaries = canaries
            .with("the AccessKey secret", self.env(SECRET)?.as_bytes())
            .with("the root key", self.read("root.key")?.trim_end().as_bytes());
        for file in [
            "stderr.log",
            "data/logs/kms-server.log",
            "data/audit/audit.log",
        ] {
            let text = self.read(file)?;
            ensure!(file == "stderr.log" || !text.is_empty(), "{file} is empty");
            let found = canaries.find(text.as_bytes());
            ensure!(found.is_empty(), "{file} holds {}", found.join(", "));
        }
        Ok(())
    }

    fn env(&self, name: &str) -> Result<&str> {
        let value = self.env.get(name).map(String::as_str);
        value.with_context(|| format!("no {name} from init"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> Result<String> {
        fs::read_to_string(self.path(name)).with_context(|| format!("reading {name}"))
    }

    /// Where it listens.
    fn wait_until_ready(&mut self) -> Result<String> {
        let text = life::until_ready(&mut self.child, self.folder.path())?;
        let found = text.lines().find_map(|line| line.strip_prefix("https "));
        found.map(str::to_owned).context("it names no address")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // After `stop_clean` there is nobody left to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";

/// The configuration and the certificate that it names.
fn configure(folder: &Path, url: &str) -> Result<PathBuf> {
    let ca = TestCa::new();
    let cert = ca.issue(&LOCAL_NAMES);
    let at = folder.display();
    let text = format!(
        "[server]\ndata_dir = '{at}/data'\n\
         [listen]\nhttps = ['127.0.0.1:0']\ninstance = []\nadmin = []\n\
         [tls]\ncert_file = '{at}/tls.pem'\nkey_file = '{at}/tls.key'\n\
         [store]\nurl = '{url}'\n\
         [root_key]\ncurrent = 'file:{at}/root.key'\n"
    );
    let config = folder.join("kms-server.toml");
    for (name, content) in [
        ("ca.pem", ca.pem()),
        ("tls.pem", cert.cert_pem),
        ("tls.key", cert.key_pem),
        ("kms-server.toml", text),
    ] {
        let path = folder.join(name);
        fs::write(&path, content)
            .and_then(|()| fs::set_permissions(&path, Permissions::from_mode(0o600)))
            .with_context(|| format!("writing {name}"))?;
    }
    Ok(config)
}

/// The variables in lines for `source`.
fn exported(lines: &str) -> BTreeMap<String, String> {
    lines
        .lines()
        .filter_map(|line| line.strip_prefix("export ")?.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
