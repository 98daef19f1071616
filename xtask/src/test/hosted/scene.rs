//! What stands around programs with hosted AccessKeys: the server, an API to call, an
//! administrator, and the files of a ClientKey.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use kms_testkit::LeakCheck;
use kms_types::{Clock as _, SystemClock};
use serde_json::Value;
use tempfile::TempDir;

use super::profile::fill_in;
use crate::test::{Project, Server, Stage, business::Business, clients};

pub(in crate::test) struct Scene {
    server: Server,
    business: Business,
    folder: TempDir,
    /// Python with the SDKs.
    sdk: PathBuf,
}

/// Which gateway a program reads the secret at, and so which of its profiles it has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::test) enum Gateway {
    Shared,
    Instance,
}

/// The AccessKeys of users: ids, with their status.
pub(in crate::test) type Keys = BTreeMap<String, Vec<(String, String)>>;

/// For a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// The ClientKey, under the names that the profiles know.
const KEY: &str = "clientKey.json";
const PASSWORD: &str = "clientKey_Password.txt";
const CA: &str = "PrivateKmsCA.pem";

/// Where a pod has them.
const IN_A_POD: &str = "/root/resources";

// === impl Scene ===

impl Scene {
    /// With a ClientKey that may read all secrets.
    pub(in crate::test) fn set(stage: &mut Stage<'_>, server: Server) -> Result<Self> {
        let sdk = clients::sdk_python(stage.project)?;
        let upstream = server.env("KMS_ENDPOINT")?.parse();
        let scene = Self {
            business: Business::start(upstream.context("KMS_ENDPOINT")?)
                .context("starting a business API")?,
            folder: tempfile::tempdir().context("making a folder")?,
            server,
            sdk,
        };
        let files = scene.client_key();
        fs::create_dir(&files).context("making a folder")?;
        fs::write(files.join(PASSWORD), clients::CLIENT_KEY_PASSWORD)
            .and_then(|()| {
                fs::copy(
                    scene.server.env("KMS_CA_FILE").unwrap_or_default(),
                    files.join(CA),
                )
            })
            .context("writing the files of a ClientKey")?;
        let key = files.join(KEY).display().to_string();
        clients::administer(stage, &scene.server, &scene.sdk, &["access-point"])?;
        clients::administer(stage, &scene.server, &scene.sdk, &["client-key", &key])?;
        scene.administer(stage, &["role"])?;
        Ok(scene)
    }

    /// Where all lies.
    pub(in crate::test) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder with the ClientKey's three files.
    pub(in crate::test) fn client_key(&self) -> PathBuf {
        self.folder.path().join("client-key")
    }

    /// The key's own file, and its password's.
    pub(in crate::test) fn client_key_files(&self) -> [PathBuf; 2] {
        [KEY, PASSWORD].map(|name| self.client_key().join(name))
    }

    pub(in crate::test) fn server(&self) -> &Server {
        &self.server
    }

    /// The same files as a pod has them, if somebody puts them there.
    pub(in crate::test) fn volume(&self) -> PathBuf {
        self.folder.path().join("volume")
    }

    pub(in crate::test) fn business(&self) -> &Business {
        &self.business
    }

    /// A program beside all this.
    pub(in crate::test) fn command(&self, project: &Project, program: &Path) -> Command {
        let mut command = clients::command(&self.server, project, program);
        command.env("BUSINESS", self.business.address().to_string());
        command
    }

    /// A program of suite/python/ beside all this.
    pub(in crate::test) fn python(&self, project: &Project, file: &str) -> Command {
        clients::python_program(self.command(project, &self.sdk), project, file)
    }

