//! A deployment's pod: every key that the files use, and no other. A key that nothing here
//! carries out or looks at would be untested, so it is refused.

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

/// The pod of a file, and the agent's configuration if the file brings one.
#[derive(Debug)]
pub(super) struct Pod {
    spec: Spec,
    pub(super) config: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Spec {
    service_account_name: String,
    automount_service_account_token: bool,
    share_process_namespace: bool,
    security_context: PodSecurity,
    init_containers: Vec<PodContainer>,
    containers: Vec<PodContainer>,
    volumes: Vec<Volume>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PodSecurity {
    run_as_non_root: bool,
    fs_group: u32,
    seccomp_profile: Value,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct PodContainer {
    pub(super) name: String,
    image: String,
    restart_policy: Option<String>,
    pub(super) env: Vec<Variable>,
    startup_probe: Option<Probe>,
    readiness_probe: Option<Probe>,
    pub(super) security_context: Security,
    resources: Value,
    pub(super) volume_mounts: Vec<VolumeMount>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "the kubelet's pace; the suite asks without pause")]
struct Probe {
    exec: Exec,
    period_seconds: u32,
    timeout_seconds: u32,
    failure_threshold: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exec {
    command: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Security {
    pub(super) run_as_user: u32,
    pub(super) run_as_group: u32,
    pub(super) allow_privilege_escalation: bool,
    pub(super) read_only_root_filesystem: bool,
    pub(super) capabilities: Capabilities,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Capabilities {
    pub(super) drop: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct VolumeMount {
    pub(super) name: String,
    pub(super) mount_path: String,
    pub(super) sub_path: Option<String>,
    #[serde(default)]
    pub(super) read_only: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Volume {
    pub(super) name: String,
    empty_dir: Option<EmptyDir>,
    projected: Option<Projected>,
    config_map: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct EmptyDir {
    medium: Option<String>,
    size_limit: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Projected {
    sources: [Source; 1],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Source {
    service_account_token: TokenSource,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct TokenSource {
    pub(super) path: String,
    pub(super) audience: String,
    pub(super) expiration_seconds: u32,
}

/// What the kubelet makes of a volume.
pub(super) enum VolumeKind<'a> {
    /// An empty folder in memory.
    Memory,
    /// An empty folder.
    Disk,
    /// A service account's token.
    Token(&'a TokenSource),
    /// The agent's configuration.
    Config,
}

/// The agent's environment, as seed 000 writes it.
const ENVIRONMENT: [(&str, &str); 4] = [
    ("KMS_TOKEN", "file:///var/run/kmstoken"),
    (
        "ALIBABA_CLOUD_ROLE_ARN",
        "acs:ram::<account>:role/<rolename>",
    ),
    (
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
        "acs:ram::<account>:oidc-provider/<ack cluster id>",
    ),
    (
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
        "/var/run/secrets/ack.alibabacloud.com/rrsa-tokens/token",
    ),
];

// === impl Pod ===

impl Pod {
    /// Finds the pod, and the ConfigMap if there is one, among a file's objects.
    pub(super) fn read(objects: Vec<Value>) -> Result<Self> {
        let mut config = None;
        let mut spec = None;
        for mut object in objects {
            match object.get("kind").and_then(Value::as_str) {
                Some("ConfigMap") => {
                    let text = object.pointer("/data/config.toml").and_then(Value::as_str);
                    config = text.map(str::to_owned);
                }
                Some("Deployment") => {
                    spec = object.pointer_mut("/spec/template/spec").map(Value::take);
                }
                Some("ServiceAccount") => {}
                kind => bail!("an object of kind {kind:?} is not expected"),
            }
        }
        let spec = spec.context("there is no Deployment")?;
        Ok(Self {
            spec: serde_json::from_value(spec).context("the pod")?,
            config,
        })
    }

    /// The agent as seed 000 and the sidecar's documentation have it: an init container that
    /// stays, the seed's variables, the token of its service account where it is looked for.
    pub(super) fn is_the_seeds(&self) -> Result<()> {
        let agent = self.agent()?;
        ensure!(
            agent.restart_policy.as_deref() == Some("Always"),
            "the agent is no init container that stays"
        );
        let environment: Vec<(&str, &str)> = agent
            .env
            .iter()
            .map(|variable| (variable.name.as_str(), variable.value.as_str()))
            .collect();
        ensure!(
            environment == ENVIRONMENT,
            "the agent's environment is {environment:?}"
        );
        let (volume, token) = self.token()?;
        ensure!(
            token.audience == "sts.aliyuncs.com" && token.expiration_seconds >= 600,
            "the token is for {} and {} s",
            token.audience,
            token.expiration_seconds
        );
        let mount = agent.mount(volume)?;
        ensure!(
            ENVIRONMENT
                .iter()
                .any(|(_, file)| *file == format!("{}/{}", mount.mount_path, token.path)),
            "the token lies in {}",
            mount.mount_path
        );
        self.shares_the_token_alone()?;
        self.is_confined()
    }

    /// The agent's container.
    pub(super) fn agent(&self) -> Result<&PodContainer> {
        match self.spec.init_containers.as_slice() {
            [agent] => Ok(agent),
            other => bail!("there are {} init containers", other.len()),
        }
    }

    /// The application's container.
    pub(super) fn app(&self) -> Result<&PodContainer> {
        match self.spec.containers.as_slice() {
            [app] => Ok(app),
            other => bail!("there are {} containers", other.len()),
        }
    }

    /// Whose token it is given.
    pub(super) fn service_account(&self) -> &str {
        &self.spec.service_account_name
    }

    /// The group that owns all volumes.
    pub(super) fn fs_group(&self) -> u32 {
        self.spec.security_context.fs_group
    }

    /// All volumes.
    pub(super) fn volumes(&self) -> &[Volume] {
        &self.spec.volumes
    }

    /// The application gets the folder of the agent's token, read-only, and nothing else; the
    /// agent may write there and into its logs.
    fn shares_the_token_alone(&self) -> Result<()> {
        let (agent, app) = (self.agent()?, self.app()?);
        let [shared] = app.volume_mounts.as_slice() else {
            bail!("the application has {} volumes", app.volume_mounts.len());
        };
        ensure!(
            shared.mount_path == "/var/run" && shared.read_only,
            "the application's volume is {shared:?}"
        );
        for (name, place) in [(shared.name.as_str(), "/var/run"), ("logs", "/agent/logs")] {
            let mount = agent.mount(name)?;
            ensure!(
                mount.mount_path == place && !mount.read_only,
                "the agent's volume {name} is {mount:?}"
            );
        }
        let volume = self
            .volumes()
            .iter()
            .find(|volume| volume.name == shared.name);
        ensure!(
            matches!(
                volume.map(Volume::kind).transpose()?,
                Some(VolumeKind::Memory)
            ),
            "the agent's token lies on a disk"
        );
        Ok(())
    }

    /// Least privilege, for both.
    fn is_confined(&self) -> Result<()> {
        let spec = &self.spec;
        ensure!(
            !spec.automount_service_account_token
                && !spec.share_process_namespace
                && spec.security_context.run_as_non_root
                && !spec.service_account_name.is_empty(),
            "the pod gives too much"
        );
        let seccomp = spec.security_context.seccomp_profile.get("type");
        ensure!(
            seccomp.and_then(Value::as_str) == Some("RuntimeDefault"),
            "seccomp is {seccomp:?}"
        );
        for container in [self.agent()?, self.app()?] {
            let name = &container.name;
            let security = &container.security_context;
            ensure!(
                security.run_as_user != 0
                    && !security.allow_privilege_escalation
                    && security.read_only_root_filesystem,
                "{name} is not confined"
            );
            ensure!(
                container.resources.pointer("/limits/memory").is_some(),
                "{name} has no limit of memory"
            );
            ensure!(container.image.contains('/'), "{name} has no image");
        }
        Ok(())
    }

    fn token(&self) -> Result<(&str, &TokenSource)> {
        self.volumes()
            .iter()
            .find_map(|volume| {
                let [source] = &volume.projected.as_ref()?.sources;
                Some((volume.name.as_str(), &source.service_account_token))
            })
            .context("there is no projected token")
    }
}

// === impl PodContainer ===

impl PodContainer {
    /// Asks whether it has started.
    pub(super) fn startup_command(&self) -> Result<&[String]> {
        let probe = self.startup_probe.as_ref().context("no startup probe")?;
        Ok(&probe.exec.command)
    }

    /// Asks whether it can serve.
    pub(super) fn readiness_command(&self) -> Result<&[String]> {
        let probe = self
            .readiness_probe
            .as_ref()
            .context("no readiness probe")?;
        Ok(&probe.exec.command)
    }

    fn mount(&self, volume: &str) -> Result<&VolumeMount> {
        let found = self.volume_mounts.iter().find(|mount| mount.name == volume);
        found.with_context(|| format!("{} has no volume {volume}", self.name))
    }
}

// === impl Volume ===

impl Volume {
    /// What it is.
    pub(super) fn kind(&self) -> Result<VolumeKind<'_>> {
        match (&self.empty_dir, &self.projected, &self.config_map) {
            (Some(folder), None, None) => {
                ensure!(!folder.size_limit.is_empty(), "{} has no bound", self.name);
                Ok(match folder.medium.as_deref() {
                    Some("Memory") => VolumeKind::Memory,
                    _ => VolumeKind::Disk,
                })
            }
            (None, Some(projected), None) => {
                let [source] = &projected.sources;
                Ok(VolumeKind::Token(&source.service_account_token))
            }
            (None, None, Some(_)) => Ok(VolumeKind::Config),
            _ => bail!("{} is of several kinds or none", self.name),
        }
    }
}
