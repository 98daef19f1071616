//! A pod of the chart: every key that its Deployment and its Job use, and no other. A key that nothing here
//! carries out or looks at would be untested, so it is refused.

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

/// A pod with one container.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Pod {
    pub(super) service_account_name: String,
    restart_policy: Option<String>,
    pub(super) security_context: PodSecurity,
    containers: [Container; 1],
    #[serde(default)]
    pub(super) volumes: Vec<Volume>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct PodSecurity {
    run_as_non_root: bool,
    pub(super) run_as_user: u32,
    pub(super) run_as_group: u32,
    pub(super) fs_group: u32,
    seccomp_profile: Seccomp,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seccomp {
    r#type: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Container {
    pub(super) name: String,
    pub(super) image: String,
    image_pull_policy: String,
    pub(super) command: Vec<String>,
    pub(super) args: Vec<String>,
    #[serde(default)]
    pub(super) env: Vec<Variable>,
    #[serde(default)]
    ports: Vec<Port>,
    liveness_probe: Option<Probe>,
    readiness_probe: Option<Probe>,
    pub(super) security_context: Security,
    resources: Option<Resources>,
    #[serde(default)]
    pub(super) volume_mounts: Vec<VolumeMount>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Variable {
    pub(super) name: String,
    value: Option<String>,
    value_from: Option<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Source {
    field_ref: Option<FieldRef>,
    secret_key_ref: Option<SecretKeyRef>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FieldRef {
    field_path: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretKeyRef {
    name: String,
    key: String,
}

/// Where a variable's value is from.
#[derive(Debug)]
pub(super) enum Text<'a> {
    /// The file.
    Here(&'a str),
    /// The pod itself.
    Field(&'a str),
    /// A Secret of its namespace: the name, and the key.
    Secret(&'a str, &'a str),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Port {
    name: String,
    container_port: u16,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "the kubelet's pace; the suite asks without pause")]
struct Probe {
    http_get: HttpGet,
    period_seconds: u32,
    failure_threshold: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HttpGet {
    path: String,
    port: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Security {
    allow_privilege_escalation: bool,
    read_only_root_filesystem: bool,
    capabilities: Capabilities,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Capabilities {
    drop: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Resources {
    requests: Quantities,
    limits: Quantities,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Quantities {
    #[expect(dead_code, reason = "shares of a machine that nothing else runs on")]
    cpu: String,
    memory: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct VolumeMount {
    pub(super) name: String,
    pub(super) mount_path: String,
    #[serde(default)]
    pub(super) read_only: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Volume {
    pub(super) name: String,
    pub(super) config_map: ConfigMap,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigMap {
    pub(super) name: String,
}

// === impl Pod ===

impl Pod {
    /// The pod of this Deployment or Job.
    pub(super) fn of(workload: &Value) -> Result<Self> {
        let spec = workload.pointer("/spec/template/spec");
        let spec = spec.context("there is no pod in it")?;
        serde_json::from_value(spec.clone()).context("a pod of the chart")
    }

    /// Its container.
    pub(super) fn container(&self) -> &Container {
        let [container] = &self.containers;
        container
    }

    /// Least privilege.
    pub(super) fn is_confined(&self) -> Result<()> {
        let security = &self.security_context;
        ensure!(
            security.run_as_non_root && security.run_as_user != 0 && security.run_as_group != 0,
            "the pod may be root: {security:?}"
        );
        ensure!(
            security.seccomp_profile.r#type == "RuntimeDefault",
            "seccomp is {:?}",
            security.seccomp_profile
        );
        let security = &self.container().security_context;
        ensure!(
            !security.allow_privilege_escalation
                && security.read_only_root_filesystem
                && security.capabilities.drop == ["ALL"],
            "the container is not confined: {security:?}"
        );
        ensure!(
            self.container().image_pull_policy == "IfNotPresent",
            "the image is pulled {}",
            self.container().image_pull_policy
        );
        ensure!(
            matches!(self.restart_policy.as_deref(), None | Some("Never")),
            "the pod is restarted {:?}",
            self.restart_policy
        );
        Ok(())
    }
}

// === impl Container ===

impl Container {
    /// What the kubelet asks to know whether it lives: port and path.
    pub(super) fn liveness(&self) -> Result<(u16, &str)> {
        let probe = self.liveness_probe.as_ref().context("no liveness probe")?;
        self.asked(probe)
    }

    /// What the kubelet asks to know whether it is ready: port and path.
    pub(super) fn readiness(&self) -> Result<(u16, &str)> {
        let probe = self.readiness_probe.as_ref();
        self.asked(probe.context("no readiness probe")?)
    }

    /// The port of this name.
    pub(super) fn port(&self, name: &str) -> Result<u16> {
        let port = self.ports.iter().find(|port| port.name == name);
        let port = port.with_context(|| format!("{} has no port {name}", self.name))?;
        Ok(port.container_port)
    }

    /// What it is promised, and the most that it gets, in bytes.
    pub(super) fn memory(&self) -> Result<(u64, u64)> {
        let resources = self.resources.as_ref().context("no resources")?;
        Ok((
            bytes(&resources.requests.memory)?,
            bytes(&resources.limits.memory)?,
        ))
    }

    fn asked<'a>(&self, probe: &'a Probe) -> Result<(u16, &'a str)> {
        Ok((self.port(&probe.http_get.port)?, &probe.http_get.path))
    }
}

// === impl Variable ===

impl Variable {
    /// Where its value is from.
    pub(super) fn text(&self) -> Result<Text<'_>> {
        match (&self.value, &self.value_from) {
            (Some(value), None) => Ok(Text::Here(value)),
            (None, Some(source)) => match (&source.field_ref, &source.secret_key_ref) {
                (Some(field), None) => Ok(Text::Field(&field.field_path)),
                (None, Some(secret)) => Ok(Text::Secret(&secret.name, &secret.key)),
                _ => bail!("{} is of several sources or none", self.name),
            },
            _ => bail!("{} is of several sources or none", self.name),
        }
    }
}

/// A quantity of memory, as the chart's values write them.
fn bytes(quantity: &str) -> Result<u64> {
    const UNITS: [(&str, u64); 4] = [
        ("Gi", 1 << 30),
        ("Mi", 1 << 20),
        ("G", 1_000_000_000),
        ("M", 1_000_000),
    ];
    let found = UNITS
        .iter()
        .find_map(|(unit, size)| Some((quantity.strip_suffix(unit)?, size)));
    let (number, size) = found.with_context(|| format!("{quantity} has no known unit"))?;
    let number: u64 = number
        .parse()
        .with_context(|| format!("{quantity} is no number"))?;
    Ok(number * size)
}
