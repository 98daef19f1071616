//! Runs the cases of suite/operator/cases, all at once: each in a namespace of its own, for each
//! operator that it names.

use std::{collections::BTreeMap, thread, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use kms_testkit::LeakCheck;
use kms_types::{Clock as _, SystemClock};
use serde_json::{Value, json};

use super::{
    case::{Case, Step, read_all},
    expected::contains,
    operators::{KINDS, Scope, lease_namespace},
    scene::Scene,
};
use crate::test::{
    Stage,
    kubernetes::{Client, Kind},
    stage::pause,
};

/// A case with one of its operators.
struct Run {
    /// As it is counted.
    name: String,
    operator: String,
    namespace: String,
    case: Case,
}

/// How long a machine with two cores may take, where all cases want something at once.
const PATIENCE: Duration = Duration::from_secs(45);

const KINDS_OF_OURS: [&str; 4] = [
    "ExternalSecret",
    "SecretStore",
    "ClusterExternalSecret",
    "ClusterSecretStore",
];

pub(super) fn run(stage: &mut Stage<'_>, scene: &Scene) -> Result<()> {
    let folder = stage.project.root.join("suite/operator/cases");
    let runs = plan(read_all(&folder)?, &scene.words()?)?;
    let canaries = scene.canaries()?;
    for scopes in [
        &[Scope::None, Scope::Watching, Scope::Excluding][..],
        &[Scope::All],
    ] {
        let mut started = Vec::new();
        let mut chosen = Vec::new();
        for kind in KINDS.iter().filter(|kind| scopes.contains(&kind.scope())) {
            let (own, others): (Vec<&Run>, Vec<&Run>) =
                runs.iter().partition(|run| run.operator == kind.name);
            if own.is_empty() {
                continue;
            }
            for run in &own {
                run.make_namespaces(scene)?;
            }
            make_namespace(scene, &lease_namespace(kind.name), &BTreeMap::new())?;
            let watched: Vec<String> = own.iter().flat_map(|run| run.watched()).collect();
            let unwatched = runs.iter().flat_map(Run::unwatched);
            let excluded = others.iter().flat_map(|run| run.watched());
            let excluded: Vec<String> = excluded.chain(unwatched).collect();
            started.extend(kind.start(stage, scene, &watched, &excluded)?);
            chosen.extend(own);
        }
        let results = thread::scope(|scope| {
            let threads: Vec<_> = chosen
                .iter()
                .map(|run| (run, scope.spawn(|| run.perform(scene))))
                .collect();
            let ended = threads.into_iter();
            ended
                .map(|(run, thread)| (*run, thread.join()))
                .collect::<Vec<_>>()
        });
        for (run, result) in results {
            match result {
                Ok(result) => stage.check(&run.name, result),
                Err(_panic) => stage.failed(&run.name, "it panicked"),
            }
        }
        for operator in started {
            operator.end_clean(stage, &canaries);
        }
    }
    stage.check("no-status-holds-a-secret", told(scene, &canaries));
    Ok(())
}

/// What objects and events tell.
fn told(scene: &Scene, canaries: &LeakCheck) -> Result<()> {
    for name in [
        "ExternalSecret",
        "SecretStore",
        "ClusterExternalSecret",
        "ClusterSecretStore",
    ] {
        let objects = scene.client.list(&Kind::named(name), "")?;
        for object in objects {
            let status = object.data.get("status").map(Value::to_string);
            let found = canaries.find(status.unwrap_or_default().as_bytes());
            let name = object.metadata.name.unwrap_or_default();
            ensure!(found.is_empty(), "{name} tells {}", found.join(", "));
        }
    }
    for event in scene.client.list(&Kind::named("Event"), "")? {
        let found = canaries.find(event.data.to_string().as_bytes());
        ensure!(found.is_empty(), "an event tells {}", found.join(", "));
    }
    Ok(())
}

/// Each case for each of its operators.
fn plan(files: Vec<(String, String)>, words: &[(&str, String)]) -> Result<Vec<Run>> {
    let mut runs = Vec::new();
    for (file, text) in files {
        for operator in Case::read(&file, &text, "x", words)?.with {
            ensure!(
                KINDS.iter().any(|kind| kind.name == operator),
                "{file} is for an operator {operator:?}, which there is not"
            );
            let namespace = format!("c{file}-{}", operator.replace('.', ""));
            runs.push(Run {
                name: format!("{file}-{operator}"),
                case: Case::read(&file, &text, &namespace, words)?,
                operator,
                namespace,
            });
        }
    }
    Ok(runs)
}

pub(super) fn make_namespace(
    scene: &Scene,
    name: &str,
    labels: &BTreeMap<String, String>,
) -> Result<()> {
    let object = json!({
        "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels},
    });
    scene.client.apply("", &object)?;
    Ok(())
}

/// What objects of a namespace say, for whoever looks for the reason of a failure.
fn said(client: &Client, namespace: &str) -> String {
    let mut said = Vec::new();
    for name in KINDS_OF_OURS {
        for one in client
            .list(&Kind::named(name), namespace)
            .unwrap_or_default()
        {
            let own = one.metadata.name.unwrap_or_default();
            let elsewhere = one.metadata.namespace.is_none() && !namespace.starts_with(&own);
            if !elsewhere {
                let status = one.data.get("status").cloned().unwrap_or_default();
                said.push(format!("{name} {own} says {status}"));
            }
        }
    }
    said.join("; ")
}

// === impl Run ===

impl Run {
    fn make_namespaces(&self, scene: &Scene) -> Result<()> {
        make_namespace(scene, &self.namespace, &BTreeMap::new())?;
        for (name, labels) in &self.case.namespaces {
            make_namespace(scene, &self.other(name), labels)?;
        }
        Ok(())
    }

    /// The namespaces that its operator watches.
    fn watched(&self) -> Vec<String> {
        let others = self.case.namespaces.keys();
        let others = others.filter(|name| !self.case.unwatched.contains(name));
        let others = others.map(|name| self.other(name));
        [self.namespace.clone()].into_iter().chain(others).collect()
    }

    fn unwatched(&self) -> Vec<String> {
        let names = self.case.unwatched.iter();
        names.map(|name| self.other(name)).collect()
    }

    fn other(&self, name: &str) -> String {
        format!("{}-{name}", self.namespace)
    }

    fn perform(&self, scene: &Scene) -> Result<()> {
        let mut versions = BTreeMap::new();
        for (index, step) in self.case.steps.iter().enumerate() {
            if step.only.as_ref().is_none_or(|only| *only == self.operator) {
                let number = index + 1;
                self.step(scene, step, &mut versions)
                    .with_context(|| format!("step {number}"))?;
            }
        }
        Ok(())
    }

    fn step(
        &self,
        scene: &Scene,
        step: &Step,
        versions: &mut BTreeMap<String, usize>,
    ) -> Result<()> {
        let client = &scene.client;
        for (name, value) in &step.put {
            let version = versions.entry(name.clone()).or_insert(0);
            *version += 1;
            scene.put(name, value, *version)?;
        }
        for (name, value) in &step.put_parameter {
            scene.gate.parameter(name, value);
        }
        for (beginning, fault) in &step.fail {
            scene.gate.fail(beginning, fault.clone());
        }
        if let Some(refused) = &step.refused {
            match client.apply(&self.namespace, &refused.object) {
                Ok(_) => bail!("the API server takes {}", refused.object),
                Err(error) => {
                    let says = format!("{error:#}");
                    ensure!(says.contains(&refused.says), "it says {says}");
                }
            }
        }
        for object in &step.apply {
            client.apply(&self.namespace, object)?;
        }
        for merge in &step.merge {
            let kind = Kind::named(&merge.kind);
            client.merge(&kind, &self.namespace, &merge.name, &merge.change)?;
        }
        for named in &step.delete {
            client.delete(&Kind::named(&named.kind), &self.namespace, &named.name)?;
        }
        for (secret, times) in &step.reads {
            scene.gate.until_called(secret, *times, PATIENCE)?;
        }
        for expected in &step.expect {
            let kind = Kind::named(&expected.kind);
            let namespace = expected.namespace.as_deref();
            let namespace = namespace.map_or(self.namespace.clone(), |name| self.other(name));
            let soon = client.until(&kind, &namespace, &expected.name, PATIENCE, |object| {
                expected.met_by(object)
            });
            soon.map_err(|error| error.context(said(client, &namespace)))?;
        }
        for wanted in &step.events {
            self.until_told(client, wanted)?;
        }
        for (secret, wanted) in &step.called {
            let calls = scene.gate.calls(secret);
            let met = calls.iter().any(|call| call.parameters_are(wanted));
            ensure!(met, "no call for {secret} with {wanted:?}, but {calls:?}");
        }
        for (secret, key) in &step.signed {
            scene.gate.until_signed(secret, key, PATIENCE)?;
        }
        if let Some(steady) = &step.steady {
            let kind = Kind::named(&steady.kind);
            let version = || {
                let object = client.get(&kind, &self.namespace, &steady.name)?;
                let object = object.context("it is not there")?;
                Ok::<_, anyhow::Error>(object.metadata.resource_version)
            };
            let before = version()?;
            scene
                .gate
                .until_called(&steady.while_reading, steady.times, PATIENCE)?;
            let after = version()?;
            ensure!(before == after, "it was written: {before:?}, {after:?}");
        }
        Ok(())
    }

    /// Waits for an event in the namespace.
    fn until_told(&self, client: &Client, wanted: &Value) -> Result<()> {
        let end = SystemClock.monotonic() + PATIENCE;
        loop {
            let events = client.list(&Kind::named("Event"), &self.namespace)?;
            let events: Vec<Value> = events.into_iter().map(|event| event.data).collect();
            if events
                .iter()
                .any(|event| contains(event, wanted, "").is_ok())
            {
                return Ok(());
            }
            ensure!(
                SystemClock.monotonic() < end,
                "no event has {wanted}: {events:?}"
            );
            pause(Duration::from_millis(200));
        }
    }
}
