//! The chart in a cluster: nothing runs there, but everything is looked at by the API server. The operator
//! runs outside of it, with the rights that the chart gives.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::helm::{Case, Helm, NAMESPACE, RELEASE, documents, text_at};
use crate::test::{
    Stage,
    kubernetes::{ADMIN, Client, Cluster, Kind},
};

/// As whom the operator calls; bound to what the chart gives its ServiceAccount.
const OPERATOR: &str = "operator";

/// As whom the cleanup calls.
const CLEANUP: &str = "cleanup";

const FINALIZER: &str = "finalizer.ack.secrets-manager.alibabacloud.com";

const PATIENCE: Duration = Duration::from_mins(1);

/// Killed when dropped.
struct Running(Child);

pub(super) fn check(stage: &mut Stage<'_>, helm: &Helm, operator: &Path) -> Result<()> {
    let cluster = Cluster::start(stage, &[OPERATOR, CLEANUP])?;
    let client = cluster.client(ADMIN)?;
    for namespace in ["shop", "shop-staging"] {
        let namespace =
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}});
        client.apply("", &namespace)?;
    }
    let admin = cluster.kubeconfig(ADMIN);
    for case in Case::all(&stage.project.root)? {
        let result = upgrade(stage, helm, &case, &admin);
        stage.check(&format!("installed-{}", case.name), result);
    }
    let defaults = Case::all(&stage.project.root)?
        .into_iter()
        .find(|case| case.name == "seed-004")
        .context("suite/chart/seed-004")?;
    upgrade(stage, helm, &defaults, &admin)?;
    bind(&client, "ClusterRoleBinding", "", RELEASE, OPERATOR)?;
    bind(
        &client,
        "RoleBinding",
        NAMESPACE,
        &format!("{RELEASE}-leader"),
        OPERATOR,
    )?;
    let walked = walks(stage, &client, operator, &cluster.kubeconfig(OPERATOR));
    stage.check("the-charts-rights-are-enough", walked);

    let gone = uninstall(stage, helm, &client, &admin);
    stage.check("uninstall-keeps-definitions-and-objects", gone);
    let hooks = hooks(stage, helm, &defaults, &client);
    stage.check("the-cleanup-has-rights-of-its-own", hooks);
    let let_go = cleanup(stage, &client, operator, &cluster.kubeconfig(CLEANUP));
    stage.check("cleanup-lets-objects-go", let_go);
    Ok(())
}

/// Installs, or makes the release this.
fn upgrade(stage: &mut Stage<'_>, helm: &Helm, case: &Case, admin: &Path) -> Result<()> {
    let (chart, values) = helm.chart(case)?;
    stage.succeed(
        helm.command("upgrade")
            .arg("--install")
            .arg("--kubeconfig")
            .arg(admin)
            .arg(RELEASE)
            .arg(chart)
            .args(values),
    )?;
    Ok(())
}

/// Gives a user what a binding gives a ServiceAccount.
fn bind(client: &Client, kind: &str, namespace: &str, name: &str, user: &str) -> Result<()> {
    let binding = client.get(&Kind::named(kind), namespace, name)?;
    let binding = binding.with_context(|| format!("{kind} {name}"))?;
    let role = binding.data.get("roleRef").context("a role")?;
    client.apply(
        namespace,
        &json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": kind,
            "metadata": {"name": format!("{name}-{user}")},
            "roleRef": role,
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
        }),
    )?;
    Ok(())
}

