//! What goes wrong around an operator, and what has to come of it: no Secret is lost or emptied, and
//! nobody writes twice.

use std::{collections::BTreeMap, path::Path, thread, time::Duration};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::{case::Put, cases::make_namespace, scene::Scene};
use crate::test::{
    Stage,
    kubernetes::{Client, Kind},
};

mod crash;
mod outage;
mod replicas;
mod revoked;
mod shards;
mod shared;

/// For a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// A show: an operator of its own, in a namespace of its own.
struct Show<'a> {
    scene: &'a Scene,
    program: &'a Path,
    namespace: &'static str,
}

type Shown = fn(&Show<'_>) -> Result<()>;

/// Those that leave KMS alone, side by side.
const SHOWS: &[(&str, &str, Shown)] = &[
    (
        "killed-while-it-writes-and-started-again",
        "show-crash",
        crash::show,
    ),
    (
        "a-paused-leader-writes-nothing-when-it-goes-on",
        "show-replicas",
        replicas::show,
    ),
    (
        "a-disabled-accesskey-leaves-the-last-value",
        "show-revoked",
        revoked::show,
    ),
    (
        "many-that-name-one-secret-are-one-call",
        "show-shared",
        shared::show,
    ),
    (
        "one-operator-becomes-two-and-one-again",
        "show-shards",
        shards::show,
    ),
];

/// Runs all; the scene as it is after that.
pub(super) fn run(stage: &mut Stage<'_>, mut scene: Scene) -> Result<Scene> {
    let program = stage.project.program(stage, "ack-secret-manager")?;
    for (_, namespace, _) in SHOWS {
        make_namespace(&scene, namespace, &BTreeMap::new())?;
    }
    let results: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = SHOWS
            .iter()
            .map(|(name, namespace, shown)| {
                let show = Show {
                    scene: &scene,
                    program: &program,
                    namespace,
                };
                (*name, scope.spawn(move || shown(&show)))
            })
            .collect();
        let ended = threads.into_iter();
        ended.map(|(name, thread)| (name, thread.join())).collect()
    });
    for (name, result) in results {
        match result {
            Ok(result) => stage.check(name, result),
            Err(_panic) => stage.failed(name, "it panicked"),
        }
    }
    let outage = outage::show(&mut scene, &program);
    stage.check("kms-killed-and-started-again", outage);
    Ok(scene)
}

// === impl Show ===

impl Show<'_> {
    fn client(&self) -> &Client {
        &self.scene.client
    }

    /// The flag that keeps its operator to its namespace.
    fn flags(&self) -> Vec<String> {
        vec![format!("--watch-namespaces={}", self.namespace)]
    }

    /// A secret of KMS, under the namespace's name.
    fn put(&self, name: &str, value: &str, version: usize) -> Result<()> {
        let value = Put::Text(value.to_owned());
        self.scene.put(&self.remote(name), &value, version)
    }

    fn remote(&self, name: &str) -> String {
        format!("{}.{name}", self.namespace)
    }

    /// An ExternalSecret with one key, `value`.
    fn apply(&self, name: &str, remote: &str) -> Result<()> {
        let object = external_secret(name, &json!({"key": self.remote(remote), "name": "value"}));
        self.client().apply(self.namespace, &object)?;
        Ok(())
    }

    /// Waits until a Secret has this value.
    fn until(&self, name: &str, value: &str) -> Result<()> {
        until(self.client(), self.namespace, name, value)
    }
}

fn external_secret(name: &str, entry: &Value) -> Value {
    json!({
        "apiVersion": "alibabacloud.com/v1alpha1",
        "kind": "ExternalSecret",
        "metadata": {"name": name},
        "spec": {"data": [entry]},
    })
}

fn until(client: &Client, namespace: &str, name: &str, value: &str) -> Result<()> {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    let wanted = BASE64_STANDARD.encode(value);
    client.until(
        &Kind::named("Secret"),
        namespace,
        name,
        PATIENCE,
        |object| {
            let object = object.context("it is not there")?;
            let found = object.data.pointer("/data/value").and_then(Value::as_str);
            ensure!(found == Some(&wanted), "it has not the value {value:?}");
            Ok(())
        },
    )
}
