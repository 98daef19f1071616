//! Everything beside the agents: server, STS, metadata service, cluster, and an administrator.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result};
use kms_testkit::{FakeImds, LeakCheck, RoleCredentials, agent::AgentSetup};
use serde_json::Value;
use tempfile::TempDir;

use super::identity::{CLUSTER, Identity, Place, RRSA_ROLE, credentials, write_ini};
use crate::test::{
    Server, Stage, clients,
    issuer::{Issuer, Wanted},
    moved_clock::MovedClock,
    relay::Relay,
};

pub(super) struct Scene {
    clock: MovedClock,
    server: Server,
    /// The server as STS, for the agents alone; it counts.
    sts: Relay,
    imds: FakeImds,
    issuer: Issuer,
    account: String,
    /// Homes, keys, tokens.
    folder: TempDir,
    /// Python with the SDKs.
    sdk: PathBuf,
    /// The agent.
    agent: PathBuf,
}

/// Of the service account.
const TOKEN: Wanted<'_> = Wanted {
    subject: "system:serviceaccount:shop:app",
    audience: "sts.aliyuncs.com",
    seconds: 3600,
};

const ROLES: [&str; 4] = ["suite-cli", "suite-ecs", "suite-environment", "suite-ini"];

/// Those whose agents get other sessions by themselves.
const RENEWED_ROLES: [&str; 3] = ["suite-cli", "suite-ecs", RRSA_ROLE];

const KEYS: [Identity; 2] = [Identity::ClientKeyShared, Identity::ClientKeyInstance];

/// How long the first ClientKeys are good.
const KEY_MINUTES: &str = "55";

// === impl Scene ===

impl Scene {
    pub(super) fn set(stage: &mut Stage<'_>) -> Result<Self> {
        let project = stage.project;
        let agent = project.program(stage, "alibabacloud-kms-agent")?;
        let sdk = clients::sdk_python(project)?;
        let clock = MovedClock::new()?;
        let server = Server::start_by(stage, &clock)?;
        let folder = tempfile::tempdir().context("making a folder")?;
        let upstream = server.env("KMS_ENDPOINT")?.parse();
        fs::write(
            folder.path().join("password.txt"),
            clients::CLIENT_KEY_PASSWORD,
        )
        .context("writing a password")?;
        let mut scene = Self {
            sts: Relay::start(upstream.context("KMS_ENDPOINT")?).context("starting a relay")?,
            imds: FakeImds::start("suite-ecs", RoleCredentials::default())
                .context("starting a metadata service")?,
            issuer: Issuer::start(stage, &server, &sdk, folder.path())?,
            account: String::new(),
            clock,
            server,
            folder,
            sdk,
            agent,
        };
        let account = scene.file("account");
        let url = scene.issuer.url();
        scene.administer(stage, &["secret"])?;
        scene.administer(
            stage,
            &["cluster", url, CLUSTER, RRSA_ROLE, TOKEN.subject, &account],
        )?;
        scene.administer(stage, &[&["roles"], &ROLES[..]].concat())?;
        scene.account = fs::read_to_string(&account).context("reading the account")?;
        scene.give(stage, "suite-environment", "environment")?;
        scene.give(stage, "suite-ini", "ini")?;
        scene.give(stage, "suite-ecs", "ecs")?;
        for name in ["environment", "ini", "ecs"] {
            fs::copy(scene.json(name), scene.json(&format!("first-{name}")))
                .context("keeping the first credentials")?;
        }
        scene.administer(stage, &["access-point"])?;
        for key in KEYS {
            let file = scene.file(&format!("{}.json", key.name()));
            scene.administer(stage, &["client-key", &file, KEY_MINUTES])?;
        }
        scene.project_token(stage)?;
        Ok(scene)
    }

    /// Lets time pass.
    pub(super) fn pass(&self, time: Duration) -> Result<()> {
        self.clock.advance(time)
    }

    /// An agent with this identity.
    pub(super) fn agent(&self, identity: Identity) -> Result<AgentSetup> {
        let server = &self.server;
        let setup = identity.setup(&Place {
            program: self.agent.to_str().context("the target folder's name")?,
            folder: self.folder.path(),
            access_key: [
                server.env("ALIBABA_CLOUD_ACCESS_KEY_ID")?,
                server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?,
            ],
            account: &self.account,
            openapi: format!("http://{}", server.env("KMS_ENDPOINT")?),
            openapi_tls: format!("https://{}", server.env("KMS_TLS_ENDPOINT")?),
            instance: format!("https://{}", server.env("KMS_INSTANCE_ENDPOINT")?),
            ca: server.env("KMS_CA_FILE")?,
            sts: format!("http://{}", self.sts.address()),
            imds: self.imds.url(),
        })?;
        let variables = self.clock.variables();
        Ok(variables
            .iter()
            .fold(setup, |setup, (name, value)| setup.env(name, Some(value))))
    }

    /// How often agents asked for a role: of the CLI's profile, of the machine, by a token.
    pub(super) fn searches(&self) -> [usize; 3] {
        [
            self.sts.calls("AssumeRole"),
            self.imds.handed_out(),
            self.sts.calls("AssumeRoleWithOIDC"),
        ]
    }