/// The operator takes the Lease, spreads an ExternalSecret and says what is wrong with it.
fn walks(stage: &mut Stage<'_>, client: &Client, operator: &Path, kubeconfig: &Path) -> Result<()> {
    let mut operator = Command::new(operator);
    operator
        .arg("--kubeconfig")
        .arg(kubeconfig)
        .args([
            "--region=cn-hangzhou",
            "--metrics-addr=0",
            "--health-addr=0",
        ])
        .args(["--enable-worker-role=false"])
        .env_clear()
        .env("POD_NAME", "operator-0")
        .env("POD_NAMESPACE", NAMESPACE)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stage.log()?);
    let _running = Running(operator.spawn().context("starting the operator")?);
    client.apply(
        "",
        &json!({
            "apiVersion": "alibabacloud.com/v1alpha1",
            "kind": "ClusterExternalSecret",
            "metadata": {"name": "spread"},
            "spec": {
                "conditions": [{"namespaces": ["shop"]}],
                "externalSecretSpec": {"data": [{
                    "key": "a",
                    "name": "a",
                    "secretStoreRef": {"name": "missing"},
                }]},
            },
        }),
    )?;
    client.apply(
        "shop",
        &json!({
            "apiVersion": "alibabacloud.com/v1alpha1",
            "kind": "SecretStore",
            "metadata": {"name": "lacking", "namespace": "shop"},
            "spec": {"KMS": {"KMSAuth": {
                "accessKey": {"name": "none", "key": "id"},
                "accessKeySecret": {"name": "none", "key": "secret"},
            }}},
        }),
    )?;
    for (kind, namespace, name) in [
        ("ExternalSecret", "shop", "spread"),
        ("ClusterExternalSecret", "", "spread"),
        ("SecretStore", "shop", "lacking"),
    ] {
        client.until(&Kind::named(kind), namespace, name, PATIENCE, |object| {
            let object = object.context("it is not there")?;
            let ready = text_at(&object.data, "/status/conditions/0/type");
            ensure!(ready == "Ready", "no condition in {}", object.data);
            let mut held = object.metadata.finalizers.iter().flatten();
            // Nothing is to be done when a store goes.
            ensure!(
                kind == "SecretStore" || held.any(|name| name == FINALIZER),
                "no finalizer"
            );
            Ok(())
        })?;
    }
    client.until(
        &Kind::named("Lease"),
        NAMESPACE,
        "ack-secret-manager-lock",
        PATIENCE,
        |lease| {
            let lease = lease.context("there is no Lease")?;
            let holder = text_at(&lease.data, "/spec/holderIdentity");
            ensure!(holder == "operator-0", "held by {holder}");
            Ok(())
        },
    )
}

/// The release goes; definitions and what is of them stays.
fn uninstall(stage: &mut Stage<'_>, helm: &Helm, client: &Client, admin: &Path) -> Result<()> {
    // The Job of the hook would never end where nothing runs.
    stage.succeed(
        helm.command("uninstall")
            .args(["--no-hooks", "--kubeconfig"])
            .arg(admin)
            .arg(RELEASE),
    )?;
    let role = client.get(&Kind::named("ClusterRole"), "", RELEASE)?;
    ensure!(role.is_none(), "the rights are still there");
    for plural in [
        "externalsecrets",
        "secretstores",
        "clustersecretstores",
        "clusterexternalsecrets",
    ] {
        let name = format!("{plural}.alibabacloud.com");
        let definition = client.get(&Kind::named("CustomResourceDefinition"), "", &name)?;
        let definition = definition.with_context(|| format!("{name} is gone"))?;
        ensure!(
            definition.metadata.deletion_timestamp.is_none(),
            "{name} is about to go"
        );
    }
    let object = client.get(&Kind::named("ExternalSecret"), "shop", "spread")?;
    ensure!(object.is_some(), "the ExternalSecret is gone");
    Ok(())
}

/// What the hook brings besides its Job is taken by the API server.
fn hooks(stage: &mut Stage<'_>, helm: &Helm, case: &Case, client: &Client) -> Result<()> {
    let rendered = helm.template(stage, case)?;
    for (_, object) in documents(&rendered)? {
        let hook = text_at(&object, "/metadata/annotations/helm.sh~1hook");
        if !hook.is_empty() && text_at(&object, "/kind") != "Job" {
            client.apply(NAMESPACE, &object)?;
        }
    }
    bind(
        client,
        "ClusterRoleBinding",
        "",
        &format!("{RELEASE}-cleanup"),
        CLEANUP,
    )
}

/// With these rights, every finalizer goes and every object stays.
fn cleanup(
    stage: &mut Stage<'_>,
    client: &Client,
    operator: &Path,
    kubeconfig: &Path,
) -> Result<()> {
    stage.succeed(
        Command::new(operator)
            .arg("cleanup")
            .env_clear()
            .env("KUBECONFIG", kubeconfig),
    )?;
    for (kind, namespace, name) in [
        ("ExternalSecret", "shop", "spread"),
        ("ClusterExternalSecret", "", "spread"),
        ("SecretStore", "shop", "lacking"),
    ] {
        let object = client.get(&Kind::named(kind), namespace, name)?;
        let object = object.with_context(|| format!("{kind} {name} is gone"))?;
        let left = object.metadata.finalizers.unwrap_or_default();
        ensure!(left.is_empty(), "{kind} {name} is held by {left:?}");
    }
    Ok(())
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
