//! Pods that ask for the agent: seed 000's demo without the agent it writes by hand, annotated, goes to a real
//! API server that asks `ack-secret-manager webhook`; what is stored is run.
//!
//! What the kubelet does is done by hand, in `kubelet`: volumes with the modes and owners that it gives them,
//! the sidecar that is ready before the application starts. The identity is RRSA, as in the seed.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use k8s_openapi::api::core::v1::Pod;
use kms_testkit::LeakCheck;
use serde_json::{Value, json};

use super::{
    Server, Stage,
    deployment::{Container, ImageStore, Sandbox, copy_of, documents, shipped_agent},
    kubernetes::{ADMIN, Client, Cluster},
    rrsa::{CLUSTER, ROLE, Rrsa},
};

mod kubelet;
mod webhook;

use kubelet::Kubelet;
use webhook::Webhook;

/// Where the pods are.
const NAMESPACE: &str = "shop";

/// What the ServiceAccount of deploy/ack/demo.yaml is called.
const ACCOUNT: &str = "kms-agent-demo";

/// Where the application looks for the token (deploy/ack/app/Dockerfile).
const TOKEN: &str = "/var/run/kmstoken";

/// What annotations begin with.
const PREFIX: &str = "kms-agent.alibabacloud.com";

/// A pod that asks.
struct Case {
    name: &'static str,
    /// Beside `inject` and the role.
    annotations: &'static [(&'static str, &'static str)],
    /// Of the pod's securityContext.
    fs_group: Option<u32>,
    /// As whom the application runs.
    user: u32,
    /// Owner, group and mode of the ServiceAccount's token, as the kubelet leaves it.
    identity: (u32, u32, u32),
}

const CASES: [Case; 3] = [
    Case {
        name: "seed-000",
        annotations: &[],
        fs_group: None,
        user: 10_001,
        // Readable by all, for the containers are of different users.
        identity: (0, 0, 0o644),
    },
    Case {
        name: "a-group-for-volumes",
        annotations: &[("mount-path", "/var/run"), ("env", "true")],
        fs_group: Some(2000),
        user: 10_001,
        identity: (0, 2000, 0o640),
    },
    Case {
        name: "one-user-for-all",
        annotations: &[("port", "3025"), ("env", "true")],
        fs_group: None,
        user: 65_532,
        identity: (65_532, 0, 0o600),
    },
];

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    shipped_agent(stage)?;
    let images = ImageStore::open()?;
    let base = images.base(stage)?;
    let folder = tempfile::tempdir().context("making a folder")?;
    copy_of(stage.project, "ack", folder.path())?;
    for (tag, arguments) in [("agent", vec![]), ("app", vec![("BASE", base)])] {
        let context = folder.path().join(tag);
        images.build(stage, &context, "Dockerfile", tag, &arguments)?;
    }
    let demo = demo(stage)?;
    let cluster = Cluster::start(stage, &[])?;
    let client = cluster.client(ADMIN)?;
    let namespace = json!({
        "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE},
    });
    client.apply("", &namespace)?;
    for case in &CASES {
        // One pod, one network.
        let sandbox = Sandbox::open(stage)?;
        let server = Server::start_in(stage, &sandbox)?;
        let folder = tempfile::tempdir().context("making a folder")?;
        let account = (NAMESPACE, ACCOUNT);
        let rrsa = Rrsa::set_up(stage, &server, account, folder.path())?;
        let ca = fs::read_to_string(server.env("KMS_CA_FILE")?).context("reading a CA")?;
        let map = json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "kms-ca"},
            "data": {"ca.crt": ca},
        });
        client.apply(NAMESPACE, &map)?;
        let settings = [
            "--agent-image=localhost/agent".to_owned(),
            "--agent-region=ap-southeast-1".to_owned(),
            format!("--agent-endpoint={}", server.env("KMS_TLS_ENDPOINT")?),
            "--agent-ca-config-map=kms-ca".to_owned(),
            format!("--uid={}", rrsa.account),
            format!("--cluster-id={CLUSTER}"),
        ];
        let webhook = Webhook::start(stage, &cluster, &client, &settings, case.name)?;
        let stored = client.apply(NAMESPACE, &case.pod(&demo)?)?;
        let stored = serde_json::to_value(stored).context("a stored pod")?;
        let left = again(&client, case, &stored);
        stage.check(
            &format!("{}-is-left-alone-when-it-comes-again", case.name),
            left,
        );
        if case.name == "seed-000" {
            stage.check("what-cannot-work-is-refused", refused(&client, &demo));
            let taken = taken(stage, &client);
            stage.check("the-goldens-are-pods-to-the-api-server", taken);
        }
        drop(webhook);
        let pod: Pod = serde_json::from_value(stored).context("a stored pod")?;
        let kubelet = Kubelet {
            sandbox: &sandbox,
            client: &client,
            rrsa: &rrsa,
            folder: folder.path(),
            images: &images,
            sts: format!("http://{}", server.env("KMS_ENDPOINT")?),
        };
        let ran = case.run(stage, &kubelet, &pod);
        stage.check(
            &format!("{}-runs-and-its-application-reads", case.name),
            ran,
        );
        let canaries = LeakCheck::default().with(
            "the AccessKey secret",
            server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?.as_bytes(),
        );
        let ended = server.stop_clean(canaries);
        stage.check(&format!("{}-server-ends-well", case.name), ended);
    }
    Ok(())
}

