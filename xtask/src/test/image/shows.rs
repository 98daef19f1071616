//! The pods of the release while it is there, and after it.

use std::{fs, process::ExitStatus, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use kms_testkit::LeakCheck;
use serde_json::json;

use super::{
    probe,
    scene::{SECRET, SHOP, Scene, VALUES},
};
use crate::test::{
    Stage,
    chart::helm::{NAMESPACE, RELEASE, text_at},
    deployment::{Beside, Container, Mount, Run},
    kubernetes::Kind,
};

/// For a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// The pod of the Deployment, as its ReplicaSet would name it.
const POD: &str = "ack-secret-manager-0";

const LEASE: &str = "ack-secret-manager-lock";

const FINALIZER: &str = "finalizer.ack.secrets-manager.alibabacloud.com";

pub(super) fn run(stage: &mut Stage<'_>, scene: Scene) -> Result<()> {
    deployment(stage, &scene)?;
    let alone = alone(stage, &scene);
    stage.check("runs-out-of-a-cluster-with-a-kubeconfig", alone);
    let cleaned = cleanup(stage, &scene);
    stage.check("an-uninstall-runs-the-cleanup-and-lets-objects-go", cleaned);
    let canaries = scene.canaries(&[])?;
    let ended = scene.server.stop_clean(canaries);
    stage.check("kms-server-ends-well-and-logs-no-secret", ended);
    Ok(())
}

/// The pod of the Deployment from its start to its end.
fn deployment(stage: &mut Stage<'_>, scene: &Scene) -> Result<()> {
    let container = scene.operator.container();
    scene.put(stage, 1, VALUES[0])?;
    let token = scene.kubelet().token(&scene.operator)?;
    let mut running = scene
        .kubelet()
        .start(stage, POD, &scene.operator, &scene.image)?;
    let (port, path) = container.readiness()?;
    running.wait_until_it("ready", || probe::get(port, path).map(drop))?;
    let (port, path) = container.liveness()?;
    stage.check("answers-its-probes", probe::get(port, path).map(drop));
    let held = holder_is(scene, POD);
    stage.check("holds-the-lease-by-its-pods-name", held);

    let synced = apply(scene).and_then(|()| has(scene, VALUES[0]));
    stage.check("writes-a-secret-of-kms", synced);
    scene.put(stage, 2, VALUES[1])?;
    stage.check("which-follows", has(scene, VALUES[1]));

    let metrics = probe::get(container.port("metrics")?, "/metrics").and_then(|metrics| {
        let leads = metrics
            .lines()
            .any(|line| line.starts_with("ack_secret_manager_leading") && line.ends_with(" 1"));
        ensure!(leads, "it leads by no metric: {metrics}");
        Ok(())
    });
    stage.check("tells-metrics", metrics);
    let confined = confined(stage, &running);
    stage.check("the-kernel-confines-it", confined);
    let memory = memory(stage, scene, &running);
    stage.check("needs-less-memory-than-the-chart-gives", memory);

    let ended = running.stop(stage);
    let ended = ended
        .and_then(well)
        .and_then(|()| quiet(&running, &scene.canaries(&[token])?));
    stage.check("ends-well-when-told-and-logs-no-secret", ended);
    stage.check("gives-its-lease-back", holder_is(scene, ""));
    Ok(())
}

/// The image as one runs it by hand: flags, a kubeconfig, and what the image says for the rest.
fn alone(stage: &mut Stage<'_>, scene: &Scene) -> Result<()> {
    const FILES: &str = "/etc/alone";
    let token = scene.kubelet().token(&scene.operator)?;
    let folder = scene.folder.path().join("alone-files");
    fs::create_dir_all(&folder).context("making a folder")?;
    let kubeconfig = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "suite", "cluster": {
            "server": format!("https://127.0.0.1:{}", scene.cluster.port()),
            "certificate-authority": "cluster.pem",
        }}],
        "users": [{"name": "operator", "user": {"token": token}}],
        "contexts": [{"name": "suite", "context": {"cluster": "suite", "user": "operator"}}],
        "current-context": "suite",
    });
    fs::write(folder.join("kubeconfig"), kubeconfig.to_string()).context("a kubeconfig")?;
    fs::copy(scene.cluster.ca(), folder.join("cluster.pem")).context("copying a CA")?;
    let ca = scene.server.env("KMS_CA_FILE")?;
    fs::copy(ca, folder.join("kms.pem")).context("copying a CA")?;
    let (user, group) = scene.image.config.ids()?;
    let mut own = scene.sandbox.command("chown");
    stage.succeed(own.args(["-R", &format!("{user}:{group}")]).arg(&folder))?;
    let env = |name| scene.server.env(name).map(str::to_owned);
    let mut running = Container::start(
        &scene.sandbox,
        scene.folder.path(),
        &Run {
            name: "alone",
            image: &scene.image,
            command: Vec::new(),
            arguments: vec![
                "--region=cn-hangzhou".to_owned(),
                format!("--kms-endpoint={}", env("KMS_TLS_ENDPOINT")?),
                format!("--kms-ca-file={FILES}/kms.pem"),
                "--polling-interval=1s".to_owned(),
                "--metrics-addr=0".to_owned(),
                "--health-addr=0".to_owned(),
            ],
            env: vec![
                ("KUBECONFIG".to_owned(), format!("{FILES}/kubeconfig")),
                (
                    "ACCESS_KEY_ID".to_owned(),
                    env("ALIBABA_CLOUD_ACCESS_KEY_ID")?,
                ),
                (
                    "SECRET_ACCESS_KEY".to_owned(),
                    env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?,
                ),
            ],
            user: None,
            groups: Vec::new(),
            mounts: vec![Mount {
                from: folder,
                to: FILES.to_owned(),
                read_only: true,
            }],
            read_only: true,
            no_new_privileges: true,
            lock_memory: false,
        },
    )?;
    scene.put(stage, 3, VALUES[2])?;
    has(scene, VALUES[2]).with_context(|| running.printed())?;
    running.stop(stage).and_then(well)?;
    quiet(&running, &scene.canaries(&[token])?)
}