    /// Makes RAM users whose AccessKeys are hosted; the id of each.
    pub(in crate::test) fn host(
        &self,
        stage: &mut Stage<'_>,
        interval: &str,
        users: &[&str],
    ) -> Result<BTreeMap<String, String>> {
        let said = self.administer(stage, &[&["host", interval], users].concat())?;
        Ok(said
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(user, id)| (user.to_owned(), id.to_owned()))
            .collect())
    }

    /// What RAM has of them.
    pub(in crate::test) fn keys(&self, stage: &mut Stage<'_>, users: &[&str]) -> Result<Keys> {
        let said = self.administer(stage, &[&["keys"], users].concat())?;
        Ok(said
            .lines()
            .filter_map(|line| {
                let mut words = line.split(' ');
                let user = words.next()?.to_owned();
                let keys = words
                    .filter_map(|word| word.split_once(':'))
                    .map(|(id, status)| (id.to_owned(), status.to_owned()))
                    .collect();
                Some((user, keys))
            })
            .collect())
    }

    /// Waits until RAM's AccessKeys of all these users are as they are to be.
    pub(in crate::test) fn keys_until(
        &self,
        stage: &mut Stage<'_>,
        users: &[&str],
        what: &str,
        are_so: impl Fn(&str, &[(String, String)]) -> bool,
    ) -> Result<Keys> {
        let end = SystemClock.monotonic() + PATIENCE;
        loop {
            let keys = self.keys(stage, users)?;
            if keys.len() == users.len() && keys.iter().all(|(user, keys)| are_so(user, keys)) {
                return Ok(keys);
            }
            ensure!(
                SystemClock.monotonic() < end,
                "no {what} for a long time: {keys:?}"
            );
        }
    }

    /// Sends `suite/python/hosted.py`; what it printed.
    pub(in crate::test) fn administer(
        &self,
        stage: &mut Stage<'_>,
        words: &[&str],
    ) -> Result<String> {
        let mut command = self.python(stage.project, "hosted.py");
        stage.succeed(command.args(words))
    }

    /// The example's own profile for a gateway, filled in for a user, in a folder of this name.
    pub(in crate::test) fn profile(
        &self,
        stage: &Stage<'_>,
        language: &str,
        gateway: Gateway,
        user: &str,
        more: &[(&str, &str)],
    ) -> Result<PathBuf> {
        let example = stage.project.root.join("examples").join(language);
        let is_java = language == "java";
        let (from, files, sts) = match (gateway, is_java) {
            (Gateway::Shared, false) => ("resources", "=resources/", "sts"),
            (Gateway::Shared, true) => ("src/main/resources", "=src/main/resources/", "sts"),
            (Gateway::Instance, false) => ("config/prod-aliyun/resources", IN_A_POD, "sts-vpc"),
            (Gateway::Instance, true) => ("src/config/prod-aliyun/resources", IN_A_POD, "sts-vpc"),
        };
        let here = match gateway {
            Gateway::Shared => format!("={}/", self.client_key().display()),
            Gateway::Instance if self.volume().is_dir() => self.volume().display().to_string(),
            Gateway::Instance => self.client_key().display().to_string(),
        };
        let (place, wanted) = match gateway {
            Gateway::Shared => {
                let wanted = format!(
                    "=[{{\"regionId\":\"cn-hangzhou\",\"endpoint\":\"{}\"}}]",
                    self.server.env("KMS_TLS_ENDPOINT")?
                );
                ("=[{\"regionId\":\"cn-hangzhou\"}]", wanted)
            }
            Gateway::Instance => (
                "<instance id>.cryptoservice.kms.aliyuncs.com",
                self.server.env("KMS_INSTANCE_ENDPOINT")?.to_owned(),
            ),
        };
        let business = format!("endpoint={}", self.business.address());
        let cloud = format!("endpoint={sts}.cn-hangzhou.aliyuncs.com");
        let secret = format!("secret_name=acs/ram/user/{user}");
        let changes = [
            ("secret_name=acs/ram/user/app", secret.as_str()),
            (&cloud, &business),
            ("protocol=https", "protocol=http"),
            ("pause_milliseconds=1000", "pause_milliseconds=100"),
            (files, &here),
            (place, &wanted),
        ];
        let to = self.folder.path().join(format!("{user}-profile"));
        fill_in(&example.join(from), &to, &[&changes, more].concat())?;
        Ok(to)
    }

    /// Ends the server; no log of it may hold what is secret here.
    pub(in crate::test) fn stop(self, more: LeakCheck) -> Result<()> {
        let text = fs::read_to_string(self.client_key().join(KEY)).context("reading a key")?;
        let key: Value = serde_json::from_str(&text).context("a ClientKey")?;
        let data = key.get("PrivateKeyData").and_then(Value::as_str);
        let data = data.context("a ClientKey without a key")?;
        self.server
            .stop_clean(more.with("a ClientKey", data.as_bytes()))
    }
}