    /// What others keep fresh, as they do: the INI file, the machine's credentials, the
    /// token of the service account, the ClientKeys' files.
    pub(super) fn renew(&self, stage: &mut Stage<'_>) -> Result<()> {
        self.give(stage, "suite-environment", "environment")?;
        self.give(stage, "suite-ini", "ini")?;
        self.give(stage, "suite-ecs", "ecs")?;
        self.project_token(stage)?;
        for key in KEYS {
            self.renew_client_key(stage, key, "first")?;
        }
        Ok(())
    }

    /// What the agents had at first: the server itself says that it is over.
    pub(super) fn first_ones_are_refused(&self, stage: &mut Stage<'_>) -> Result<()> {
        for (action, name) in [("AssumeRole", "cli"), ("AssumeRoleWithOIDC", "rrsa")] {
            let answer = self.sts.first_answer(action);
            let answer = answer.with_context(|| format!("no agent called {action}"))?;
            let answer: Value = serde_json::from_slice(&answer).context("an answer of STS")?;
            let credentials = answer.get("Credentials").context("no credentials")?;
            fs::write(self.json(&format!("first-{name}")), credentials.to_string())
                .context("keeping the first credentials")?;
        }
        let first = ["environment", "ini", "ecs", "cli", "rrsa"]
            .map(|name| self.json(&format!("first-{name}")));
        let project = stage.project;
        let mut command = clients::python(&self.server, project, &self.sdk, "identities.py");
        command.arg("ended").args(&first);
        stage.check_program("identities.py", &mut command)?;

        let keys = KEYS.map(|key| self.json(&format!("first-{}", key.name())));
        let instance_sdk = clients::instance_sdk_python(stage.project)?;
        let mut command = clients::python(&self.server, project, &instance_sdk, "ended_key.py");
        command.args(&keys);
        stage.check_program("ended_key.py", &mut command)
    }

    /// Ends all sessions of roles whose agents can have others, and deletes the ClientKeys in
    /// use, when there are others in their place.
    pub(super) fn end_sessions(&self, stage: &mut Stage<'_>) -> Result<()> {
        self.administer(stage, &[&["again"], &RENEWED_ROLES[..]].concat())?;
        self.give(stage, "suite-ecs", "ecs")?;
        for key in KEYS {
            let second = self.renew_client_key(stage, key, "second")?;
            self.administer(stage, &["delete-client-key", &second])?;
        }
        Ok(())
    }

    /// Secrets that no log may hold: all that lie in the folder by now.
    pub(super) fn canaries(&self) -> Result<LeakCheck> {
        let mut canaries = clients::canaries();
        for entry in fs::read_dir(self.folder.path()).context("reading the folder")? {
            let path = entry.context("reading the folder")?.path();
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let text = fs::read(&path).context("reading a secret")?;
            let fields: Value = serde_json::from_slice(&text).context("a secret")?;
            for name in ["AccessKeySecret", "SecurityToken", "PrivateKeyData"] {
                if let Some(secret) = fields.get(name).and_then(Value::as_str) {
                    let what = format!("{name} of {}", path.display());
                    canaries = canaries.with(&what, secret.as_bytes());
                }
            }
        }
        let token = fs::read(self.folder.path().join("token")).context("reading the token")?;
        let own = self.server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?;
        Ok(canaries
            .with("the token of the service account", &token)
            .with("the AccessKey secret", own.as_bytes()))
    }

    pub(super) fn stop(self) -> Result<()> {
        let canaries = self.canaries()?;
        self.server.stop_clean(canaries)
    }

    /// Assumes a role for somebody, and puts what comes of it where that one looks.
    fn give(&self, stage: &mut Stage<'_>, role: &str, name: &str) -> Result<()> {
        let file = self.json(name);
        let shown = file.display().to_string();
        self.administer(stage, &["assume", role, &shown])?;
        let own = credentials(&file)?;
        match name {
            "ini" => write_ini(self.folder.path(), &own)?,
            "ecs" => self.imds.set_credentials(own),
            _ => {}
        }
        Ok(())
    }

    /// Puts another ClientKey in place of one, which is kept under another name.
    fn renew_client_key(
        &self,
        stage: &mut Stage<'_>,
        key: Identity,
        kept_as: &str,
    ) -> Result<String> {
        let file = self.file(&format!("{}.json", key.name()));
        let kept = self.file(&format!("{kept_as}-{}.json", key.name()));
        fs::copy(&file, &kept).context("keeping a ClientKey")?;
        self.administer(stage, &["client-key", &file])?;
        Ok(kept)
    }

    fn project_token(&self, stage: &mut Stage<'_>) -> Result<()> {
        let file = self.folder.path().join("token");
        self.issuer.project(stage, &self.server, &TOKEN, &file)
    }

    fn administer(&self, stage: &mut Stage<'_>, words: &[&str]) -> Result<()> {
        clients::administer(stage, &self.server, &self.sdk, words)
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn json(&self, name: &str) -> PathBuf {
        Path::new(&self.file(name)).with_extension("json")
    }
}