/// helm takes the release away and waits for the Job, whose pod is run; then the objects that are still there
/// are held by nobody.
fn cleanup(stage: &mut Stage<'_>, scene: &Scene) -> Result<()> {
    let job = format!("{RELEASE}-cleanup");
    held(scene, true)?;
    let log = scene.folder.path().join("uninstall.log");
    let mut helm = Beside::start(&mut scene.uninstall(), &log)?;
    let kind = Kind::named("Job");
    scene
        .client
        .until(&kind, NAMESPACE, &job, PATIENCE, |job| {
            job.context("it is not there").map(drop)
        })
        .with_context(|| helm.printed())?;
    let token = scene.kubelet().token(&scene.cleanup)?;
    let mut running = scene
        .kubelet()
        .start(stage, &job, &scene.cleanup, &scene.image)?;
    let status = running.ended()?;
    well(status).with_context(|| running.printed())?;
    quiet(&running, &scene.canaries(&[token])?)?;
    // What the controller of Jobs tells when a pod has ended well.
    let now = "2026-01-01T00:00:00Z";
    let condition = |name: &str| json!({"type": name, "status": "True", "lastTransitionTime": now});
    scene.client.merge_status(
        &kind,
        NAMESPACE,
        &job,
        &json!({
            "succeeded": 1,
            "startTime": now,
            "completionTime": now,
            "conditions": [condition("SuccessCriteriaMet"), condition("Complete")],
        }),
    )?;
    let status = helm.ended()?;
    well(status).with_context(|| helm.printed())?;
    held(scene, false)?;
    has(scene, VALUES[2]).context("the Secret that the operator wrote")?;
    let account = scene
        .client
        .get(&Kind::named("ServiceAccount"), NAMESPACE, &job)?;
    ensure!(account.is_none(), "the cleanup's account is still there");
    Ok(())
}

fn apply(scene: &Scene) -> Result<()> {
    let object = json!({
        "apiVersion": "alibabacloud.com/v1alpha1",
        "kind": "ExternalSecret",
        "metadata": {"name": "database"},
        "spec": {"data": [{"key": SECRET, "name": "password"}]},
    });
    scene.client.apply(SHOP, &object).map(drop)
}