/// The pod of deploy/ack/demo.yaml without the agent, without what the two share, without its group.
fn demo(stage: &mut Stage<'_>) -> Result<Value> {
    let file = stage.project.root.join("deploy/ack/demo.yaml");
    let objects = documents(stage, &file)?;
    let deployment = objects
        .into_iter()
        .find(|object| object.get("kind").and_then(Value::as_str) == Some("Deployment"));
    let mut deployment = deployment.context("there is no Deployment")?;
    let spec = deployment.pointer_mut("/spec/template/spec");
    let mut spec = spec.context("there is no pod")?.take();
    for (place, field) in [
        ("", "initContainers"),
        ("", "volumes"),
        ("/securityContext", "fsGroup"),
        ("/containers/0", "volumeMounts"),
    ] {
        let object = spec.pointer_mut(place).and_then(Value::as_object_mut);
        let removed = object.and_then(|object| object.remove(field));
        removed.with_context(|| format!("the demo has no {field}"))?;
    }
    Ok(spec)
}

/// Writes a field of what lies at this pointer.
fn put(object: &mut Value, place: &str, field: &str, value: Value) -> Result<()> {
    let object = object.pointer_mut(place).and_then(Value::as_object_mut);
    let object = object.with_context(|| format!("there is nothing at {place:?}"))?;
    object.insert(field.to_owned(), value);
    Ok(())
}

/// A pod that was injected and is made anew, by a backup for one.
fn again(client: &Client, case: &Case, stored: &Value) -> Result<()> {
    let mut copy = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": format!("{}-again", case.name),
            "annotations": stored.pointer("/metadata/annotations"),
        },
        "spec": stored.get("spec"),
    });
    // Of the server's own choice.
    for field in ["priority", "preemptionPolicy"] {
        if let Some(spec) = copy.pointer_mut("/spec").and_then(Value::as_object_mut) {
            spec.remove(field);
        }
    }
    let made = serde_json::to_value(client.apply(NAMESPACE, &copy)?).context("a stored pod")?;
    let containers = |pod: &Value| pod.pointer("/spec/initContainers").cloned();
    ensure!(
        containers(&made) == containers(stored),
        "it has other init containers than before"
    );
    Ok(())
}

/// The API server tells who asks why not.
fn refused(client: &Client, demo: &Value) -> Result<()> {
    let [case, ..] = &CASES;
    let mut pod = case.pod(demo)?;
    put(&mut pod, "/metadata", "name", "on-the-node".into())?;
    put(&mut pod, "/spec", "hostNetwork", true.into())?;
    match client.apply(NAMESPACE, &pod) {
        Ok(_) => anyhow::bail!("a pod with hostNetwork got the agent"),
        Err(error) => {
            let text = format!("{error:#}");
            ensure!(
                text.contains("hostNetwork: the agent would listen"),
                "{text}"
            );
            Ok(())
        }
    }
}

/// What the tests of the injector expect is what an API server takes.
fn taken(stage: &mut Stage<'_>, client: &Client) -> Result<()> {
    let folder = stage
        .project
        .root
        .join("crates/ack-secret-manager/tests/inject");
    let mut seen = 0;
    for case in fs::read_dir(folder).context("reading the goldens")? {
        let case = case.context("reading the goldens")?;
        let file = case.path().join("injected.yaml");
        if !file.exists() {
            continue;
        }
        let mut pods = documents(stage, &file)?;
        let pod = pods.first_mut().context("an empty golden")?;
        let name = format!("golden-{}", case.file_name().to_string_lossy());
        put(pod, "/metadata", "name", name.into())?;
        if let Some(spec) = pod.get_mut("spec").and_then(Value::as_object_mut) {
            // What this version of Kubernetes does not have yet.
            spec.remove("futureField");
        }
        client.apply(NAMESPACE, pod)?;
        seen += 1;
    }
    ensure!(seen >= 8, "{seen} goldens");
    Ok(())
}

// === impl Case ===

