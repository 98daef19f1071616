//! What operators may do: what the chart gives them and no more, so that a right that is missing in the
//! chart turns cases red.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    test::{Stage, kubernetes::Client},
    tools,
};

/// The chart, and helm, with a home of its own.
pub(super) struct Rights {
    helm: PathBuf,
    home: TempDir,
    chart: PathBuf,
}

/// As whom an operator calls the API server that has the rights of a whole cluster.
pub(super) const EVERYWHERE: &str = "operator";

/// The same with rights in the namespaces alone that it watches.
pub(super) const NAMESPACED: &str = "operator-of-namespaces";

/// For what cluster is rendered.
const KUBERNETES: &str = "1.33.0";

// === impl Rights ===

impl Rights {
    pub(super) fn new(stage: &Stage<'_>) -> Result<Self> {
        let project = stage.project;
        Ok(Self {
            helm: tools::helm_program(&project.root, &project.cache)?,
            home: tempfile::tempdir().context("making a home for helm")?,
            chart: project.root.join("deploy/helm/ack-secret-manager"),
        })
    }

    /// Gives what the chart gives to one that is installed in this namespace and watches these, or
    /// all but these, or all.
    pub(super) fn give(&self, client: &Client, namespace: &str, flag: &str) -> Result<()> {
        let (user, value) = match flag.split_once('=') {
            Some(("--watch-namespaces", names)) => (NAMESPACED, set("watchNamespaces", names)),
            Some(("--exclude-namespaces", names)) => (EVERYWHERE, set("excludeNamespaces", names)),
            _ => (EVERYWHERE, "rbac.create=true".to_owned()),
        };
        let mut given = 0;
        for mut object in self.rendered(namespace, &value)? {
            let kind = object.get("kind").and_then(Value::as_str);
            if !kind.is_some_and(|kind| kind.contains("Role")) {
                continue;
            }
            if let Some(subjects) = object.get_mut("subjects") {
                *subjects = json!([{
                    "kind": "User", "name": user, "apiGroup": "rbac.authorization.k8s.io",
                }]);
            }
            client.apply(namespace, &object)?;
            given += 1;
        }
        ensure!(given >= 4, "the chart gives {given} of roles and bindings");
        Ok(())
    }

    fn rendered(&self, namespace: &str, value: &str) -> Result<Vec<Value>> {
        let output = Command::new(&self.helm)
            .args(["template", "ack-secret-manager"])
            .arg(&self.chart)
            .args(["--namespace", namespace, "--kube-version", KUBERNETES])
            .args(["--show-only", "templates/rbac.yaml", "--set-string", value])
            .env_clear()
            .env("HOME", self.home.path())
            .output()
            .context("starting helm")?;
        ensure!(
            output.status.success(),
            "helm: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8(output.stdout).context("what helm printed")?;
        let documents = text.split("\n---\n").filter(|text| text.contains("kind:"));
        documents
            .map(|text| serde_saphyr::from_str(text).context("a document of the chart"))
            .collect()
    }
}

/// As whom an operator with these flags calls.
pub(super) fn user(flags: &[String]) -> &'static str {
    let namespaced = |flag: &String| flag.starts_with("--watch-namespaces=");
    if flags.iter().any(namespaced) {
        NAMESPACED
    } else {
        EVERYWHERE
    }
}

fn set(name: &str, names: &str) -> String {
    // helm takes a comma for the end of a value.
    format!("command.{name}={}", names.replace(',', "\\,"))
}