/// Waits until the Secret has this value.
fn has(scene: &Scene, value: &str) -> Result<()> {
    let wanted = BASE64_STANDARD.encode(value);
    let kind = Kind::named("Secret");
    scene
        .client
        .until(&kind, SHOP, "database", PATIENCE, |secret| {
            let secret = secret.context("it is not there")?;
            let found = text_at(&secret.data, "/data/password");
            ensure!(found == wanted, "it has not the value {value}");
            Ok(())
        })
}

/// Waits until the Lease is held by this pod.
fn holder_is(scene: &Scene, pod: &str) -> Result<()> {
    let kind = Kind::named("Lease");
    scene
        .client
        .until(&kind, NAMESPACE, LEASE, PATIENCE, |lease| {
            let lease = lease.context("it is not there")?;
            let holder = text_at(&lease.data, "/spec/holderIdentity");
            ensure!(holder == pod, "it is held by {holder:?}");
            Ok(())
        })
}

/// Whether the ExternalSecret is there and held by our finalizer.
fn held(scene: &Scene, yes: bool) -> Result<()> {
    let kind = Kind::named("ExternalSecret");
    let object = scene.client.get(&kind, SHOP, "database")?;
    let object = object.context("the ExternalSecret is gone")?;
    let finalizers = object.metadata.finalizers.unwrap_or_default();
    let found = finalizers.iter().any(|name| name == FINALIZER);
    ensure!(found == yes, "its finalizers are {finalizers:?}");
    Ok(())
}

/// What the kernel says of its process and of its root.
fn confined(stage: &mut Stage<'_>, running: &Container<'_>) -> Result<()> {
    let status = running.kernel_tells(stage, "status")?;
    for (name, wanted) in [
        ("Uid:", "65532 65532 65532 65532"),
        ("Gid:", "65532 65532 65532 65532"),
        ("Groups:", "65532"),
        ("CapEff:", "0000000000000000"),
        ("CapPrm:", "0000000000000000"),
        ("CapBnd:", "0000000000000000"),
        ("CapAmb:", "0000000000000000"),
        ("NoNewPrivs:", "1"),
    ] {
        let found = field(&status, name)?;
        ensure!(found == wanted, "{name} is {found}, not {wanted}");
    }
    let mounts = running.kernel_tells(stage, "mountinfo")?;
    // Of each mount, where it is and how, the fifth and sixth field.
    let root = mounts.lines().find_map(|line| {
        let mut fields = line.split(' ').skip(4);
        (fields.next()? == "/").then_some(fields.next()?)
    });
    let options = root.context("it has no root")?;
    ensure!(
        options.split(',').any(|option| option == "ro"),
        "its root is mounted {options}"
    );
    Ok(())
}

/// The most that it had, beside what the chart gives it.
fn memory(stage: &mut Stage<'_>, scene: &Scene, running: &Container<'_>) -> Result<()> {
    let status = running.kernel_tells(stage, "status")?;
    let peak = field(&status, "VmHWM:")?;
    let kib = peak.strip_suffix(" kB").context("VmHWM is not in kB")?;
    let peak: u64 = kib.trim().parse().context("VmHWM is no number")?;
    let peak = peak * 1024;
    stage.say(&format!("at most {} kB were resident", peak / 1000));
    let (request, limit) = scene.operator.container().memory()?;
    if peak > request.min(limit) {
        bail!("{peak} bytes, where the chart asks for {request} and gives {limit}");
    }
    Ok(())
}

fn field(status: &str, name: &str) -> Result<String> {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let line = line.with_context(|| format!("the kernel tells no {name}"))?;
    Ok(line.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}

fn well(status: ExitStatus) -> Result<()> {
    ensure!(status.success(), "it ended with {status}");
    Ok(())
}

fn quiet(running: &Container<'_>, canaries: &LeakCheck) -> Result<()> {
    let printed = running.printed();
    ensure!(!printed.is_empty(), "it logged nothing");
    let found = canaries.find(printed.as_bytes());
    ensure!(found.is_empty(), "its log holds {}", found.join(", "));
    Ok(())
}