impl Case {
    fn pod(&self, demo: &Value) -> Result<Value> {
        let mut spec = demo.clone();
        if let Some(group) = self.fs_group {
            put(&mut spec, "/securityContext", "fsGroup", group.into())?;
        }
        put(&mut spec, "/containers/0", "image", "localhost/app".into())?;
        let security = "/containers/0/securityContext";
        put(&mut spec, security, "runAsUser", self.user.into())?;
        put(&mut spec, security, "runAsGroup", self.user.into())?;
        let mut annotations = json!({
            format!("{PREFIX}/inject"): "true",
            format!("{PREFIX}/role-name"): ROLE,
        });
        for (name, value) in self.annotations {
            put(
                &mut annotations,
                "",
                &format!("{PREFIX}/{name}"),
                (*value).into(),
            )?;
        }
        Ok(json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": { "name": self.name, "annotations": annotations },
            "spec": spec,
        }))
    }

    /// Runs it until the application has read the secret.
    fn run(&self, stage: &mut Stage<'_>, kubelet: &Kubelet<'_>, pod: &Pod) -> Result<()> {
        let spec = pod.spec.as_ref().context("a pod without a spec")?;
        let [agent] = spec.init_containers.as_deref().unwrap_or_default() else {
            anyhow::bail!("there is no one init container");
        };
        let [app] = spec.containers.as_slice() else {
            anyhow::bail!("there is no one container");
        };
        let volumes = kubelet.volumes(stage, pod)?;
        let file = volumes.join("kms-agent-identity/token");
        let identity = kubelet.owner(stage, &file)?;
        ensure!(identity == self.identity, "the identity is of {identity:?}");

        let mut running = kubelet.start(pod, agent, &volumes)?;
        let probe = |probe: &Option<k8s_openapi::api::core::v1::Probe>| {
            let exec = probe.as_ref().and_then(|probe| probe.exec.as_ref());
            exec.and_then(|exec| exec.command.clone())
                .context("no probe")
        };
        running.wait_until_healthy(stage, &probe(&agent.startup_probe)?)?;
        let mut ready = running.exec(&probe(&agent.readiness_probe)?)?;
        ensure!(stage.attempt(&mut ready)?.0.success(), "it is not ready");
        // What `kubectl logs` shows.
        running.wait_until_printed("{")?;
        let logged = running.printed();
        let lines = logged.lines().filter(|line| line.starts_with('{'));
        let mut lines = lines.map(serde_json::from_str::<Value>);
        ensure!(
            lines.all(|line| line.is_ok()),
            "its log is no JSON: {logged}"
        );
        within_its_memory(stage, &running)?;

        // Who is of the agent's group, or of the pod's, and nobody else.
        let token = volumes.join("kms-agent-run/kmstoken");
        let (owner, group, mode) = kubelet.owner(stage, &token)?;
        ensure!(
            owner == 65_532 && group == self.fs_group.unwrap_or(65_532) && mode == 0o640,
            "the token is of {owner}:{group}, mode {mode:o}"
        );

        let mut application = kubelet.start(pod, app, &volumes)?;
        application.wait_until_printed("read agent-test: ")?;
        let printed = application.printed();
        ensure!(
            !printed.contains("cannot read") && !printed.contains("k3"),
            "it started too early, or printed the secret: {printed}"
        );
        let words = |words: &[&str]| {
            words
                .iter()
                .map(|&word| word.to_owned())
                .collect::<Vec<_>>()
        };
        let change = words(&["/bin/sh", "-c", &format!("echo x > {TOKEN}")]);
        let changed = stage.attempt(&mut application.exec(&change)?)?;
        ensure!(!changed.0.success(), "the application can change the token");
        let read = words(&["/bin/cat", TOKEN]);
        let stranger = stage.attempt(&mut application.exec_as(&read, (10_002, 10_002))?)?;
        ensure!(!stranger.0.success(), "a stranger can read the token");

        let mut canaries = LeakCheck::default();
        for (name, file) in [("the agent's token", &token), ("the pod's token", &file)] {
            canaries = canaries.with(name, &kubelet.read(file)?);
        }
        let found = canaries.find(running.printed().as_bytes());
        ensure!(
            found.is_empty(),
            "the agent's log holds {}",
            found.join(", ")
        );
        Ok(())
    }
}

/// The most that it ever had is within what is kept for it: deploy/ack's 64Mi.
fn within_its_memory(stage: &mut Stage<'_>, running: &Container<'_>) -> Result<()> {
    let status = running.kernel_tells(stage, "status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: u64 = peak
        .and_then(|peak| peak.trim().strip_suffix(" kB"))
        .context("the kernel tells no memory")?
        .parse()
        .context("the kernel's number")?;
    ensure!(kilobytes < 64 * 1024, "the agent has taken {kilobytes} kB");
    Ok(())
}
